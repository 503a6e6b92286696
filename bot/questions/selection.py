"""Which statements of an answer become its key points."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace

from bot.domain.questions import QuestionKind
from bot.questions.gathering import Parted, gathered
from bot.questions.narrowing import as_choice, by_sides, chosen_among, offered, unlabelled
from bot.questions.point_making import MOST_POINTS
from bot.questions.sentence_parts import enumeration, has_lead, label_of, sorts
from bot.questions.statements import LONGEST, Statement
from bot.questions.words import content_words, likeness, share, size

MOST = MOST_POINTS
"""Key points of one question."""
SAME = 0.8
"""From this likeness on two statements say the same."""
SHORT = 24
"""Longest statement, in words.size, that can share a key point with its neighbour."""

GAP = 12
"""Most characters of the file between two list entries that share a key point."""

LONG_ANSWER = 7
"""From this many statements on, an answer in the notes says more than it was asked."""

_SECOND_PART = re.compile(r"[，,？?].{2,}")


def chosen(
    question: str, kind: QuestionKind, statements: Sequence[Statement], *, reference: bool = False
) -> Parted:
    """At most MOST statements, in the order of the notes; the first of each part before the second of any.

    Of a reference nothing is passed over: where its statements are many, they share key points, and what
    finds no room even so comes beside them.

    Args:
        question: As it is asked.
        kind: What it asks for.
        statements: All of the passage.
        reference: Whether somebody wrote the passage to grade against: nothing in it is beside the point.
    """
    found = _without_strays(question, _without_repeats(statements))
    if any(s.choice for s in found):
        return chosen_among(unlabelled(question, found), reference=reference)
    found = _taken_apart(question, kind, found)
    if needed := offered(question, found):
        return chosen_among(as_choice(found, needed), reference=reference)
    if not reference:
        found = _paired(found)
        found = [replace(s, extra=s.extra or _beyond(s, found)) for s in found]
        found = _rounded_off(found)
    if kind is QuestionKind.LIST and not _SECOND_PART.search(question):
        found = _introduced(found)
    return gathered(found) if reference else (_best(question, found), [])


def _best(question: str, found: list[Statement]) -> list[Statement]:
    worth = {id(s): _worth(question, s, i, len(found)) for i, s in enumerate(found)}
    queue = sorted(found, key=lambda s: (s.extra, -worth[id(s)]))
    picked = _in_turns(queue, worth)
    return [s for s in found if any(s is other for other in picked)]


def _taken_apart(question: str, kind: QuestionKind, statements: list[Statement]) -> list[Statement]:
    """Sides and enumerations entry by entry, and no label that only says the question again."""
    bare = unlabelled(question, statements)
    sides = by_sides(bare)
    if len(sides) > len(bare):
        return sides
    if kind is QuestionKind.LIST or len(statements) == 1:
        statements = _listed(statements, fewest=2 if kind is QuestionKind.LIST else 3)
    return unlabelled(question, statements)


def _in_turns(queue: Sequence[Statement], worth: Mapping[int, float]) -> list[Statement]:
    """The best of `queue`, where each further statement of one main part or line counts less."""
    turns: dict[int, int] = {}
    ordered: list[tuple[bool, float, int]] = []
    for place, statement in enumerate(queue):
        turn = turns.get(statement.group, 0)
        turns[statement.group] = turn + 1
        ordered.append((statement.extra, 0.25 * turn + 0.5 * statement.rank - worth[id(statement)], place))
    return [queue[place] for *_, place in sorted(ordered)[:MOST]]


def _without_repeats(statements: Sequence[Statement]) -> list[Statement]:
    kept: list[tuple[Statement, frozenset[str]]] = []
    for statement in statements:
        words = content_words(statement.text)
        if not any(_same(words, others) for _, others in kept):
            kept.append((statement, words))
    return [statement for statement, _ in kept]


def _same(words: frozenset[str], others: frozenset[str]) -> bool:
    """Whether statements with these words say the same; different terms or numbers make a difference."""
    return likeness(words, others) >= SAME and not any(word.isascii() for word in words ^ others)


def _without_strays(question: str, statements: list[Statement]) -> list[Statement]:
    """Without what only repeats the question, and lines after a list that have nothing to do with it."""
    asked = content_words(question)
    telling = [s for s in statements if content_words(s.said) - asked or s.said != s.text] or statements
    items = [s for s in telling if s.item]
    if not items:
        return telling
    about = asked.union(*(content_words(s.said) for s in items))
    last = items[-1].start
    return [
        s
        for s in telling
        if s.start <= last or label_of(s.said) or share(content_words(s.said), about) >= 0.1
    ]


def _listed(statements: list[Statement], fewest: int) -> list[Statement]:
    """The entries of a sentence that enumerates, where that is about all the answer says."""
    if len(statements) > 3:
        return statements
    found: list[Statement] = []
    for statement in statements:
        entries = enumeration(statement.text)
        fewest = 2 if sorts(statement.text) else fewest
        sure = len(statements) == 1 or has_lead(statement.text) or size(statement.text) <= SHORT
        entries = entries if sure and len(entries) >= fewest else []
        joined = _grouped(entries)
        found.extend(
            replace(statement, text=entry, item=True, group=statement.group + i)
            for i, entry in enumerate(joined)
        )
        if not entries:
            found.append(statement)
    return found


def _grouped(entries: list[str]) -> list[str]:
    """At most MOST texts of neighbouring entries."""
    per = -(-len(entries) // MOST) or 1
    return ["；".join(entries[i : i + per]) for i in range(0, len(entries), per)]


def _paired(statements: list[Statement]) -> list[Statement]:
    """Short list entries two by two, where there are too many to be a key point each."""
    if len(statements) <= MOST or not all(s.item or size(s.text) <= SHORT for s in statements):
        return statements
    found = list(statements)
    while len(found) > MOST:
        pairs = [i for i in range(len(found) - 1) if _pairable(found[i], found[i + 1])]
        if not pairs:
            break
        i = min(pairs, key=lambda at: size(found[at].text) + size(found[at + 1].text))
        one, other = found[i : i + 2]
        same_lead = one.said != one.text and one.text.removesuffix(one.said) == other.text.removesuffix(
            other.said
        )
        text = f"{one.text}；{other.said.rstrip('。；;.') if same_lead else other.text}"
        found[i : i + 2] = [replace(one, text=text, end=other.end, extra=one.extra and other.extra)]
    return found


def _pairable(one: Statement, other: Statement) -> bool:
    short = size(one.text) <= SHORT and size(other.text) <= SHORT
    near = one.region == other.region and other.start - one.end <= GAP
    plainly = not (one.extra or other.extra or one.rank or other.rank or "；" in one.text + other.text)
    return short and near and plainly and len(one.text) + len(other.text) < LONGEST


def _beyond(statement: Statement, statements: Sequence[Statement]) -> bool:
    """Whether it only adds to the main statement of its line, in an answer of at least three lines."""
    lines = {s.node for s in statements}
    return statement.rank > 0 and len(lines) >= 3


def _rounded_off(statements: list[Statement]) -> list[Statement]:
    """With the end of a long answer in sentences as a bonus: what is said last goes beyond the question."""
    if len(statements) < LONG_ANSWER or any(s.item or label_of(s.text) for s in statements):
        return statements
    return [*statements[:-1], replace(statements[-1], extra=True)]


def _introduced(statements: list[Statement]) -> list[Statement]:
    """With what stands before the entries of a list as a bonus: 'which are there' does not ask for it."""
    entries = [i for i, s in enumerate(statements) if s.item or label_of(s.text)]
    if len(entries) < 2:
        return statements
    return [replace(s, extra=True) if i < entries[0] else s for i, s in enumerate(statements)]


def _worth(question: str, statement: Statement, place: int, of: int) -> float:
    """How much of the answer it bears: words it shares with the question, its place, its length."""
    words = content_words(statement.text)
    asked = content_words(question)
    relevance = share(asked, words) + share(words, asked)
    early = 1 - place / max(of, 1)
    length = size(statement.text)
    fit = 1.0 if 8 <= length <= 90 else 0.5
    return relevance + 0.5 * early + 0.5 * fit + 0.25 * statement.item
