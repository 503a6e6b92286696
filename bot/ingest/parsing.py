"""A document into chunks, open questions, topics and cuts."""

from bisect import bisect_right
from collections.abc import Sequence

from bot.domain.notes import (
    Chunk,
    ChunkKind,
    Cut,
    CutReason,
    Document,
    OpenQuestion,
    ParsedDocument,
    Topic,
)
from bot.domain.spans import Span, digest, joined
from bot.ingest.cleaning import Removal, kept, removals
from bot.ingest.contents import has_contents, has_substance, is_outline, lost_end, unpaged
from bot.ingest.front_matter import front_matter_end
from bot.ingest.headings import Heading, find_headings
from bot.ingest.lines import Kind, Line, scan
from bot.ingest.marks import asks, mark_of
from bot.ingest.splitting import Unit, merged, pack, units
from bot.ingest.tree import Node, nest

WHOLE_ANSWER = 3000
"""Characters up to which the sections below a question are read as its answer."""

Path = tuple[str, ...]


def parse(document: Document) -> ParsedDocument:
    """Read a document; the same text always gives the same result."""
    return Reading(document).result()


class Reading:
    """One document being read, and what its marks were taken for."""

    def __init__(self, document: Document) -> None:
        self._document = document
        self._lines = scan(document.raw)
        self._starts = [line.start for line in self._lines]
        self._cuts = removals(document.raw, self._lines, front_matter_end(document.raw))
        self._chunks: list[Chunk] = []
        self._open: list[OpenQuestion] = []
        self._topics: list[Topic] = []
        self._seen: dict[str, int] = {}
        self.structure: list[Span] = []
        """Headings and marks that are in no chunk, topic, open question or cut."""
        lines = kept(self._lines, self._cuts)
        self._headings = find_headings(lines)
        self._paged = has_contents(lines)
        self._read(nest(self._headings, lines), ())

    def result(self) -> ParsedDocument:
        """What was read, in the order of the file."""
        return ParsedDocument(
            document=self._document,
            chunks=tuple(sorted(self._chunks, key=lambda chunk: chunk.spans[0].start)),
            open_questions=tuple(sorted(self._open, key=lambda question: question.span.start)),
            topics=tuple(sorted(self._topics, key=lambda topic: topic.span.start)),
            cuts=tuple(self._cut(cut) for cut in self._joined_cuts()),
        )

    def _read(self, node: Node, path: Path) -> None:
        if node.heading is not None and node.question:
            self._question(node, node.heading, path)
            return
        inner = (*path, node.heading.title) if node.heading else path
        self._section(node, inner)
        for child in node.children:
            self._read(child, inner)

    def _question(self, node: Node, heading: Heading, path: Path) -> None:
        whole = self._without_lost_end(node.whole())
        plain = not any(child.question for child in node.below())
        if node.children and plain and _length(whole) <= WHOLE_ANSWER and has_substance(whole):
            self._pair(heading, path, whole)
            return
        own = node.lines if node.children else whole
        chunks = len(self._chunks)
        if has_substance(own):
            self._pair(heading, path, own)
        else:
            self._lose(own)
        for child in node.children:
            self._read(child, (*path, heading.title))
        if len(self._chunks) == chunks:
            self._ask(heading.title, Span(start=heading.start, end=heading.end), path)
        elif not has_substance(own):
            self.structure.append(Span(start=heading.start, end=heading.end))

    def _section(self, node: Node, path: Path) -> None:
        lines = node.lines if node.children else self._without_lost_end(node.lines)
        there = has_substance(lines)
        if not there:
            self._lose(lines)
        if node.heading is not None:
            span = Span(start=node.heading.start, end=node.heading.end)
            if there or node.children:
                self.structure.append(span)
            else:
                self._topic(node.heading.title, span, path[:-1])
        if there and is_outline(lines):
            self._outline(lines, path)
        elif there:
            for part in pack(units(lines), self._joined_length):
                self._chunk(ChunkKind.SECTION, path, self._spans(part), None)

    def _outline(self, lines: Sequence[Line], path: Path) -> None:
        """Each line as a topic, or as an open question, below the items that hold it."""
        holders: list[tuple[int, str]] = []
        for line in lines:
            if line.kind is Kind.IMAGE:
                self.structure.append(Span(start=line.at, end=line.at + len(line.text)))
            if line.kind is not Kind.TEXT:
                continue
            mark = mark_of(line.text)
            depth = -1 if mark.bold and not mark.bullet else line.indent
            holders = [holder for holder in holders if holder[0] < depth]
            below = (*path, *(title for _, title in holders))
            span = Span(start=line.at, end=line.at + len(line.text))
            holders.append((depth, mark.title))
            if asks(mark.title):
                self._ask(mark.title, span, below)
            else:
                self._topic(mark.title, span, below)

    def _without_lost_end(self, lines: Sequence[Line]) -> list[Line]:
        """Lines without a last one that is about what was lost; that one is cut."""
        last = lost_end(lines)
        if last is None or self._list_follows(last):
            return list(lines)
        self._lose([last])
        return [line for line in lines if line.start != last.start]

    def _list_follows(self, line: Line) -> bool:
        """Whether the next heading is the first of an enumeration that `line` may announce."""
        after = next((heading for heading in self._headings if heading.start > line.start), None)
        if after is None:
            return False
        mark = mark_of(self._document.raw[after.start : after.end])
        return mark.number == (1,)

    def _lose(self, lines: Sequence[Line]) -> None:
        for line in lines:
            if line.kind not in (Kind.BLANK, Kind.RULE):
                self._cuts.append(Removal(line.at, line.at + len(line.text), CutReason.TRUNCATED))

    def _pair(self, heading: Heading, path: Path, lines: Sequence[Line]) -> None:
        question = Span(start=heading.start, end=heading.end)
        answer = self._spans(units(lines))
        self._chunk(ChunkKind.QA, path, (question, *answer), heading.title)

    def _spans(self, parts: Sequence[Unit]) -> tuple[Span, ...]:
        return merged(parts, self._cuts)

    def _joined_length(self, parts: Sequence[Unit]) -> int:
        spans = self._spans(parts)
        return sum(map(len, spans)) + len(spans) - 1

    def _chunk(self, kind: ChunkKind, path: Path, spans: tuple[Span, ...], question: str | None) -> None:
        text = joined(self._document.raw, spans)
        chunk = Chunk(
            id=self._id(kind, question or "", *path, "\x00", text),
            document_id=self._document.id,
            kind=kind,
            heading_path=path,
            question=question,
            question_span=spans[0] if question is not None else None,
            spans=spans,
            text=text,
            line=self._line(spans[0]),
        )
        self._chunks.append(chunk)

    def _ask(self, text: str, span: Span, path: Path) -> None:
        if self._in_contents(text):
            self._topic(text, span, path)
            return
        number = self._id("open", self._document.id, text, *path)
        self._open.append(
            OpenQuestion(
                id=number,
                document_id=self._document.id,
                text=text,
                span=span,
                heading_path=path,
                line=self._line(span),
            )
        )

    def _topic(self, text: str, span: Span, path: Path) -> None:
        words = unpaged(text) if self._in_contents(text) else text
        self._topics.append(
            Topic(
                document_id=self._document.id,
                text=words,
                span=span,
                heading_path=path,
                line=self._line(span),
            )
        )

    def _in_contents(self, text: str) -> bool:
        """Whether a heading or item stands in a table of contents."""
        return self._paged and unpaged(text) != text

    def _id(self, *parts: str) -> str:
        """Digest of the parts, made different where the same stands in one file again."""
        key = digest(*parts)
        self._seen[key] = self._seen.get(key, 0) + 1
        return key if self._seen[key] == 1 else digest(key, str(self._seen[key]))

    def _line(self, span: Span) -> int:
        return max(1, bisect_right(self._starts, span.start))

    def _joined_cuts(self) -> list[Removal]:
        """Cuts in order, neighbours of one reason as one."""
        found: list[Removal] = []
        for cut in sorted(self._cuts, key=lambda cut: cut.start):
            last = found[-1] if found else None
            between = self._document.raw[last.end : cut.start] if last else "-"
            if last and last.reason == cut.reason and not between.strip():
                found[-1] = Removal(last.start, cut.end, cut.reason)
            else:
                found.append(cut)
        return found

    def _cut(self, cut: Removal) -> Cut:
        return Cut(document_id=self._document.id, span=cut.span, reason=cut.reason, line=self._line(cut.span))


def _length(lines: Sequence[Line]) -> int:
    return sum(len(line.text) for line in lines)
