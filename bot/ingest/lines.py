"""A raw file as lines that know their place, with code, formulas and tables held together."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum, auto

from bot.domain.spans import Span

TAB = 4
LONGEST_FORMULA = 80
"""Lines after which an opened formula counts as never closed."""

_LINE = re.compile(r"[^\r\n]*(?:\r\n|\n|\r|$)")
_FENCE = re.compile(r"(`{3,}|~{3,})")
_BEGIN = re.compile(r"\\begin\{([a-zA-Z*]+)\}")
_TABLE_RULE = re.compile(r"\|?\s*:?-{2,}:?\s*(\|\s*:?-{2,}:?\s*)*\|?$")
_RULE = re.compile(
    r"(([-*_=~#]\s*){3,}|\[toc\]|@\[toc\].*|<!--.*-->|[-*+•·]|(&[a-z]+;\s*)+|</?\w+[^<>]*>)$", re.I
)
_IMAGE = re.compile(
    r"(\s*(!\[[^\]]*\]\([^)]*\)|<img[^>]*>|</?(?:center|div|p|figure|br|a)\b[^>]*>))+\s*$", re.I
)
_HIDDEN = "\u200b\u200c\u200d\u2060\ufeff\u00a0"


class Kind(Enum):
    """What a line is part of."""

    TEXT = auto()
    BLANK = auto()
    CODE = auto()
    MATH = auto()
    TABLE = auto()
    RULE = auto()
    """A mark without words: a rule, a table of contents placeholder, an empty bullet."""
    IMAGE = auto()


SOLID = frozenset({Kind.CODE, Kind.MATH, Kind.TABLE})
"""Kinds whose lines belong together."""


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a raw file."""

    number: int
    """From 1."""
    start: int
    end: int
    """Without the line end."""
    at: int
    """Where `text` begins in the file."""
    text: str
    """Without white space around it."""
    indent: int
    """Columns before the first visible character; a tab goes to the next multiple of four."""
    kind: Kind
    block: int
    """Equal for all lines of one code block, formula or table; otherwise the line's own number."""

    @property
    def span(self) -> Span:
        """All of the line."""
        return Span(start=self.start, end=self.end)


@dataclass(frozen=True, slots=True)
class _Raw:
    start: int
    end: int
    at: int
    text: str
    indent: int


def visible(text: str) -> str:
    """Text without white space and invisible characters around it."""
    return text.strip().strip(_HIDDEN).strip()


def scan(raw: str) -> list[Line]:
    """All lines of a file, in order."""
    rows = _rows(raw)
    lines: list[Line] = []
    at = 0
    while at < len(rows):
        kind, length = _block(rows, at)
        for offset in range(length):
            row = rows[at + offset]
            block = at + 1
            lines.append(Line(at + offset + 1, row.start, row.end, row.at, row.text, row.indent, kind, block))
        at += length
    return lines


def _rows(raw: str) -> list[_Raw]:
    rows: list[_Raw] = []
    for match in _LINE.finditer(raw):
        if match.start() == match.end():
            break
        content = match.group().rstrip("\r\n")
        lead = content[: len(content) - len(content.lstrip())]
        indent = len(lead.replace("\ufeff", "").expandtabs(TAB))
        text, start = visible(content), match.start()
        rows.append(_Raw(start, start + len(content), start + content.find(text), text, indent))
    return rows


def _block(rows: list[_Raw], at: int) -> tuple[Kind, int]:
    for kind, length in (
        (Kind.CODE, _code(rows, at)),
        (Kind.MATH, _formula(rows, at)),
        (Kind.TABLE, _table(rows, at)),
    ):
        if length:
            return kind, length
    text = rows[at].text
    if not text:
        return Kind.BLANK, 1
    if _IMAGE.fullmatch(text):
        return Kind.IMAGE, 1
    return (Kind.RULE if _RULE.fullmatch(text) else Kind.TEXT), 1


def _until(rows: list[_Raw], at: int, closes: Callable[[str], bool], most: int) -> int:
    """Lines from `at` to the first later one that closes; 0 when none does."""
    for index in range(at + 1, min(len(rows), at + most)):
        if closes(rows[index].text):
            return index - at + 1
    return 0


def _code(rows: list[_Raw], at: int) -> int:
    match = _FENCE.match(rows[at].text)
    if match is None or "`" in rows[at].text[match.end() :]:
        return 0
    fence = match.group()
    return _until(rows, at, lambda text: text.startswith(fence) and not text.strip(fence[0]), len(rows))


def _formula(rows: list[_Raw], at: int) -> int:
    text = rows[at].text
    if text.count("$$") % 2:
        return _until(rows, at, lambda later: later.count("$$") % 2 == 1, LONGEST_FORMULA)
    if text.startswith("$$") or (text.startswith("\\[") and text.endswith("\\]")):
        return 1
    if text.startswith("\\["):
        return _until(rows, at, lambda later: "\\]" in later, LONGEST_FORMULA)
    begin = _BEGIN.match(text)
    if begin is None:
        return 0
    closing = f"\\end{{{begin.group(1)}}}"
    return 1 if closing in text else _until(rows, at, lambda later: closing in later, LONGEST_FORMULA)


def _table(rows: list[_Raw], at: int) -> int:
    text = rows[at].text
    if text.lower().startswith("<table"):
        return (
            1
            if "</table>" in text.lower()
            else _until(rows, at, lambda t: "</table>" in t.lower(), len(rows))
        )
    ruled = at + 1 < len(rows) and "|" in rows[at + 1].text and _TABLE_RULE.fullmatch(rows[at + 1].text)
    if "|" not in text or not ruled:
        return 0
    length = 2
    while at + length < len(rows) and "|" in rows[at + length].text:
        length += 1
    return length
