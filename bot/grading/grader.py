"""The examiner's front door: gate, judge, record."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from time import perf_counter
from uuid import uuid4

from bot.domain.errors import KaodianError
from bot.domain.grades import Flag, Grade, Status, Trust, Verdict
from bot.domain.judges import GATE, LARGE_MODELS
from bot.domain.questions import KeyPoint, key_points_hash
from bot.grading.checks import limited
from bot.grading.gate import screen
from bot.grading.judging import GradingCase, Judge, Watch, no_watch
from bot.grading.manner import as_read
from bot.grading.normal import plain, storable
from bot.grading.quotes import proven
from bot.grading.topic import shares_little, shares_nothing

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
        case = GradingCase(question, key_points, screening, self._watch)
        try:
            verdicts = self._checked(case, self._judged(case))
        except KaodianError as error:
            return _Findings(flags=screening.flags, path=self._judge.path, error=str(error))
        flags = _all_flags(case, verdicts)
        if Flag.OFF_TOPIC in flags:
            verdicts = _nothing(case.key_points)
        return _Findings(verdicts, flags, self._judge.path)

    def _judged(self, case: GradingCase) -> tuple[Verdict, ...]:
        """The judge's verdicts. It gets the points in one order, whatever theirs is: some judges mind it."""
        order = sorted(range(len(case.key_points)), key=lambda place: case.key_points[place].text)
        given = replace(
            case,
            key_points=tuple(case.key_points[place] for place in order),
            watch=lambda number, verdict: case.watch(order[number], verdict),
        )
        verdicts = dict(zip(order, self._judge.judge(given), strict=True))
        return tuple(verdicts[place] for place in range(len(order)))

    def _checked(self, case: GradingCase, judged: tuple[Verdict, ...]) -> tuple[Verdict, ...]:
        """What is left of a judge's verdicts after what code knows of the answer."""
        if not self._judge.path.startswith(LARGE_MODELS) and shares_nothing(*_normal(case)):
            return _nothing(case.key_points)
        within = limited(case.key_points, judged, case.screening.text, plain(case.question))
        return proven(case.question, within)


def _normal(case: GradingCase) -> tuple[str, tuple[str, ...], str]:
    """Question, key points, and what of the answer is read, in normal form."""
    question, points = plain(case.question), tuple(plain(point.text) for point in case.key_points)
    return question, points, as_read(case.screening.text, question, *points)


def _passages(key_points: tuple[KeyPoint, ...], passage: str | None) -> tuple[str, ...]:
    if passage is not None:
        return (passage,)
    return tuple(point.quote.text for point in key_points if point.quote is not None)


def _nothing(key_points: tuple[KeyPoint, ...]) -> tuple[Verdict, ...]:
    return tuple(Verdict(status=Status.MISSING, confidence=1.0) for _ in key_points)


def _all_flags(case: GradingCase, verdicts: tuple[Verdict, ...]) -> tuple[Flag, ...]:
    unverified = any(verdict.unverified for verdict in verdicts)
    missing = all(verdict.status is Status.MISSING for verdict in verdicts)
    found = {
        Flag.UNVERIFIED: unverified,
        Flag.CONFLICT: any(verdict.conflict for verdict in verdicts),
        Flag.OFF_TOPIC: missing and not unverified and shares_little(*_normal(case)),
    }
    return (*case.screening.flags, *(flag for flag, is_so in found.items() if is_so))
