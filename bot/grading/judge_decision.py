"""The judge that asks a decision model: all key points in one call, its probabilities as they come."""

from collections.abc import Mapping, Sequence

from bot.domain.grades import STATUS_VALUE, Status, Verdict
from bot.grading.carrying import carried
from bot.grading.evidence import Evidence, Reader
from bot.grading.judging import DECIMALS, GradingCase, Judge
from bot.grading.verifier import shipped_verifier
from bot.prompts.decision import decision_choices, decision_state
from bot.seams import DecisionModel, Probabilities, TokenEmbedder

_DOUBTED = {0.5: 0.7, 1.0: 0.4}
"""Highest confidence where the second opinion differs by up to so many points."""


class DecisionJudge:
    """A decision model as judge; the quote is the clause that carries the point, found by code.

    Args:
        model: Any decision model.
        embedder: For finding the clause.
        second: A judge that costs nothing; where it disagrees, confidence is lower. None: nobody is asked.
        backwards: Name the statuses in the opposite order.
    """

    def __init__(
        self,
        model: DecisionModel,
        embedder: TokenEmbedder,
        second: Judge | None = None,
        *,
        backwards: bool = False,
    ) -> None:
        self._model = model
        self._reader = Reader(embedder, shipped_verifier().rarity, shipped_verifier().token_rarity)
        self._second = second
        self._backwards = backwards

    @property
    def path(self) -> str:
        """The model's name, 'systemone:…'."""
        return self._model.name

    def judge(self, case: GradingCase) -> tuple[Verdict, ...]:
        """One verdict for each key point.

        Raises:
            ModelUnavailable: The server gives no usable answer, or the embedder is not there.
        """
        points = [point.text for point in case.key_points]
        text = case.screening.text
        choices = decision_choices(points, backwards=self._backwards)
        decided = self._model.decide(decision_state(case.question, text), choices)
        found = self._reader.read(case.question, points, text)
        verdicts = [_verdict(case, *pair) for pair in zip(decided, found, strict=True)]
        return tuple(verdicts) if self._second is None else doubted(verdicts, self._second.judge(case))


def doubted(verdicts: Sequence[Verdict], others: Sequence[Verdict]) -> tuple[Verdict, ...]:
    """The verdicts, with less confidence where a second opinion differs."""
    return tuple(
        verdict.model_copy(update={"confidence": min(verdict.confidence, _cap(verdict.status, other.status))})
        for verdict, other in zip(verdicts, others, strict=True)
    )


def _cap(status: Status, other: Status) -> float:
    if status is other:
        return 1.0
    distance = abs(STATUS_VALUE[status] - STATUS_VALUE[other])
    return next(cap for most, cap in _DOUBTED.items() if distance <= most)


def _verdict(case: GradingCase, probabilities: Probabilities, evidence: Evidence) -> Verdict:
    """The likeliest status; what it earns is the expected value, and nothing where there is no evidence."""
    rounded: Mapping[Status, float] = {status: round(probabilities[status], DECIMALS) for status in Status}
    status = max(Status, key=lambda each: rounded[each])
    expected = sum(STATUS_VALUE[each] * share for each, share in rounded.items())
    nothing = status in (Status.MISSING, Status.CONTRADICTED)
    return Verdict(
        status=status,
        confidence=min(1.0, rounded[status]),
        quote=carried(case, evidence, status),
        value=0.0 if nothing else min(1.0, round(expected, DECIMALS)),
    )
