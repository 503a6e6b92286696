"""A passage marked in the text that holds it."""

import re
from collections.abc import Iterator, Sequence

from bot.domain.spans import Span
from bot.page.markup import kept_spans, safe_markdown

_OPEN, _CLOSE = "\ufdd0", "\ufdd1"
"""Stand for the tags until all else is safe; noncharacters, so that hardly any text holds them."""
_LEAD = re.compile(r"[^\S\n]*(?:(?:[-*+•>]|#{1,6}|\d{1,3}[.)、．])[^\S\n]*)*")
"""What has to stay first in a line for the line to stay what it is."""
_CODE_INDENT = re.compile(r"(?: {4}|\t)[^\S\n]*(?![-*+•\s]|\d{1,3}[.)])")
_LINE = re.compile(r"[^\n]+")
_ENTITY = re.compile(r"&#?\w+;")
_CELL = re.compile(r"[^|\n]+")
_BOUND = "\\<&!]"
"""Characters that what follows them belongs to."""


def marked_markdown(text: str, passage: Span | None) -> str:
    """safe_markdown(text) with the lines of a passage marked; code blocks and long formulas are left plain.

    Args:
        text: As written by others.
        passage: Characters of `text`; None: nothing is marked.
    """
    if passage is None or _OPEN in text or _CLOSE in text:
        return safe_markdown(text)
    parts: list[str] = []
    cursor = 0
    for mark in _marks(text, passage):
        parts += [text[cursor : mark.start], _OPEN, mark.cut(text), _CLOSE]
        cursor = mark.end
    safe = safe_markdown("".join([*parts, text[cursor:]]))
    return safe.replace(_OPEN, "<mark>").replace(_CLOSE, "</mark>")


def _marks(text: str, passage: Span) -> Iterator[Span]:
    """One range a line, or a cell of a table, in order."""
    entities = (Span(start=match.start(), end=match.end()) for match in _ENTITY.finditer(text))
    kept = [*kept_spans(text), *entities]
    for line in _LINE.finditer(text):
        if _CODE_INDENT.match(line[0]) or line.end() <= passage.start or line.start() >= passage.end:
            continue
        is_row = line[0].lstrip().startswith("|")
        first = line.start() + len(_lead(line[0]))
        bounds = Span(start=min(first, line.end()), end=line.end())
        cells = _CELL.finditer(text, line.start(), line.end()) if is_row else ()
        for part in [Span(start=cell.start(), end=cell.end()) for cell in cells] if is_row else [bounds]:
            mark = _settled(text, kept, part, passage)
            if mark is not None:
                yield mark


def _lead(line: str) -> str:
    lead = _LEAD.match(line)
    return lead[0] if lead else ""


def _settled(text: str, kept: Sequence[Span], bounds: Span, passage: Span) -> Span | None:
    """What of the passage is within `bounds`, widened so that it cuts nothing in two; None: it cannot be."""
    mark = _trimmed(text, max(bounds.start, passage.start), min(bounds.end, passage.end))
    while mark is not None:
        wider = _widened(text, kept, bounds, mark)
        if wider == mark:
            break
        mark = wider
    return mark


def _trimmed(text: str, start: int, end: int) -> Span | None:
    """A range without the white space at its edges; None where it holds no letter or digit."""
    words = text[start:end]
    if start >= end or not any(character.isalnum() for character in words):
        return None
    return Span(start=end - len(words.lstrip()), end=start + len(words.rstrip()))


def _widened(text: str, kept: Sequence[Span], bounds: Span, mark: Span) -> Span | None:
    start, end = mark.start, mark.end
    for one in kept:
        if one.overlaps(mark):
            start, end = min(start, one.start), max(end, one.end)
    if not bounds.contains(Span(start=start, end=end)):
        return None
    while start > bounds.start and _splits(text, start):
        start -= 1
    while end < bounds.end and _splits(text, end):
        end += 1
    return Span(start=start, end=end)


def _splits(text: str, at: int) -> bool:
    """Whether an edge here would part characters that mean something together only."""
    return text[at - 1] in _BOUND or (text[at - 1] == text[at] and text[at] in "`$~")
