"""Tells headings from sub-numbering by which number may come next."""

GAP = 4
"""Numbers that may be missing between neighbours."""

Number = tuple[int, ...]


class Numbering:
    """The numbering of a file so far."""

    def __init__(self) -> None:
        self._current: Number = ()
        self._inner: Number = ()

    def reset(self) -> None:
        """Start anew below a heading of another kind."""
        self._current = self._inner = ()

    def takes(self, number: Number, *, certain: bool = False) -> bool:
        """Whether `number` continues the numbering of headings; if so it is the current one from now on.

        A number that starts or continues a list inside an answer does not, unless the line is
        `certain` to be a heading for other reasons.
        """
        inner = self._continues_inner(number)
        following = self._following(number)
        if following and (certain or not inner):
            self._current, self._inner = following, ()
            return True
        self._inner = number
        return False

    def _continues_inner(self, number: Number) -> bool:
        """Whether a list inside an answer goes on with `number`."""
        at = len(number) - 1
        return len(self._inner) > at and number == (*self._inner[:at], self._inner[at] + 1)

    def _following(self, number: Number) -> Number:
        """`number` as it should have been written if it may come next, otherwise ()."""
        current = self._current
        if not current or number in ((*current, 1), (*current, 0)):
            return number
        depth = len(number)
        if depth <= len(current) and number[:-1] == current[: depth - 1]:
            return self._next(current[depth - 1], number, depth == len(current))
        if depth > 1 and number[-1] <= 1:
            parent = self._following(number[:-1]) if depth <= len(current) else ()
            return (*parent, number[-1]) if parent else ()
        return ()

    @staticmethod
    def _next(before: int, number: Number, siblings: bool) -> Number:
        value = number[-1]
        if before < value <= before + (GAP if siblings else 1):
            return number
        doubled = siblings and len(number) > 1 and str(value).startswith(str(before + 1))
        return (*number[:-1], before + 1) if doubled else ()
