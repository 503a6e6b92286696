"""What an ingest found, and what a document was read as, for people."""

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from itertools import accumulate

from pydantic import Field

from bot.domain.notes import Chunk, ChunkKind, Cut, IngestReport, ParsedDocument
from bot.domain.spans import Frozen, Span
from bot.texts import say

SHOWN = 60
"""Characters of a cut that are shown."""


def describe(report: IngestReport) -> str:
    """The report in words, some lines."""
    lines = [
        say("ingest.report_files", files=report.files, unchanged=report.unchanged),
        say("ingest.report_chunks", chunks=report.chunks, topics=report.topics),
        say("ingest.report_questions", questions=report.questions, paired=report.paired, open=report.open),
    ]
    comma = say("ingest.comma")
    if report.replaced:
        lines.append(say("ingest.report_replaced", names=comma.join(report.replaced)))
    if report.renamed:
        lines.append(say("ingest.report_renamed", names=comma.join(report.renamed)))
    if report.removed:
        lines.append(say("ingest.report_removed", removed=report.removed))
    if report.duplicate_documents or report.duplicate_chunks:
        lines.append(
            say(
                "ingest.report_duplicates",
                documents=report.duplicate_documents,
                chunks=report.duplicate_chunks,
            )
        )
    if report.cuts:
        total = sum(report.cuts.values())
        parts = comma.join(
            say("ingest.report_cut", reason=say(f"ingest.cut_{reason}"), characters=characters)
            for reason, characters in sorted(report.cuts.items(), key=lambda item: -item[1])
        )
        lines.append(say("ingest.report_cuts", total=total, parts=parts))
    lines.append(say("ingest.report_embedded", embedded=report.embedded))
    lines += [say("ingest.report_problem", problem=problem) for problem in report.problems]
    return "\n".join(lines)


class Kept(Frozen):
    """The chunk that is indexed in the place of one that says the same."""

    chunk_id: str
    source: str
    """Document.source."""
    line: int = Field(ge=1)


class Standing(Frozen):
    """Where else the chunks of a document stand, by chunk id."""

    sources: dict[str, tuple[str, ...]] = Field(default_factory=dict)
    """Sources of every document that holds the chunk or a duplicate of it, the one that is indexed first."""
    kept: dict[str, Kept] = Field(default_factory=dict)
    """Of chunks that are stored but not indexed, what is indexed for them."""


ALONE = Standing()
"""Of a document without duplicates."""


def outline(parsed: ParsedDocument, standing: Standing = ALONE) -> str:
    """A document as it was read, in the order of the file: chunks, open questions, topics, cuts."""
    place = _Places(parsed.document.raw)
    entries: list[tuple[int, str]] = []
    for chunk in parsed.chunks:
        entries.append((chunk.spans[0].start, _chunk(chunk, place, standing)))
    for question in parsed.open_questions:
        words = _below(question.heading_path, question.text)
        entries.append((question.span.start, say("ingest.outline_open", line=question.line, text=words)))
    for topic in parsed.topics:
        words = _below(topic.heading_path, topic.text)
        entries.append((topic.span.start, say("ingest.outline_topic", line=topic.line, text=words)))
    for cut in parsed.cuts:
        entries.append((cut.span.start, _cut(cut, place, parsed.document.raw)))
    head = say(
        "ingest.outline_head",
        title=parsed.document.title,
        source=parsed.document.source,
        chunks=len(parsed.chunks),
        open=len(parsed.open_questions),
        topics=len(parsed.topics),
        cuts=sum(len(cut.span) for cut in parsed.cuts),
    )
    return "\n\n".join([head, *_grouped(entries)])


def _grouped(entries: list[tuple[int, str]]) -> Iterator[str]:
    """Entries in order; single lines that follow each other stand together."""
    group: list[str] = []
    for _, text in sorted(entries):
        if "\n" not in text:
            group.append(text)
            continue
        if group:
            yield "\n".join(group)
        group = []
        yield text
    if group:
        yield "\n".join(group)


def _below(path: Sequence[str], text: str) -> str:
    """A line of an outline with the heading right above it."""
    return " › ".join((*path[-1:], text))


def _chunk(chunk: Chunk, place: "_Places", standing: Standing) -> str:
    head = say(
        "ingest.outline_question" if chunk.kind is ChunkKind.QA else "ingest.outline_section", id=chunk.id
    )
    parts = [f"{head} · {place.of(chunk.spans)}"]
    parts += [" › ".join(chunk.heading_path)] if chunk.heading_path else []
    sources, kept = standing.sources.get(chunk.id, ()), standing.kept.get(chunk.id)
    if kept is not None:
        parts.append(say("ingest.outline_duplicate", source=kept.source, line=kept.line))
    if len(sources) > 1:
        parts.append(say("ingest.outline_sources", sources=say("ingest.comma").join(sources)))
    return "\n".join([*parts, *("  " + line for line in chunk.text.splitlines())])


def _cut(cut: Cut, place: "_Places", raw: str) -> str:
    words = " ".join(cut.span.cut(raw).split())
    shown = words if len(words) <= SHOWN else words[:SHOWN] + "…"
    return say(
        "ingest.outline_cut", lines=place.of([cut.span]), reason=say(f"ingest.cut_{cut.reason}"), text=shown
    )


class _Places:
    """Lines of a raw file by character."""

    def __init__(self, raw: str) -> None:
        self._starts = [0, *accumulate(len(line) for line in raw.splitlines(keepends=True))]

    def line(self, at: int) -> int:
        return bisect_right(self._starts, at)

    def of(self, spans: Sequence[Span]) -> str:
        """Lines of spans in words."""
        first, last = self.line(spans[0].start), self.line(max(spans[-1].start, spans[-1].end - 1))
        return (
            say("ingest.line", line=first) if first == last else say("ingest.lines", first=first, last=last)
        )
