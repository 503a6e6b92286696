"""Sentences and clauses of an answer, with their places in it."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

MAX_SEGMENTS = 12
"""Answers of more sentences are read in windows."""
WINDOW_CHARS = 240
"""A window of a long answer takes whole sentences until it has this many characters."""
_FORMULA = re.compile(r"\$\$.+?\$\$|\$[^$\n]+\$|\\\(.+?\\\)|`[^`\n]+`", re.DOTALL)
_SENTENCE_END = re.compile(
    r"[。！？!?；;\n]+|(?<=\w)(?<!\n\d)(?<!^\d)(?<!\n\d\d)\.(?=\s|$)|(?<=[)\]\"”])\.(?=\s|$)|\.{3,}|(?<=[\u4e00-\u9fff])\."
)
_CLAUSE_END = re.compile(
    r"[。！？!?；;\n，、]+|,(?!\d)|(?<=\w)(?<!\n\d)(?<!^\d)(?<!\n\d\d)\.(?=\s|$)|\.{3,}|(?<=[\u4e00-\u9fff])[.:]|—{1,2}|:\s"
)
_BETWEEN = re.compile(r"[,，、:：\s]*")
_END = re.compile(r"[。！？!?；;.]+")
_LEFT_OPEN = re.compile(r"(?:^|(?<=[^,，、:：\s]))[,，、:：\s]*$")
_LIST_MARK = re.compile(r"^\s*(?:[-*+•·>#]+|\(?[0-9a-z一二三四五六七八九十]{1,2}[.)、:])\s*")


@dataclass(frozen=True, slots=True)
class Segment:
    """A piece of normalised text and its place there."""

    text: str
    start: int
    end: int


def sentences(text: str) -> tuple[Segment, ...]:
    """Sentences with something in them, in order, without list marks and surrounding space."""
    return _split(text, _SENTENCE_END)


def clauses(text: str) -> tuple[Segment, ...]:
    """Clauses (parts of sentences between commas and the like), in order."""
    return _split(text, _CLAUSE_END)


def said_once(text: str) -> str:
    """Text of the same length, blank where a sentence stands that was there before."""
    seen: set[str] = set()
    chars = list(text)
    for part in sentences(text):
        if part.text in seen:
            chars[part.start : part.end] = " " * (part.end - part.start)
        seen.add(part.text)
    return "".join(chars)


def without(text: str, idle: Sequence[Segment]) -> str:
    """Text of the same length, blank where some of its parts stand, and what sets them off from the others.

    Where nothing else would be left, it stays as it is.
    """
    if all(any(idler.start <= part.start < idler.end for idler in idle) for part in clauses(text)):
        return text
    for part in idle:
        start, end = part.start, _past(_BETWEEN, text, part.end)
        if closed := _END.match(text, end):
            left_open = _LEFT_OPEN.search(text, 0, start)
            start = left_open.start() if left_open else start
            if (
                "\n" in text[start : part.start]
                or not text[:start].strip()
                or _END.fullmatch(text[start - 1])
            ):
                end = closed.end()
        blank = "".join("\n" if char == "\n" else " " for char in text[start:end])
        text = text[:start] + blank + text[end:]
    return text


def _past(pattern: re.Pattern[str], text: str, place: int) -> int:
    """Where what a pattern finds at a place ends, the place itself where it finds nothing."""
    found = pattern.match(text, place)
    return found.end() if found else place


def windows(text: str) -> tuple[Segment, ...]:
    """What is embedded of an answer: its sentences, or windows of neighbouring ones where it is long.

    Every sentence lies in exactly one window, so a point made in the last sentence is read like the first.
    """
    parts = sentences(text)
    if len(parts) <= MAX_SEGMENTS:
        return parts
    found: list[Segment] = []
    start = parts[0].start
    for index, part in enumerate(parts):
        last = index + 1 == len(parts)
        if last or parts[index + 1].end - start > WINDOW_CHARS:
            found.append(Segment(text[start : part.end], start, part.end))
            start = part.end if last else parts[index + 1].start
    return tuple(found)


def _split(text: str, ends: re.Pattern[str]) -> tuple[Segment, ...]:
    protected = [(match.start(), match.end()) for match in _FORMULA.finditer(text)]
    found: list[Segment] = []
    start = 0
    for match in ends.finditer(text):
        if any(left < match.start() < right - 1 for left, right in protected):
            continue
        _add(text, start, match.start(), found)
        start = match.end()
    _add(text, start, len(text), found)
    return tuple(found)


def _add(text: str, start: int, end: int, found: list[Segment]) -> None:
    mark = _LIST_MARK.match(text[start:end])
    if mark and mark.end() < end - start:
        start += mark.end()
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    if any(char.isalnum() for char in text[start:end]):
        found.append(Segment(text[start:end], start, end))
