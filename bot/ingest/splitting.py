"""Long text into pieces at its own joints."""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Protocol

from bot.domain.spans import Span
from bot.ingest.lines import SOLID, Kind, Line
from bot.ingest.marks import mark_of

LIMIT = 1200
"""Characters of a chunk that is not a question with its answer."""
TARGET = 1000
"""Characters that pieces of a longer text are filled to."""
SMALL = 200
"""Characters below which a last piece joins the one before, if the limit allows."""

_SENTENCE_END = re.compile(r"(?<=[。！？!?；;])(?![。！？!?；;”」』）)\"])|(?<=\.)(?=\s)")
_CLAUSE_END = re.compile(r"(?<=[，,、：:])|(?<=\s)(?=\S)")


@dataclass(frozen=True, slots=True)
class Unit:
    """Text that stays together, and how good a place for a break is before it."""

    start: int
    end: int
    rank: int
    """0 inside a sentence, 1 a sentence or line, 2 an item of a list, 3 a paragraph, 4 a heading in bold."""


def units(lines: Sequence[Line]) -> list[Unit]:
    """Lines as units: code, formulas and tables whole unless longer than a chunk, long lines by sentence."""
    found: list[Unit] = []
    at, blank = 0, True
    while at < len(lines):
        line = lines[at]
        if line.kind in (Kind.BLANK, Kind.RULE):
            at, blank = at + 1, True
            continue
        size = 1
        while line.kind in SOLID and at + size < len(lines) and lines[at + size].block == line.block:
            size += 1
        group = lines[at : at + size]
        rank = _rank(line, blank)
        if group[-1].end - group[0].start <= LIMIT:
            found.append(Unit(group[0].start, group[-1].end, rank))
        else:
            found.extend(_broken(group, rank))
        at, blank = at + size, False
    return found


def _rank(line: Line, blank: bool) -> int:
    mark = mark_of(line.text)
    if line.kind is Kind.TEXT and (mark.bold or mark.hashes):
        return 4
    if line.kind in SOLID or line.kind is Kind.IMAGE:
        return 0
    if (mark.bullet or mark.number) and line.indent < 2:
        return 2
    return 3 if blank and line.indent < 2 else 1


def _broken(group: Sequence[Line], rank: int) -> list[Unit]:
    """A block at its lines, a line at its sentences; a sentence over the limit at the limit."""
    found: list[Unit] = []
    for line in group:
        if line.end - line.start <= LIMIT:
            found.append(Unit(line.start, line.end, rank if line is group[0] else 1))
            continue
        found.extend(_sentences(line, rank if line is group[0] else 1))
    return found


def _sentences(line: Line, rank: int) -> Iterator[Unit]:
    """A line at its sentences, a sentence over the limit at its commas, a clause over it at the limit."""
    for start, end in _between(line.start, _ends(line, _SENTENCE_END), line.end):
        pieces = [(start, end)]
        if end - start > LIMIT:
            commas = [at for at in _ends(line, _CLAUSE_END) if start < at < end]
            pieces = list(_between(start, commas, end))
        for low, high in pieces:
            for at in range(low, high, LIMIT):
                yield Unit(at, min(at + LIMIT, high), rank if at == line.start else int(at == start))


def _between(start: int, ends: Sequence[int], last: int) -> Iterator[tuple[int, int]]:
    return pairwise([start, *ends, last])


def _ends(line: Line, pattern: re.Pattern[str]) -> list[int]:
    inside = (line.at + match.start() for match in pattern.finditer(line.text))
    return [at for at in inside if line.start < at < line.end]


def pack(parts: Sequence[Unit], length: Callable[[Sequence[Unit]], int]) -> list[list[Unit]]:
    """Units in order, in pieces of at most LIMIT characters, broken at the best places."""
    if length(parts) <= LIMIT:
        return [list(parts)] if parts else []
    pieces: list[list[Unit]] = []
    rest = list(parts)
    while rest:
        size = _fitting(rest, length)
        size = size if size == len(rest) else _best_break(rest, size, length)
        pieces.append(rest[:size])
        rest = rest[size:]
    if len(pieces) > 1 and length(pieces[-1]) < SMALL and length([*pieces[-2], *pieces[-1]]) <= LIMIT:
        pieces[-2:] = [[*pieces[-2], *pieces[-1]]]
    return pieces


def _fitting(rest: Sequence[Unit], length: Callable[[Sequence[Unit]], int]) -> int:
    """How many units make a piece of the target size, at least one."""
    low, high = 1, len(rest)
    while low < high:
        middle = (low + high + 1) // 2
        if length(rest[:middle]) <= TARGET:
            low = middle
        else:
            high = middle - 1
    return low


def _best_break(rest: Sequence[Unit], size: int, length: Callable[[Sequence[Unit]], int]) -> int:
    """The latest break of the highest rank that leaves at least half of the target before it."""
    allowed = [n for n in range(1, size + 1) if n == size or length(rest[:n]) * 2 >= TARGET]
    return max(allowed, key=lambda n: (rest[n].rank, n))


class Gap(Protocol):
    """A place that no span may cover."""

    @property
    def start(self) -> int:
        """First character."""
        ...

    @property
    def end(self) -> int:
        """Behind the last one."""
        ...


def merged(parts: Sequence[Unit], gaps: Sequence[Gap]) -> tuple[Span, ...]:
    """Spans over units, joined over white space and rules but never over one of `gaps`."""
    spans: list[Span] = []
    for unit in parts:
        last = spans[-1] if spans else None
        if last and not any(gap.start < unit.start and gap.end > last.end for gap in gaps):
            spans[-1] = Span(start=last.start, end=unit.end)
        else:
            spans.append(Span(start=unit.start, end=unit.end))
    return tuple(spans)
