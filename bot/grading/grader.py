"""The examiner's front door: gate, judge, record."""

from collections.abc import Callable
from dataclasses import dataclass
from time import perf_counter
from uuid import uuid4

from bot.domain.errors import KaodianError
from bot.domain.grades import Flag, Grade, Status, Trust, Verdict
from bot.domain.judges import GATE, LARGE_MODELS
from bot.domain.questions import KeyPoint, key_points_hash
from bot.grading.checks import off_topic, tempered
from bot.grading.gate import Screening, screen
from bot.grading.judging import GradingCase, Judge, Watch, no_watch
from bot.grading.normal import plain, storable
from bot.grading.quotes import proven
from bot.grading.words import unit_set

OFF_TOPIC_SHARE = 0.15
"""Share of an answer's content words known from question or key points, up to which it is off topic."""
NewId = Callable[[], str]
Seconds = Callable[[], float]


@dataclass(frozen=True, slots=True)
class _Findings:
    """What a grading found."""

    verdicts: tuple[Verdict, ...] = ()
    flags: tuple[Flag, ...] = ()
    path: str = GATE
    error: str | None = None


class Grader:
    """Grades one answer at a time.

    Args:
        judge: Reads what the gate lets through.
        trust: How far the judge's grades can be trusted.
        new_id: Makes the id of each grade.
        timer: Seconds of a steady clock.
        watch: Told of each verdict as soon as the judge is sure of it.
    """

    def __init__(
        self,
        judge: Judge,
        trust: Trust = Trust.UNCHECKED,
        *,
        new_id: NewId = lambda: uuid4().hex,
        timer: Seconds = perf_counter,
        watch: Watch = no_watch,
    ) -> None:
        self._judge = judge
        self.trust = trust
        self._watch = watch
        self._new_id = new_id
        self._timer = timer

    def grade(
        self,
        question_id: str,
        question: str,
        key_points: tuple[KeyPoint, ...],
        answer: str,
        passage: str | None = None,
    ) -> Grade:
        """Grade `answer` against `key_points`.

        A judge that fails gives a grade with an error and no score.

        Args:
            question_id: Kept with the grade.
            question: As asked.
            key_points: At least one vital one.
            answer: The learner's words, as typed.
            passage: The notes behind the question, to notice copying; None: the key points' quotes.

        Raises:
            AnswerTooLong: The answer is above the length cap; nothing was judged.
        """
        answer = storable(answer)
        started = self._timer()
        findings = self._findings(question, key_points, answer, passage)
        return Grade(
            id=self._new_id(),
            question_id=question_id,
            question=question,
            key_points=key_points,
            key_points_hash=key_points_hash(question, key_points),
            answer=answer,
            verdicts=findings.verdicts,
            flags=findings.flags,
            path=findings.path,
            trust=Trust.HIGH if findings.path == GATE else self.trust,
            seconds=max(0.0, self._timer() - started),
            error=findings.error,
        )

    def _findings(
        self, question: str, key_points: tuple[KeyPoint, ...], answer: str, passage: str | None
    ) -> _Findings:
        texts = tuple(point.text for point in key_points)
        screening = screen(question, answer, _passages(key_points, passage), texts)
        if screening.stopped:
            return _Findings(_nothing(key_points), screening.flags)
        try:
            judged = self._judge.judge(GradingCase(question, key_points, screening, self._watch))
            verdicts = proven(question, tempered(key_points, judged, screening.text))
            if not self._judge.path.startswith(LARGE_MODELS) and off_topic(
                question, key_points, screening.text
            ):
                verdicts = _nothing(key_points)
            flags = _all_flags(screening, verdicts)
            if _off_topic(question, key_points, screening.text, verdicts):
                flags += (Flag.OFF_TOPIC,)
            return _Findings(verdicts, flags, self._judge.path)
        except KaodianError as error:
            return _Findings(flags=screening.flags, path=self._judge.path, error=str(error))


def _off_topic(
    question: str, key_points: tuple[KeyPoint, ...], text: str, verdicts: tuple[Verdict, ...]
) -> bool:
    """Whether nothing was found and the answer shares next to no words with what was asked or wanted."""
    if any(verdict.status is not Status.MISSING or verdict.unverified for verdict in verdicts):
        return False
    said = unit_set(text)
    known = unit_set(plain(question)).union(*(unit_set(plain(point.text)) for point in key_points))
    return len(said & known) <= OFF_TOPIC_SHARE * len(said)


def _passages(key_points: tuple[KeyPoint, ...], passage: str | None) -> tuple[str, ...]:
    if passage is not None:
        return (passage,)
    return tuple(point.quote.text for point in key_points if point.quote is not None)


def _nothing(key_points: tuple[KeyPoint, ...]) -> tuple[Verdict, ...]:
    return tuple(Verdict(status=Status.MISSING, confidence=1.0) for _ in key_points)


def _all_flags(screening: Screening, verdicts: tuple[Verdict, ...]) -> tuple[Flag, ...]:
    flags = list(screening.flags)
    if any(verdict.unverified for verdict in verdicts):
        flags.append(Flag.UNVERIFIED)
    if any(verdict.conflict for verdict in verdicts):
        flags.append(Flag.CONFLICT)
    return tuple(flags)
