"""Lines of a passage: what marks them and where their words stand."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from enum import Enum, auto
from itertools import pairwise

from bot.domain.spans import Span

_MARKERS: tuple[tuple[str, str], ...] = (
    ("section", r"\d{1,2}(?:\.\d{1,2})+[.、．]?(?=\s|[\u4e00-\u9fff])\s*"),
    ("number", r"\d{1,2}\s?[.、．](?!\d)\s*|\d{1,2}[)）]\s*"),
    ("paren", r"[(（]\s?(?:\d{1,2}|[一二三四五六七八九十]{1,2})\s?[)）]\s*"),
    ("circled", r"[①-⑳]\s*"),
    ("bullet", r"[-*+–—](?=\s)\s+|-(?=[A-Z\u4e00-\u9fff])|[•·▪◦●○■➢►]\s*"),
    ("roman", r"(?:i{1,3}|iv|vi{0,3}|ix)[.、)）]\s*"),
    ("letter", r"[a-hA-H][.、)）:：](?!\S*[/\\])\s*"),
    ("chinese", r"[一二三四五六七八九十]{1,2}[、．.]\s*"),
)
_MARKER = re.compile("|".join(f"(?P<{name}>{pattern})" for name, pattern in _MARKERS))
_HEADING = re.compile(r"(#{1,6})[ \t]+")
_RULE = re.compile(r"(?:[-*_=]\s*){3,}$")
_ROW = re.compile(r"\|.*\|$")
_TICKS = re.compile(r"```|~~~")
_FORMULA = re.compile(r"\$\$|\\\[|\\begin\{")
_FORMULA_END = re.compile(r"\$\$|\\\]|\\end\{")
_INLINE = re.compile(
    r"[①-⑳]|(?<=[:：。；;，,\s])[(（]\d{1,2}[)）]|(?<=[:：。；;])\s*\d{1,2}[.、．)）](?!\d)\s*"
)


_NUMBER = re.compile(r"(?:(?<=\s)|^)(?P<n>\d{1,2})[.)、．）](?!\d)\s*(?=\S)")
_FIRST = re.compile(r"(?<!\d)1\s?[.)、．）]\s*$")
_NAMED = re.compile(
    r"(?:(?<=[.;。；])|(?<=\w)(?=\s))\s*(?=(?P<label>[A-Z][\w-]*(?:\s[A-Za-z][\w-]*){0,3}?)\s?[:：]\s)"
    r"|(?<=[。；;])\s*(?=(?P<zh>[\u4e00-\u9fff]{2,6})(?:——|[:：]))"
)
_OPENS_NAMED = re.compile(r"[^.。;；:：—]{1,60}?(?:——|[:：])\s*\S")
_STATEMENT = re.compile(r"[\w.\[\]<>*&,\s]*(?:\w\s*[-+*/]?=|\w\().*[;{}]\s*|[{}]\s*;?|\w.*\)\s*\{")
_TWO_NAMED = re.compile(r"(?:^|[\s.;。；])[B乙]\s?[:：]")
_GOES_ON = re.compile(r"[=+*/<>≤≥≈]\s*\S")


class Kind(Enum):
    """What a line is."""

    HEADING = auto()
    ITEM = auto()
    TEXT = auto()
    ROW = auto()
    """Of a table."""
    FORMULA = auto()
    CODE = auto()
    BREAK = auto()
    """A blank line or a rule."""


@dataclass(frozen=True, slots=True)
class Line:
    """One line without its marker, as a place in the raw text."""

    kind: Kind
    start: int
    end: int
    region: int
    """Which of the passage's spans it stands in: a quote never crosses two."""
    indent: int = 0
    """Columns; a tab counts as four."""
    marker: str = ""
    """Sort of list marker; empty when it has none. Of a heading, its level as '#'s."""


def lines_of(raw: str, spans: Sequence[Span]) -> list[Line]:
    """The lines inside `spans`, fences and display formulas whole, lists within a line taken apart."""
    found: list[Line] = []
    for region, span in enumerate(spans):
        for line in _joined(raw, [_unlettered(raw, span, line) for line in _blocks(raw, span, region)]):
            found.extend(_apart(raw, line) if line.kind in (Kind.TEXT, Kind.ITEM) else [line])
        found.append(Line(Kind.BREAK, span.end, span.end, region))
    return found


def _unlettered(raw: str, span: Span, line: Line) -> Line:
    """The line with its letter, where that is the choice that is right and no marker of a list."""
    if line.marker != "letter":
        return line
    start = max(raw.rfind("\n", 0, line.start), span.start - 1) + 1
    letter = raw[start : line.start].strip("*> \t")[:1]
    if letter and raw[start : line.start].rstrip()[-1:] in ":：" and _TWO_NAMED.search(span.cut(raw)):
        return replace(line, kind=Kind.TEXT, start=raw.index(letter, start), marker="")
    earlier = rf"^[*> \t]*{chr(ord(letter) - 1)}[.、)）:：]" if letter else ""
    if letter in "aA" or re.search(earlier, span.cut(raw), re.MULTILINE):
        return line
    return replace(line, kind=Kind.TEXT, start=start, marker="")


def _joined(raw: str, lines: Sequence[Line]) -> list[Line]:
    """The lines; code without a fence is one, and a formula goes on where a line starts with its sign."""
    found: list[Line] = []
    for line in lines:
        words = raw[line.start : line.end]
        if line.kind is Kind.TEXT and not re.search("[\u4e00-\u9fff]", words) and _STATEMENT.fullmatch(words):
            line = replace(line, kind=Kind.CODE)
        before = found[-1] if found else None
        if before and before.kind is not Kind.BREAK and _one_block(raw, before, line):
            found[-1] = replace(before, end=line.end)
        else:
            found.append(line)
    return found


