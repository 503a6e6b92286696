"""Whether an answer says of one of the things that a question compares what a key point says of another.

All texts are in normal form (bot.grading.normal).
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache

from bot.grading.clauses import clauses, sentences
from bot.grading.lexicon import words
from bot.grading.stance import polarity
from bot.grading.words import Token, terms, units

HELD, LEFT = 0.5, 0.25
"""Share of what a key point says that stands beside another thing from which, and beside its own up to which,
the two have changed places."""
FEWEST_SAID = 3
"""Content units that a key point must say of its thing."""
FEWEST_CHARS = 2
"""Of what is left of a name; shorter, it could be part of any word."""
_JOINS = re.compile(r"[和与跟及比或]|而不[是用选]?|还是|相比于?|相对于|优于|代替|(?<=[^\W\d])\s*[、/]\s*")
"""Chinese only: of the parts of English references that 'and' made alike, most were fired at wrongly."""
_REFERS = re.compile(r"前者|后者|两者|二者|它们|前一|后一|另一|相反|反之|\b(?:former|latter|both|other)\b")
Name = tuple[str, ...]
"""The tokens of a compared thing's name."""
Said = dict[str, frozenset[bool]]
"""Content units with the signs they stand with, True where negated."""


def exchanged(question: str, points: Sequence[str], answer: str) -> frozenset[str]:
    """Key points that are about one compared thing, and that the answer says of another of them.

    Args:
        question: As asked; things that it joins ("A 和 B") are compared.
        points: All key points, which also show where the name of a thing begins and ends.
        answer: What a judge read.
    """
    names = compared(question, points)
    if len(names) < 2:
        return frozenset()
    of_each = _of_each(answer, names)
    return frozenset(point for point in points if _is_exchanged(point, points, of_each, names))


def _is_exchanged(
    point: str, points: Sequence[str], of_each: Mapping[Name, Sequence[str]], names: frozenset[Name]
) -> bool:
    ours, wanted = _named(point, names), _said(point, names)
    if len(ours) != 1 or len(wanted) < FEWEST_SAID:
        return False
    shares = {name: _share(wanted, texts, names) for name, texts in of_each.items()}
    own = shares.pop(ours[0], 1.0)  # where nothing is said of it, its name may not have been known
    if own > LEFT or max(shares.values(), default=0.0) < HELD:
        return False
    others = [_said(other, names) for other in points if _named(other, names) not in ([], ours)]
    telling = {unit: signs for unit, signs in wanted.items() if not any(unit in other for other in others)}
    return any(_share(telling, of_each[name], names) > LEFT for name, held in shares.items() if held >= HELD)


def compared(question: str, points: Sequence[str]) -> frozenset[Name]:
    """The things that a question joins, each as the tokens of its name."""
    known = [tuple(token.text for token in terms(point)) for point in points]
    asked = terms(question)
    found: set[Name] = set()
    for left, right in _joints(question, asked):
        before = _longest([tuple(asked[i : left + 1]) for i in range(left + 1)], known)
        after = _longest([tuple(asked[right:i]) for i in range(right + 1, len(asked) + 1)], known)
        found |= {name for name in (before, after) if name}
    return _told_apart(frozenset(found))


def _told_apart(names: frozenset[Name]) -> frozenset[Name]:
    """What tells names apart: 'A update' and 'B update' are spoken of as A and B."""
    while len(names) > 1:
        beginnings, endings = {name[0] for name in names}, {name[-1] for name in names}
        shorter = names
        if len(endings) == 1:
            shorter = frozenset(name[:-1] for name in names)
        elif len(beginnings) == 1:
            shorter = frozenset(name[1:] for name in names)
        if shorter == names or any(sum(map(len, name)) < FEWEST_CHARS for name in shorter):
            break
        names = shorter
    return names


def _joints(question: str, asked: Sequence[Token]) -> Iterator[tuple[int, int]]:
    """Places of the tokens before and behind what joins them."""
    for join in _JOINS.finditer(question):
        left = [place for place, token in enumerate(asked) if token.end <= join.start()]
        right = [place for place, token in enumerate(asked) if token.start >= join.end()]
        if left and right:
            yield left[-1], right[0]


def _longest(candidates: Sequence[tuple[Token, ...]], known: Sequence[Name]) -> Name:
    """The longest candidate that a key point holds; one term or word counts in any case."""
    fitting = [
        tuple(token.text for token in one)
        for one in candidates
        if not any(token.text in words("function_chars") | words("stop_en") for token in one)
        and (len(one) > 1 or all(token.kind in ("term", "word") for token in one))
    ]
    held = [one for one in fitting if any(_in(one, point) for point in known)]
    alone = [one for one in fitting if len(one) == 1]
    return max(held or alone, key=len, default=())


@lru_cache(maxsize=4096)
def _terms(text: str) -> tuple[Token, ...]:
    return tuple(terms(text))


def _in(name: Name, tokens: Name) -> bool:
    return any(tokens[i : i + len(name)] == name for i in range(len(tokens) - len(name) + 1))


def _places(text: str, name: Name) -> list[tuple[int, int]]:
    """Where a name stands in a text."""
    found = _terms(text)
    size = len(name)
    return [
        (found[i].start, found[i + size - 1].end)
        for i in range(len(found) - size + 1)
        if tuple(token.text for token in found[i : i + size]) == name
    ]


def _said(text: str, names: frozenset[Name]) -> Said:
    """What a text says, its units with their signs, without the names of things."""
    taken = [place for name in names for place in _places(text, name)]
    signs = polarity(text)
    return {
        unit.text: signs[unit.text]
        for unit in units(text)
        if not any(start < unit.end and unit.start < end for start, end in taken)
    }


def _of_each(answer: str, names: frozenset[Name]) -> dict[Name, list[str]]:
    """What is said of each thing: its sentences, or its clauses where one names several.

    What names none belongs to what was named last.
    """
    found: dict[Name, list[str]] = {}
    subject: Name | None = None
    for sentence in sentences(answer):
        several = len(_named(sentence.text, names)) > 1
        for part in clauses(sentence.text) if several else (sentence,):
            named = _named(part.text, names)
            if named or _REFERS.search(part.text):
                subject = named[0] if len(named) == 1 and not _REFERS.search(part.text) else None
            if subject is not None:
                found.setdefault(subject, []).append(part.text)
    return found


def _named(text: str, names: frozenset[Name]) -> list[Name]:
    return [name for name in names if _places(text, name)]


def _share(wanted: Said, texts: Sequence[str], names: frozenset[Name]) -> float:
    """Share of what is wanted that stands in texts; 0 where a unit of it stands with the other sign."""
    if not wanted:
        return 0.0
    held: set[str] = set()
    for text in texts:
        said = {unit: signs for unit, signs in _said(text, names).items() if unit in wanted}
        if not all(signs & wanted[unit] for unit, signs in said.items()):
            return 0.0
        held |= said.keys()
    return len(held) / len(wanted)
