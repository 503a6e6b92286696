"""The judge that needs no language model: evidence, features, verifier, safeguards."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from bot.domain.grades import Verdict
from bot.domain.judges import FEATURES
from bot.grading.carrying import carried
from bot.grading.clauses import said_once
from bot.grading.evidence import Evidence, Reader
from bot.grading.features import Features, vector
from bot.grading.judging import DECIMALS, GradingCase
from bot.grading.safeguards import safeguarded, speaks_to_none, worth
from bot.grading.verifier import (
    EXPECTED_FROM,
    EXPECTED_TO,
    LINE_SHARE,
    STATUSES,
    VALUES,
    Verifier,
    shipped_verifier,
)
from bot.seams import TokenEmbedder


@dataclass(frozen=True, slots=True)
class Finding:
    """What is known of one key point before it becomes a verdict.

    Attributes:
        features: Shape (len(NAMES),), float64, in the order of bot.grading.features.NAMES.
        log_probabilities: Shape (4,), in the order of STATUSES: of the verifier alone, before any safeguard.
        probabilities: Shape (4,): after the safeguards.
        value: Share of the point's weight that is earned, 0..1.
    """

    evidence: Evidence
    features: Features
    log_probabilities: Features
    probabilities: Features
    value: float


class FeatureJudge:
    """Judges each key point by words, meaning and stance; the same answer gets the same verdicts.

    Args:
        embedder: The encoder that the verifier was trained with.
        verifier: Weights; None: those that ship with the product.
        path: What a grade names as its way.
    """

    def __init__(
        self, embedder: TokenEmbedder, verifier: Verifier | None = None, *, path: str = FEATURES
    ) -> None:
        self.path = path
        self._verifier = verifier or shipped_verifier()
        self._reader = Reader(embedder, self._verifier.rarity, self._verifier.token_rarity)

    def findings(self, question: str, points: Sequence[str], text: str) -> tuple[Finding, ...]:
        """What is known of each key point, in order, for a judge of its own kind or for another to build on.

        Args:
            question: As asked.
            points: Texts of the key points.
            text: The answer as a gate let it through (Screening.text).

        Raises:
            ModelUnavailable: The embedder cannot be loaded.
        """
        found = self._reader.read(question, points, said_once(text))
        rows = np.stack([vector(evidence) for evidence in found])
        judged, lines = self._verifier.probabilities(rows), self._verifier.values(rows)
        after = np.stack([safeguarded(*pair) for pair in zip(found, rows, judged, strict=True)])
        values = values_of(judged, after, lines, rows)
        return tuple(
            Finding(
                evidence=evidence,
                features=rows[i],
                log_probabilities=np.log(np.maximum(judged[i], 1e-9)),
                probabilities=after[i],
                value=float(values[i]),
            )
            for i, evidence in enumerate(found)
        )

    def judge(self, case: GradingCase) -> tuple[Verdict, ...]:
        """One verdict for each key point.

        Raises:
            ModelUnavailable: The embedder cannot be loaded.
        """
        points = [point.text for point in case.key_points]
        return tuple(_verdict(case, one) for one in self.findings(case.question, points, case.screening.text))


def values_of(before: Features, after: Features, lines: Features, features: Features) -> Features:
    """Share of each key point's weight that an answer earns, shape (points,), 0..1.

    Args:
        before: Probabilities before the safeguards, shape (points, 4).
        after: After them.
        lines: From Verifier.values, shape (points,).
        features: What the verifier saw, shape (points, len(NAMES)).
    """
    if speaks_to_none(features, after):
        return np.zeros(len(lines))
    other = np.array([worth(float(lines[i]), before[i], after[i], features[i]) for i in range(len(lines))])
    mixed = (1 - LINE_SHARE) * (after @ VALUES) + LINE_SHARE * other
    return np.array([earned(float(value)) for value in mixed])


def _verdict(case: GradingCase, finding: Finding) -> Verdict:
    """The likeliest status, and what it earns."""
    status = STATUSES[int(np.argmax(finding.probabilities))]
    return Verdict(
        status=status,
        confidence=min(1.0, float(finding.probabilities.max())),
        quote=carried(case, finding.evidence, status),
        value=finding.value,
    )


def earned(expected: float) -> float:
    """A mean of probabilities as a share of marks, both 0..1, with doubt cut off at both ends.

    A right answer loses nothing to it, and a wrong one gains nothing.
    """
    return round(min(1.0, max(0.0, (expected - EXPECTED_FROM) / (EXPECTED_TO - EXPECTED_FROM))), DECIMALS)
