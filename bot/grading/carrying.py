"""Which clause of an answer a verdict quotes, where code has to find it: the one that carries the verdict."""

from collections.abc import Iterator

from bot.domain.grades import AnswerQuote, Status
from bot.grading import stance
from bot.grading.clauses import Segment, clauses
from bot.grading.evidence import Evidence
from bot.grading.judging import GradingCase
from bot.grading.quotes import echoes
from bot.grading.words import unit_set

SAME_THING = 0.3
"""Share of the point's content units that a part has to hold to be about the same."""


def carried(case: GradingCase, evidence: Evidence, status: Status) -> AnswerQuote | None:
    """What a verdict of this status quotes of the learner's words; None where the point is missing."""
    if status is Status.MISSING:
        return None
    place = carrier(evidence, status)
    return case.quote(place.start, place.end)


def carrier(evidence: Evidence, status: Status) -> Segment:
    """The part of the answer to quote for a verdict that is not missing.

    It is the clause nearest to the point. Where that one holds nothing against the point, it is no evidence
    for 'contradicted': then it is the clause that says the opposite, if negation, opposite words, other
    numbers or changed places show one.
    """
    nearest = evidence.quote
    if status is not Status.CONTRADICTED or echoes(evidence.question, nearest.text):
        return nearest
    return nearest if _strength(evidence, nearest.text) > stance.SHOWN else _turned(evidence) or nearest


def _turned(evidence: Evidence) -> Segment | None:
    """The clause, or sentence, that most surely says the opposite of what the point says."""
    found = [
        (strength * shared, -len(part.text), -part.start, part)
        for part in _parts(evidence)
        if (shared := _shared(evidence, part.text)) >= SAME_THING
        and (strength := _strength(evidence, part.text)) > stance.SHOWN
    ]
    return max(found, key=lambda one: one[:3])[3] if found else None


def _parts(evidence: Evidence) -> Iterator[Segment]:
    """Sentences and their clauses that are no part of the question."""
    for sentence in evidence.ranked:
        inside = [
            Segment(one.text, sentence.start + one.start, sentence.start + one.end)
            for one in clauses(sentence.text)
        ]
        for part in dict.fromkeys((sentence, *inside)):
            if not echoes(evidence.question, part.text):
                yield part


def _shared(evidence: Evidence, said: str) -> float:
    """Share of the point's content units that a text holds."""
    wanted = unit_set(evidence.point)
    return len(wanted & unit_set(said)) / len(wanted) if wanted else 0.0


def _strength(evidence: Evidence, said: str) -> float:
    """How surely a text says the opposite of the point, 0..1."""
    point = evidence.point
    compared = stance.compares(point) and stance.compares(said)
    return max(
        stance.opposed(point, said),
        stance.number_conflict(evidence.question, point, said),
        stance.inversion(point, said) if compared else 0.0,
    )
