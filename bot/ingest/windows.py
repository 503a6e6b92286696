"""A chunk as one or more texts that fit into the encoder, each carrying its question."""

import re
from collections.abc import Iterator, Sequence

from bot.domain.notes import Chunk
from bot.domain.spans import Span, digest
from bot.seams import Embedder, Window

OVERLAP = 0.15
"""Share of a window's own text that is repeated in the next one."""
PREFIX = 0.4
"""Most of a window that question and headings may take."""
SPARE = 4
"""Tokens kept free, since tokens of joined texts differ a little from the sum of their parts."""

_JOINT = re.compile(r"(?<=[。！？!?；;\n])|(?<=\.)(?=\s)")
_MINOR = re.compile(r"(?<=[，,、：: ])")


def windows(chunk: Chunk, raw: str, embedder: Embedder) -> list[Window]:
    """Texts to embed for a chunk, in order; together they hold all of it.

    Args:
        chunk: Of the document whose raw text is `raw`.
        raw: The whole file.
        embedder: Whose window and tokens count.
    """
    return _Windows(chunk, raw, embedder).all()


class _Windows:
    def __init__(self, chunk: Chunk, raw: str, embedder: Embedder) -> None:
        self._chunk = chunk
        self._raw = raw
        self._embedder = embedder

    def all(self) -> list[Window]:
        headings = " > ".join(self._chunk.heading_path)
        question = self._chunk.question or ""
        whole = "\n".join(part for part in (headings, self._chunk.text) if part)
        if self._fits(whole):
            return [self._window(self._chunk.spans, whole)]
        body = self._chunk.spans[1:] if self._chunk.question is not None else self._chunk.spans
        prefix = self._shortened("\n".join(part for part in (headings, question) if part))
        room = self._embedder.window - self._count(prefix) - SPARE
        found = [self._window(part, self._with(prefix, part)) for part in self._parts(body, room)]
        return self._from_start(found)

    def _from_start(self, found: list[Window]) -> list[Window]:
        """Windows of which the first also stands for the question's own line."""
        first = found[0].model_copy(update={"start": self._chunk.spans[0].start})
        return [first.model_copy(update={"id": self._id(first.start, first.end)}), *found[1:]]

    def _window(self, spans: Sequence[Span], text: str) -> Window:
        start, end = spans[0].start, spans[-1].end
        return Window(id=self._id(start, end), chunk_id=self._chunk.id, text=text, start=start, end=end)

    def _id(self, start: int, end: int) -> str:
        return digest(self._chunk.document_id, self._chunk.id, str(start), str(end))

    def _count(self, text: str) -> int:
        return self._embedder.count_tokens([text])[0]

    def _fits(self, text: str) -> bool:
        return self._count(text) <= self._embedder.window

    def _with(self, prefix: str, spans: Sequence[Span]) -> str:
        own = "\n".join(span.cut(self._raw) for span in spans)
        return f"{prefix}\n{own}" if prefix else own

    def _shortened(self, prefix: str) -> str:
        """The prefix, of its headings only the innermost and of a long question only the end."""
        most = int(self._embedder.window * PREFIX)
        while prefix and self._count(prefix) > most:
            prefix = prefix[len(prefix) // 4 + 1 :]
        return prefix

    def _parts(self, spans: Sequence[Span], room: int) -> list[list[Span]]:
        """Pieces of spans, each within `room` tokens, neighbours overlapping."""
        atoms = [atom for span in spans for atom in self._atoms(span, room)]
        costs = self._costs(atoms)
        parts: list[list[Span]] = []
        start = 0
        while start < len(atoms):
            end = self._reach(costs, start, room)
            parts.append(_joined(atoms[start:end]))
            if end == len(atoms):
                break
            start = max(start + 1, self._step_back(costs, end, int(room * OVERLAP)))
        return parts

    def _costs(self, atoms: Sequence[Span]) -> list[int]:
        """Tokens of each atom without prompt and special tokens, at least one."""
        empty = self._count("")
        counts = self._embedder.count_tokens([atom.cut(self._raw) for atom in atoms])
        return [max(1, count - empty + 1) for count in counts]

    @staticmethod
    def _reach(costs: Sequence[int], start: int, room: int) -> int:
        end, used = start, 0
        while end < len(costs) and (end == start or used + costs[end] <= room):
            used += costs[end]
            end += 1
        return end

    @staticmethod
    def _step_back(costs: Sequence[int], end: int, budget: int) -> int:
        start, used = end, 0
        while start > 0 and used + costs[start - 1] <= budget:
            start -= 1
            used += costs[start]
        return start

    def _atoms(self, span: Span, room: int) -> Iterator[Span]:
        """A span in sentences; one that is too long at commas, then in halves."""
        empty = self._count("")
        for pattern_piece in _cut(self._raw, span, _JOINT):
            if self._count(pattern_piece.cut(self._raw)) - empty < room:
                yield pattern_piece
                continue
            for piece in _cut(self._raw, pattern_piece, _MINOR):
                yield from self._halves(piece, room + empty)

    def _halves(self, span: Span, most: int) -> Iterator[Span]:
        if len(span) <= 1 or self._count(span.cut(self._raw)) < most:
            yield span
            return
        middle = (span.start + span.end) // 2
        yield from self._halves(Span(start=span.start, end=middle), most)
        yield from self._halves(Span(start=middle, end=span.end), most)


def _cut(raw: str, span: Span, joint: re.Pattern[str]) -> Iterator[Span]:
    start = span.start
    for match in joint.finditer(raw, span.start, span.end):
        if match.start() > start:
            yield Span(start=start, end=match.start())
            start = match.start()
    if start < span.end:
        yield Span(start=start, end=span.end)


def _joined(atoms: Sequence[Span]) -> list[Span]:
    """Neighbouring atoms as one span."""
    spans: list[Span] = []
    for atom in atoms:
        if spans and spans[-1].end == atom.start:
            spans[-1] = Span(start=spans[-1].start, end=atom.end)
        else:
            spans.append(atom)
    return spans
