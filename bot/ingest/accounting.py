"""Whether every character of a file went somewhere, and only there."""

from collections.abc import Iterable

from bot.domain.notes import ParsedDocument
from bot.domain.spans import Frozen, Span
from bot.ingest.lines import Kind, scan, visible
from bot.ingest.parsing import Reading


class Account(Frozen):
    """What became of the characters of a file."""

    lost: tuple[Span, ...]
    """In no chunk, cut, topic, open question, heading or mark."""
    double: tuple[Span, ...]
    """In more than one of them."""

    @property
    def balanced(self) -> bool:
        """Whether each visible character is in exactly one place."""
        return not self.lost and not self.double


def accounted(parsed: ParsedDocument) -> Account:
    """The account of a document: chunks, cuts, topics, open questions, headings and marks."""
    raw = parsed.document.raw
    counts = [0] * len(raw)
    for span in _places(parsed):
        for at in range(span.start, span.end):
            counts[at] += 1
    for line in scan(raw):
        if line.kind is Kind.RULE and not any(counts[line.start : line.end]):
            counts[line.start : line.end] = [1] * (line.end - line.start)
    seen = [bool(visible(char)) for char in raw]
    lost = _runs(at for at, count in enumerate(counts) if seen[at] and count == 0)
    double = _runs(at for at, count in enumerate(counts) if seen[at] and count > 1)
    return Account(lost=lost, double=double)


def _places(parsed: ParsedDocument) -> Iterable[Span]:
    for chunk in parsed.chunks:
        yield from chunk.spans
    yield from (cut.span for cut in parsed.cuts)
    yield from (topic.span for topic in parsed.topics)
    yield from (question.span for question in parsed.open_questions)
    yield from Reading(parsed.document).structure


def _runs(places: Iterable[int]) -> tuple[Span, ...]:
    spans: list[Span] = []
    for at in places:
        if spans and spans[-1].end == at:
            spans[-1] = Span(start=spans[-1].start, end=at + 1)
        else:
            spans.append(Span(start=at, end=at + 1))
    return tuple(spans)
