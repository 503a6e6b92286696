"""Sentences of Chinese, English and mixed text, as places in it."""

import re

from bot.domain.spans import Span

_FENCE = re.compile(r"(?ms)^[ \t]*(```|~~~).*?(?:^[ \t]*\1[ \t]*$|\Z)|\$\$.*?\$\$|\\\[.*?\\\]")
_END = re.compile(
    r"[。！？!?…；;]+[”’\"'」』）)\]】]*"  # full-width ends, and closing marks that belong to them
    r"|(?<!\d)\.(?=\s+[A-Z\u4e00-\u9fff(\[\"'*`$])|\.(?=\s*$|\s*\n)"  # no decimal point, no list number
    r"|\n+"
)


def sentences(text: str) -> list[Span]:
    """Spans of the sentences of `text`, in order, trimmed, none blank.

    Code fences and display formulas are one sentence each; a line break ends a sentence.
    """
    found: list[Span] = []
    cursor = 0
    for block in _FENCE.finditer(text):
        found.extend(_plain(text, cursor, block.start()))
        found.extend(_trimmed(text, block.start(), block.end()))
        cursor = block.end()
    found.extend(_plain(text, cursor, len(text)))
    return found


def _plain(text: str, start: int, end: int) -> list[Span]:
    found: list[Span] = []
    cursor = start
    for match in _END.finditer(text, start, end):
        found.extend(_trimmed(text, cursor, match.end()))
        cursor = match.end()
    found.extend(_trimmed(text, cursor, end))
    return found


def _trimmed(text: str, start: int, end: int) -> list[Span]:
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    has_word = any(char.isalnum() for char in text[start:end])
    return [Span(start=start, end=end)] if has_word else []
