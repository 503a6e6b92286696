"""Headings nested, each with the lines that stand directly below it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from bot.ingest.headings import Heading
from bot.ingest.lines import Kind, Line

LOOSE = ("question", "ask")
"""Styles of questions that no numbering holds together: they never hold one another."""


@dataclass(slots=True)
class Node:
    """A heading, the lines up to the next heading, and the headings below it."""

    heading: Heading | None
    """None for the file itself, and for text that goes on after a list of questions."""
    line: Line | None = None
    """The heading's line."""
    lines: list[Line] = field(default_factory=list["Line"])
    """Directly below; first the rest of the heading's line, where an answer stands on it."""
    children: list["Node"] = field(default_factory=list["Node"])

    @property
    def question(self) -> bool:
        """Whether the heading asks something."""
        return self.heading is not None and self.heading.question

    def below(self) -> Iterator["Node"]:
        """All nodes below this one, in order."""
        for child in self.children:
            yield child
            yield from child.below()

    def whole(self) -> list[Line]:
        """All lines below the heading, with those of inner headings."""
        found = list(self.lines)
        for child in self.children:
            found += [child.line] if child.line else []
            found += child.whole()[1:] if child.answered_inline else child.whole()
        return found

    @property
    def answered_inline(self) -> bool:
        """Whether text follows on the heading's own line."""
        return bool(self.line and self.lines and self.lines[0].number == self.line.number)


def nest(headings: Sequence[Heading], lines: Sequence[Line]) -> Node:
    """The tree of a file; `lines` are those the headings were found in."""
    root = Node(None)
    stack = [root]
    starts = {heading.index: heading for heading in headings}
    for index, line in enumerate(lines):
        heading = starts.get(index)
        if heading is None:
            _leave_items(stack, line)
            stack[-1].lines.append(line)
            continue
        del stack[_place(stack, heading) :]
        node = Node(heading, line)
        stack[-1].children.append(node)
        stack.append(node)
        node.lines.extend(_rest(line, heading))
    return root


def _leave_items(stack: list[Node], line: Line) -> None:
    """Go on without a heading where text follows a list whose items were headings."""
    depths = [n.heading.depth if n.heading and n.heading.style == "item" else 0 for n in stack]
    outer = next((at for at, depth in enumerate(depths) if depth > line.indent), 0)
    if not outer or line.kind is Kind.BLANK:
        return
    del stack[outer:]
    rest = Node(None)
    stack[-1].children.append(rest)
    stack.append(rest)


def _rest(line: Line, heading: Heading) -> list[Line]:
    text = line.text[heading.end - line.at :].lstrip()
    if not text:
        return []
    at = line.at + len(line.text) - len(text)
    return [replace(line, start=at, at=at, text=text, indent=0)]


def _place(stack: Sequence[Node], new: Heading) -> int:
    """How much of the stack stays above a new heading."""
    for index in range(1, len(stack)):
        old = stack[index].heading
        if old and old.style == new.style and old.depth >= new.depth:
            return index
    if new.style == "hash":
        outer = (node.heading.style for node in stack[1:] if node.heading)
        return 1 + sum(style in ("hash", "title") for style in outer)
    numbered = new.style == "number"
    if numbered:
        outer = [at for at, node in enumerate(stack) if node.heading and node.heading.style == "number"]
        if outer:
            return outer[-1] + 1
    top = stack[-1].heading
    beside = top is not None and top.question and (new.style in LOOSE or (top.style in LOOSE and numbered))
    return len(stack) - 1 if beside else len(stack)
