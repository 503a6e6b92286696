"""The judge that needs no language model: evidence, features, verifier, safeguards."""

import numpy as np

from bot.domain.grades import Status, Verdict
from bot.grading.evidence import Evidence, Reader
from bot.grading.features import Features, strung_together, vector, verbatim
from bot.grading.judging import GradingCase
from bot.grading.safeguards import temper
from bot.grading.verifier import STATUSES, Verifier, shipped_verifier
from bot.seams import Embedder

_VALUES = np.array([1.0, 0.5, 0.0, 0.0])
FULL = 0.7
"""An expected value from here on counts as 1: a right answer loses nothing to remaining doubt."""
NOTHING = 0.3
"""Where the straight line from nothing to all begins for a covered point."""


class FeatureJudge:
    """Judges each key point on its own, by words, meaning and stance; the same answer gets the same verdicts.

    Args:
        embedder: Where closeness of meaning comes from.
        verifier: Weights; None: those that ship with the product.
        path: What a grade names as its way.
    """

    def __init__(
        self, embedder: Embedder, verifier: Verifier | None = None, *, path: str = "features"
    ) -> None:
        self.path = path
        self._verifier = verifier or shipped_verifier()
        self._reader = Reader(embedder, self._verifier.rarity)

    def judge(self, case: GradingCase) -> tuple[Verdict, ...]:
        """One verdict for each key point.

        Raises:
            ModelUnavailable: The embedder cannot be loaded.
        """
        found = self._reader.read(
            case.question, [point.text for point in case.key_points], case.screening.text
        )
        rows = np.stack([vector(evidence) for evidence in found])
        judged = self._verifier.probabilities(rows)
        return tuple(
            _verdict(
                case,
                evidence,
                temper(judged[i], rows[i], verbatim=verbatim(evidence), listed=strung_together(evidence)),
            )
            for i, evidence in enumerate(found)
        )


def _verdict(case: GradingCase, evidence: Evidence, probabilities: Features) -> Verdict:
    """The likeliest status, and what it earns."""
    rounded = np.round(probabilities, 3)
    status = STATUSES[int(np.argmax(rounded))]
    quote = None
    if status is not Status.MISSING:
        quote = case.quote(evidence.quote.start, evidence.quote.end)
    return Verdict(
        status=status,
        confidence=min(1.0, float(rounded.max())),
        quote=quote,
        value=earned(status, float(rounded @ _VALUES)),
    )


def earned(status: Status, expected: float) -> float:
    """Share of a key point's weight for a status and the expected value of its probabilities, 0..1.

    Covered: all from FULL on, at least half. Partial: the expected value, kept between 0.25 and 0.75.
    """
    if status is Status.COVERED:
        return round(min(1.0, max(0.5, (expected - NOTHING) / (FULL - NOTHING))), 3)
    return round(min(0.75, max(0.25, expected)), 3) if status is Status.PARTIAL else 0.0
