"""A long reference in as many key points as a question may have, without losing what it says.

Neighbours share a key point, the shortest first, and it weighs what they weigh together: a statement is worth
the same whether it is checked alone or with others. What a bonus says never joins what is needed.
"""

import re
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from bot.domain.questions import MOST_CHARS
from bot.questions.point_making import MOST_POINTS, point_weight
from bot.questions.statements import Statement
from bot.questions.words import is_chinese

OTHER_PART = 2
"""How many times as long two neighbours count that stand in different main parts."""
_SENTENCE = re.compile(r"[。！？!?；;…]|\.(?=\s)")
_CLAUSE = re.compile(r"[，,、：:\s]")

Parted = tuple[list[Statement], list[Statement]]
"""What is held, and what found no room."""


def gathered(statements: Sequence[Statement], most: int = MOST_POINTS) -> Parted:
    """At most `most` statements that hold the text of all, and what found no room, if there is any.

    Args:
        statements: Of a reference, in order; left as they are where they are few and short enough.
        most: At least 1.
    """
    if len(statements) <= most and all(len(s.text) <= MOST_CHARS for s in statements):
        return list(statements), []
    needed = [s for s in statements if not s.extra]
    bonus = [s for s in statements if s.extra]
    fewest = _least(sum(len(s.text) for s in needed))
    slots = min(most, max(min(len(needed), most - 1), fewest)) if bonus else most
    held, over = in_at_most(needed, slots)
    more, left = in_at_most(bonus, most - slots)
    return sorted([*held, *more], key=lambda s: s.start), [*over, *left]


def in_at_most(statements: Sequence[Statement], most: int) -> Parted:
    """The statements in at most `most`, and what found no room in them.

    Args:
        statements: In order, all of them needed or all of them a bonus.
        most: From 0.
    """
    if most < 1 or not statements:
        return [], list(statements)
    found = [piece for s in statements for piece in _parted(s, _least(len(s.text)))[0]]
    while len(found) > most:
        fitting = [i for i, pair in enumerate(pairwise(found)) if _length(*pair) <= MOST_CHARS]
        if not fitting:
            return _refilled(found, most)
        i = min(fitting, key=lambda at: _cost(found[at], found[at + 1]))
        found[i : i + 2] = [_joined(*found[i : i + 2])]
    return found, []


def _joined(one: Statement, other: Statement) -> Statement:
    weight = _weight(one) + _weight(other)
    return replace(one, text=_joined_text(one, other), end=max(one.end, other.end), marks=weight)


def _joined_text(one: Statement, other: Statement) -> str:
    """Both texts; a lead-in that stands before both stands there once."""
    lead = one.text.removesuffix(one.said) if one.said != one.text else ""
    same_lead = lead and lead == other.text.removesuffix(other.said)
    text = other.said.rstrip("。；;.") if same_lead else other.text
    return f"{one.text}{'；' if is_chinese(one.text + text) else '; '}{text}"


def _weight(statement: Statement) -> float:
    return statement.marks or point_weight(vital=not statement.extra)


def _cost(one: Statement, other: Statement) -> int:
    return _length(one, other) * (OTHER_PART if one.group != other.group else 1)


def _length(one: Statement, other: Statement) -> int:
    """Characters of both with the mark between them; fewer where they share a lead-in."""
    return len(one.text) + len("; ") + len(other.text)


def _least(chars: int) -> int:
    """Fewest key points that have room for so many characters."""
    return -(-chars // MOST_CHARS)


def _refilled(statements: Sequence[Statement], most: int) -> Parted:
    """The statements as one text that is parted anew, where none of them fits beside its neighbour."""
    whole = statements[0]
    for statement in statements[1:]:
        whole = _joined(whole, statement)
    return _parted(whole, most)


def _parted(statement: Statement, most: int) -> Parted:
    """The statement in at most `most` parts about equally long, weighed by length, and what is too much."""
    if most < 2 and len(statement.text) <= MOST_CHARS:
        return [statement], []
    texts: list[str] = []
    rest = statement.text
    for left in range(most, 0, -1):
        stop = _stop(rest, left)
        texts.append(rest[:stop].rstrip("，,；;。 "))
        rest = rest[stop:].lstrip("，,；;。 ")
    share = _weight(statement) / sum(map(len, texts))
    held = [replace(statement, text=text, said=text, marks=share * len(text)) for text in texts if text]
    return held, [replace(statement, text=rest, said=rest)] if rest else []


def _stop(text: str, left: int) -> int:
    """Where the first of `left` parts ends: behind a sentence, else a clause, so that the rest finds room."""
    if left == 1 and len(text) <= MOST_CHARS:
        return len(text)
    fewest = max(1, len(text) - (left - 1) * MOST_CHARS)
    goal = -(-len(text) // left)
    most = min(MOST_CHARS, max(fewest, goal + goal // 4))
    for mark in (_SENTENCE, _CLAUSE):
        ends = [found.end() for found in mark.finditer(text, max(fewest, goal // 2) - 1, most)]
        if ends:
            return min(ends, key=lambda end: abs(end - goal))
    return most
