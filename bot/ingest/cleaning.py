"""Which spans of a file are furniture. Cleaning only marks spans; it never rewrites."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from bot.domain.notes import CutReason
from bot.domain.spans import Span
from bot.ingest import furniture, line_shapes
from bot.ingest.lines import Kind, Line
from bot.ingest.marks import mark_of

LONG = 60
"""Characters from which a paragraph counts as text and not as a title."""
SHARED_PREFIX = 3
"""Characters that titles of one series have in common."""
MOST_IN_LINE = 64
LEADING = 12
"""Lines at the top in which welcoming words are looked for."""


@dataclass(frozen=True, slots=True)
class Removal:
    """A span to leave out."""

    start: int
    end: int
    reason: CutReason

    @property
    def span(self) -> Span:
        """The place of it."""
        return Span(start=self.start, end=self.end)


def removals(raw: str, lines: Sequence[Line], front_matter: int) -> list[Removal]:
    """All furniture, in order and without overlaps.

    Args:
        raw: The file.
        lines: Its lines.
        front_matter: Where the front matter ends, 0 without one.
    """
    found: list[Removal] = []
    if front_matter:
        found.append(Removal(0, len(raw[:front_matter].rstrip()), CutReason.FRONT_MATTER))
    at, first_heading = 0, _first_heading(lines)
    while at < len(lines):
        line = lines[at]
        if line.end <= front_matter or line.kind is not Kind.TEXT:
            at += 1
            continue
        block = _block(lines, at)
        if block:
            last, reason = block
            found.append(Removal(line.start, lines[last - 1].end, reason))
            at = last
            continue
        found.extend(_within(line, welcoming=at < min(first_heading, LEADING)))
        at += 1
    return found


def kept(lines: Sequence[Line], cuts: Sequence[Removal]) -> list[Line]:
    """What cleaning leaves of each line; a line of which nothing is left counts as blank."""
    left: list[Line] = []
    ordered, at = sorted(cuts, key=lambda cut: cut.start), 0
    for line in lines:
        while at < len(ordered) and ordered[at].end <= line.start:
            at += 1
        touching = [
            cut for cut in ordered[at : at + MOST_IN_LINE] if cut.start < line.end and cut.end > line.start
        ]
        left.extend(_left(line, touching) if touching else [line])
    return left


def _left(line: Line, cuts: Sequence[Removal]) -> list[Line]:
    pieces: list[Line] = []
    start, base = line.start, line.at
    for end, after in [*((cut.start, cut.end) for cut in cuts), (line.end, line.end)]:
        text = line.text[max(0, start - base) : max(0, end - base)].strip()
        if text and end > start:
            at = base + line.text.index(text, max(0, start - base))
            pieces.append(
                replace(line, start=start if not pieces else at, end=at + len(text), at=at, text=text)
            )
        start = max(start, after)
    return pieces or [replace(line, text="", kind=Kind.BLANK)]


def _first_heading(lines: Sequence[Line]) -> int:
    for index, line in enumerate(lines):
        mark = mark_of(line.text)
        if line.kind is Kind.TEXT and (mark.hashes or (mark.number and len(line.text) < LONG)):
            return index
    return len(lines)


def _block(lines: Sequence[Line], at: int) -> tuple[int, CutReason] | None:
    """Where a block of furniture that starts here ends, and what it is."""
    line = lines[at]
    if len(line.text) > LONG:
        return None
    title = mark_of(line.text).title
    if line_shapes.RELATED.fullmatch(title):
        last = _end_of_related(lines, at)
        return (last, CutReason.RELATED) if last else None
    if line_shapes.REFERENCES.fullmatch(title) and _heads(lines, at):
        return _end_of_references(lines, at), CutReason.LINK
    if line_shapes.SERIES.search(line.text):
        return _end_of_titles(lines, at), CutReason.SHARE
    return None


def _heads(lines: Sequence[Line], at: int) -> bool:
    """Whether a line is set as a heading: marked, or alone between blank lines."""
    mark = mark_of(lines[at].text)
    before = at == 0 or lines[at - 1].kind is Kind.BLANK
    return bool(mark.hashes) or mark.bold or (before and not mark.bullet)


def _end_of_references(lines: Sequence[Line], at: int) -> int:
    """Where a list of references ends: at the next heading, or where a line is none."""
    end = _next_heading(lines, at)
    if mark_of(lines[at].text).hashes:
        return end
    last = at + 1
    for index in range(at + 1, end):
        if lines[index].kind is Kind.TEXT and not line_shapes.REFERENCE.match(lines[index].text):
            break
        last = index + 1 if lines[index].kind is not Kind.BLANK else last
    return last


def _next_heading(lines: Sequence[Line], at: int) -> int:
    """Index of the next Markdown heading that is not below the one at `at`, or the end."""
    level = mark_of(lines[at].text).hashes or 6
    for index in range(at + 1, len(lines)):
        hashes = mark_of(lines[index].text).hashes if lines[index].kind is Kind.TEXT else 0
        if 0 < hashes <= level:
            return index
    return len(lines)


def _end_of_related(lines: Sequence[Line], at: int) -> int:
    """Where teasers of other articles end; 0 when what follows does not look like teasers."""
    end = _next_heading(lines, at)
    paragraphs = [line for line in lines[at + 1 : end] if line.kind is not Kind.BLANK]
    texts = [line for line in paragraphs if len(line.text) >= LONG]
    teasers = sum(bool(line_shapes.TEASER_END.search(line.text)) for line in texts)
    if not texts or teasers * 2 >= len(texts):
        return end
    first = next(line for line in texts if not line_shapes.TEASER_END.search(line.text))
    return 0 if first is paragraphs[0] else first.number - 1


def _end_of_titles(lines: Sequence[Line], at: int) -> int:
    """Where the titles that a line announces end."""
    first, last = "", at + 1
    for index in range(at + 1, len(lines)):
        text = lines[index].text
        if lines[index].kind is Kind.BLANK:
            continue
        linked = bool(line_shapes.POINTER.fullmatch(text) or line_shapes.NAVIGATION.fullmatch(text))
        alike = not first or text[:SHARED_PREFIX] == first[:SHARED_PREFIX]
        if not linked and (len(text) > LONG or text.endswith(("。", "：", ":", "？", "?")) or not alike):
            break
        if not first and not linked and not _sibling_follows(lines, index):
            break
        first, last = first or text, index + 1
    return last


def _sibling_follows(lines: Sequence[Line], at: int) -> bool:
    following = next((line.text for line in lines[at + 1 :] if line.kind is not Kind.BLANK), "")
    return following[:SHARED_PREFIX] == lines[at].text[:SHARED_PREFIX] or bool(
        line_shapes.POINTER.fullmatch(following)
    )


def _within(line: Line, *, welcoming: bool) -> Iterator[Removal]:
    """Furniture in one line: all of it, or some of its sentences."""
    whole = _whole(line.text)
    if whole:
        yield Removal(line.start, line.end, whole)
        return
    if welcoming and furniture.WELCOME.holds(line.text):
        yield Removal(line.start, line.end, furniture.WELCOME.reason)
        return
    yield from _sentences(line)


def _whole(text: str) -> CutReason | None:
    if line_shapes.BUTTONS.fullmatch(text) or line_shapes.COUNTER.fullmatch(text):
        return CutReason.SHARE
    if line_shapes.POINTER.fullmatch(text) or line_shapes.NAVIGATION.fullmatch(text):
        return CutReason.LINK
    if len(text) > LONG // 2 and (furniture.LEGAL.holds(text) or furniture.ADVERT.holds(text)):
        return CutReason.LEGAL if furniture.LEGAL.holds(text) else CutReason.ADVERT
    return None


def _sentences(line: Line) -> Iterator[Removal]:
    """Runs of neighbouring sentences that are furniture, each under the reason of its first."""
    run: Removal | None = None
    opened = 0
    for match in line_shapes.SENTENCE.finditer(line.text):
        text = match.group().strip()
        if not text:
            continue
        opener = furniture.CHAT_OPENER.match(line.text, match.start())
        opened = max(opened, opener.end() if opener else 0)
        reason = CutReason.CHAT if match.start() < opened else _sentence(text)
        start, end = line.at + match.end() - len(match.group().lstrip()), line.at + match.end()
        if reason is None:
            if run:
                yield run
            run = None
        else:
            run = Removal(run.start, end, run.reason) if run else Removal(start, end, reason)
    if run:
        yield run


def _sentence(text: str) -> CutReason | None:
    return next((family.reason for family in furniture.FAMILIES if family.holds(text)), None)