def _one_block(raw: str, before: Line, line: Line) -> bool:
    """Whether the line goes on with the code or the formula of the line before."""
    if before.kind is line.kind is Kind.CODE:
        return True
    signs = _GOES_ON.match(raw, line.start, line.end) or raw[before.end - 1] in "=+*"
    return line.kind is Kind.TEXT and bool(signs)


def _blocks(raw: str, span: Span, region: int) -> Iterator[Line]:
    cursor = span.start
    while cursor < span.end:
        end = _line_end(raw, cursor, span.end)
        line = _line(raw, cursor, end, region)
        if line.kind in (Kind.CODE, Kind.FORMULA):
            end = _block_end(raw, line, span.end)
            line = replace(line, end=_trim(raw, line.start, end))
        yield line
        cursor = end + 1


def _line_end(raw: str, start: int, limit: int) -> int:
    end = raw.find("\n", start, limit)
    return limit if end < 0 else end


def _block_end(raw: str, line: Line, limit: int) -> int:
    """End of the line on which the fence or formula that `line` opens is closed."""
    closing = _TICKS if line.kind is Kind.CODE else _FORMULA_END
    closed = closing.search(raw, line.start + 2, limit)
    return _line_end(raw, closed.end(), limit) if closed else limit


def _trim(raw: str, start: int, end: int) -> int:
    while end > start and raw[end - 1].isspace():
        end -= 1
    return end


def _line(raw: str, start: int, end: int, region: int) -> Line:
    end = _trim(raw, start, end)
    first = start
    while first < end and (raw[first].isspace() or raw[first] in ">\ufeff"):
        first += 1
    indent = sum(4 if char == "\t" else 1 for char in raw[start:first])
    words = raw[first:end]
    if not words or _RULE.match(words):
        return Line(Kind.BREAK, first, end, region)
    if heading := _HEADING.match(words):
        return Line(Kind.HEADING, first + heading.end(), end, region, marker=heading[1])
    for kind, pattern in ((Kind.CODE, _TICKS), (Kind.FORMULA, _FORMULA), (Kind.ROW, _ROW)):
        if pattern.match(words):
            return Line(kind, first, end, region, indent)
    return _marked(raw, Line(Kind.TEXT, first, end, region, indent))


def _marked(raw: str, line: Line) -> Line:
    """The line as a list item, if it starts with a marker, also one inside bold marks."""
    words = raw[line.start : line.end]
    bold = 2 if words.startswith("**") else 0
    marker = _MARKER.match(words, bold)
    if not marker or marker.end() == len(words):
        return line
    inside = _MARKER.match(words, marker.end()) if marker.lastgroup == "bullet" else None
    stop = inside.end() if inside and inside.lastgroup in ("circled", "paren", "number") else marker.end()
    if stop == len(words):
        return line
    return replace(line, kind=Kind.ITEM, start=line.start + stop, marker=marker.lastgroup or "")


def _apart(raw: str, line: Line) -> list[Line]:
    """A line that holds a whole list ('作用：①… ②…') as a lead-in and its items."""
    marks = list(_INLINE.finditer(raw, line.start, line.end))
    starts_with_one = line.marker == "circled"
    if len(marks) + starts_with_one < 2 and not _colon_before(raw, line, marks):
        marks = _numbers(raw, line)
    if not marks:
        return _at_names(raw, line)
    stops = [mark.start() for mark in marks] + [line.end]
    found = [replace(line, end=_trim(raw, line.start, stops[0]))]
    for mark, stop in zip(marks, stops[1:], strict=True):
        if stop > mark.end():
            inner = Line(Kind.ITEM, mark.end(), _trim(raw, mark.end(), stop), line.region, line.indent)
            marker = _MARKER.match(raw[mark.start() : mark.end()].strip())
            found.append(replace(inner, marker=(marker.lastgroup if marker else None) or "number"))
    return [part for part in found if part.end > part.start]


def _numbers(raw: str, line: Line) -> list[re.Match[str]]:
    """Numbers inside the line that count from 1, or from 2 where the line itself is the first entry."""
    wanted = 2 if _FIRST.search(raw, max(0, line.start - 6), line.start) else 1
    found: list[re.Match[str]] = []
    for mark in _NUMBER.finditer(raw, line.start, line.end):
        if int(mark["n"]) == wanted + len(found):
            found.append(mark)
    return found if len(found) + (wanted == 2) >= 2 else []


def _at_names(raw: str, line: Line) -> list[Line]:
    """A line that says something of one named thing after the other ('A: … B: …'), one line for each."""
    opening = _OPENS_NAMED.match(raw, line.start, line.end)
    if not opening:
        return [line]
    names: list[re.Match[str]] = []
    for name in _NAMED.finditer(raw, opening.end(), line.end):
        if _is_name(raw, name) and not (names and name.end() < max(names[-1].end(1), names[-1].end(2))):
            names.append(name)
    starts = [line.start, *(name.end() for name in names), line.end]
    return [
        replace(line, start=start, end=_trim(raw, start, end))
        for start, end in pairwise(starts)
        if end > start
    ]


def _is_name(raw: str, name: re.Match[str]) -> bool:
    """Whether it starts a sentence, or is written like a name in the middle of one."""
    before = raw[: name.end()].rstrip()[-1:]
    words = (name["label"] or "").split()
    return before in ".;。；" or (bool(words) and all(word[0].isupper() for word in words))


def _colon_before(raw: str, line: Line, marks: Sequence[re.Match[str]]) -> bool:
    return len(marks) == 1 and raw[line.start : marks[0].start()].rstrip().endswith((":", "："))
