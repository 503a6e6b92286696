"""Statements without what the question says already, by sides, and by how many of them are needed."""

import re
from collections.abc import Sequence
from dataclasses import replace

from bot.questions.choices import Choice, needed_in
from bot.questions.gathering import Parted, gathered, in_at_most
from bot.questions.point_making import MOST_POINTS
from bot.questions.sentence_parts import enumeration, label_of
from bot.questions.statements import LONGEST, Statement
from bot.questions.words import content_words, is_chinese, share

_SIDE = re.compile(
    r"(?:主要)?(?:优点|缺点|优势|劣势|好处|坏处|不足|特点|局限)|(?i:(?:dis)?advantages?|pros|cons|benefits?|drawbacks?|weaknesses)"
)
_POINTS_AHEAD = re.compile(
    r"以下|如下|下列|[几两二三四五六七八九]个?(?:方面|点|种|类|项)|主要|分别"
    r"|(?i:\b(?:possible|the|following|are|is|as follows)\b)"
)
RESTATED = 0.8
"""From this share of its words inside the question on, a label only says the question again."""


def unlabelled(question: str, statements: Sequence[Statement]) -> list[Statement]:
    """The statements without the one label that only says the question again."""
    labels = [label_of(s.text) for s in statements]
    names = {label[0] for label in labels if label}
    asked = content_words(question)
    restating = [
        name for name in names if share(_telling(name), asked) >= RESTATED and not _SIDE.fullmatch(name)
    ]
    if len(restating) != 1 or (len(names) > 1 and not _nested(statements, restating[0])):
        return list(statements)
    return [_without(s, restating[0]) for s in statements]


def _telling(label: str) -> frozenset[str]:
    return content_words(_POINTS_AHEAD.sub(" ", label))


def _nested(statements: Sequence[Statement], label: str) -> bool:
    """Whether other labels stand below this one: they are what the answer says."""
    return any(s.text.startswith(label) and label_of(_without(s, label).text) for s in statements)


def _without(statement: Statement, label: str) -> Statement:
    own = label_of(statement.text)
    if own is None or own[0] != label:
        return statement
    text = statement.text[own[1] :].strip()
    return replace(statement, text=text) if text else statement


def by_sides(statements: Sequence[Statement]) -> list[Statement]:
    """'优点：快、省' as one statement for each entry; the side stays with each."""
    found: list[Statement] = []
    for statement in statements:
        label = label_of(statement.text)
        entries = enumeration(statement.text[label[1] :]) if label and _SIDE.fullmatch(label[0]) else []
        if not label or len(entries) < 2 or len(statements) + len(entries) > MOST_POINTS + 2:
            found.append(statement)
            continue
        gap = "：" if is_chinese(statement.text) else ": "
        found.extend(replace(statement, text=f"{label[0]}{gap}{entry}", item=True) for entry in entries)
    return found


def offered(question: str, statements: Sequence[Statement]) -> int:
    """How many of the entries of an enumeration the question asks for; 0 when all of them are needed."""
    needed = needed_in(question)
    entries = [s for s in statements if s.item and not s.extra]
    return needed if 0 < needed < len(entries) == len(statements) else 0


def as_choice(statements: Sequence[Statement], needed: int) -> list[Statement]:
    """Each statement as an alternative, of which `needed` make a full answer."""
    return [replace(s, choice=Choice(needed, 0, i)) for i, s in enumerate(statements)]


def chosen_among(statements: Sequence[Statement], *, reference: bool = False) -> Parted:
    """At most MOST_POINTS: what is needed in any case, and the alternatives; beside them what found no room.

    Of each set of alternatives as many are vital as are needed, the rest is a bonus of the same weight.
    """
    fixed = [s for s in statements if s.choice is None]
    sets: dict[int, list[Statement]] = {}
    for statement in statements:
        if statement.choice is not None:
            options = sets.setdefault(statement.choice.among, [])
            if all(s.choice != statement.choice for s in options):
                options.append(statement)
    room = max(1, MOST_POINTS - sum(_needed(s) + 1 for s in sets.values()))
    found, over = gathered(fixed, room) if reference else (list(fixed[:room]), [])
    room = MOST_POINTS - len(found)
    for left, options in zip(range(len(sets), 0, -1), sets.values(), strict=True):
        share = room // left
        taken, lost = _all_of(options, share) if reference else (_alternatives(options, share), [])
        found.extend(taken)
        over.extend(lost)
        room -= len(taken)
    return sorted(found, key=lambda s: s.start)[:MOST_POINTS], over


def _needed(options: Sequence[Statement]) -> int:
    return options[0].choice.needed if options[0].choice else len(options)


def _alternatives(options: Sequence[Statement], room: int) -> list[Statement]:
    """The alternatives in at most `room` statements; those that share one weigh as many as they are."""
    needed = min(_needed(options), room)
    vital = [replace(s, marks=1.0, extra=False) for s in options[:needed]]
    rest, slots = options[needed:], room - needed
    if slots < 1:
        return vital
    size, more = divmod(len(rest), slots)
    found, cursor = vital, 0
    for i in range(min(slots, len(rest))):
        end = cursor + size + (i < more)
        found.append(_shared(rest[cursor:end]))
        cursor = end
    return found


def _all_of(options: Sequence[Statement], room: int) -> Parted:
    """Every alternative in at most `room` statements, as many of them needed as there are to be."""
    needed = _needed(options)
    even = [replace(s, marks=1.0, extra=i >= needed) for i, s in enumerate(options)]
    slots = max(1, min(needed, room - (len(options) > needed)))
    vital, over = in_at_most(even[:needed], slots)
    bonus, left = in_at_most(even[needed:], room - slots)
    return [*vital, *bonus], [*over, *left]


def _shared(options: Sequence[Statement]) -> Statement:
    text = "；".join(s.text for s in options)
    text = text if len(text) <= LONGEST else options[0].text
    return replace(options[0], text=text, marks=float(len(options)), extra=True)
