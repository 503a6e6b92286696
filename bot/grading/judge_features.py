"""The judge that needs no language model: evidence, features, verifier, safeguards."""

from dataclasses import dataclass

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


@dataclass(frozen=True, slots=True)
class Reading:
    """What words and closeness say of one key point.

    Attributes:
        evidence: What in the answer speaks to it.
        row: Features, shape (len(NAMES),).
        raw: Probabilities of the verifier alone, shape (4,) in the order of STATUSES.
        verbatim: Whether the point stands in the answer word for word.
        listed: Whether its words are only strung together there.
    """

    evidence: Evidence
    row: Features
    raw: Features
    verbatim: bool
    listed: bool

    def tempered(self, probabilities: Features) -> Features:
        """Anybody's probabilities of shape (4,) after the rules that hold whatever was trained."""
        return temper(probabilities, self.row, verbatim=self.verbatim, listed=self.listed)


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
        return tuple(
            verdict_of(case, reading.evidence, reading.tempered(reading.raw))
            for reading in self.readings(case)
        )

    def readings(self, case: GradingCase) -> tuple[Reading, ...]:
        """What is found for each key point, before the rules.

        Raises:
            ModelUnavailable: The embedder cannot be loaded.
        """
        points = [point.text for point in case.key_points]
        found = self._reader.read(case.question, points, case.screening.text)
        rows = np.stack([vector(evidence) for evidence in found])
        judged = self._verifier.probabilities(rows)
        return tuple(
            Reading(evidence, row, raw, verbatim(evidence), strung_together(evidence))
            for evidence, row, raw in zip(found, rows, judged, strict=True)
        )


def verdict_of(case: GradingCase, evidence: Evidence, probabilities: Features) -> Verdict:
    """The likeliest status of probabilities of shape (4,), and what it earns."""
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
