"""The judge that needs no language model: evidence, features, verifier, safeguards."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bot.domain.grades import Verdict
from bot.domain.judges import FEATURES
from bot.grading.carrying import carried
from bot.grading.evidence import Evidence, Reader
from bot.grading.features import Features, plainly_denied, vector
from bot.grading.judging import DECIMALS, GradingCase
from bot.grading.manner import as_read
from bot.grading.safeguards import CONTRADICTED, safeguarded, speaks_to_none, worth
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

LIKELY_AGAINST, SURELY_AGAINST = 0.5, 0.9
"""Probability from which a key point counts as contradicted where no word shows it, and a part of a
reference in any case; below it the likeliest other status counts.

Nothing costs more trust than a right answer called wrong. Examiners who hold answers to a reference take
marks off for what is wrong only where it is plain. The first: more likely than all else together. The
second was chosen on sets that the weights had not seen (evals.train_reference).
"""

FULL_FROM = 0.75
"""Expected value from which a key point earns everything here: alone, the verifier is less sure of right
answers than the embedded judge is. On the gold set's development half the agreement is the same, and the mean
error half of that with EXPECTED_TO."""


@dataclass(frozen=True, slots=True)
class Finding:
    """What is known of one key point before it becomes a verdict.

    Attributes:
        features: Shape (len(NAMES),), float64, in the order of bot.grading.features.NAMES.
        general: Shape (4,), in the order of STATUSES: log-probabilities by the networks of all sets, before
            any safeguard. What another judge weighs with its own (bot/grading/stack.json was fitted so).
        probabilities: Shape (4,): by the networks for this kind of key points, after the safeguards.
        value: Share of the point's weight that is earned, 0..1.
    """

    evidence: Evidence
    features: Features
    general: Features
    probabilities: Features
    value: float


class FeatureJudge:
    """Judges each key point by words, meaning and stance; the same answer gets the same verdicts.

    Args:
        embedder: The encoder that the verifier was trained with.
        verifier: Weights; None: those that ship with the product.
        by_reference: Whether the key points are parts of a reference answer.
    """

    path = FEATURES

    def __init__(
        self, embedder: TokenEmbedder, verifier: Verifier | None = None, *, by_reference: bool = False
    ) -> None:
        self._by_reference = by_reference
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
        found = self._reader.read(question, points, as_read(text, question, *points))
        rows = np.stack([vector(evidence) for evidence in found])
        general = self._verifier.probabilities(rows, by_reference=True)
        judged = general if self._by_reference else self._verifier.probabilities(rows)
        lines = self._verifier.values(rows) if self._by_reference else None
        after = np.stack([safeguarded(*pair) for pair in zip(found, rows, judged, strict=True)])
        values = values_of(judged, after, lines, rows)
        return tuple(
            Finding(
                evidence=evidence,
                features=rows[i],
                general=np.log(np.maximum(general[i], 1e-9)),
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
        findings = self.findings(case.question, points, case.screening.text)
        return tuple(_verdict(case, one, self._against(one.evidence)) for one in findings)

    def _against(self, evidence: Evidence) -> float:
        """Probability that contradicted needs."""
        if self._by_reference:
            return SURELY_AGAINST
        return 0.0 if plainly_denied(evidence) else LIKELY_AGAINST


def values_of(before: Features, after: Features, lines: Features | None, features: Features) -> Features:
    """Share of each key point's weight that an answer earns, shape (points,), 0..1.

    Args:
        before: Probabilities before the safeguards, shape (points, 4).
        after: After them.
        lines: From Verifier.values, shape (points,): how lenient examiners are with parts of a reference;
            None: key points, which earn what their probabilities say.
        features: What the verifier saw, shape (points, len(NAMES)).
    """
    if speaks_to_none(features, after):
        return np.zeros(len(after))
    expected = after @ VALUES
    if lines is None:
        return np.array([earned(float(value), FULL_FROM) for value in expected])
    other = [worth(float(line), *row) for line, *row in zip(lines, before, after, features, strict=True)]
    mixed = (1 - LINE_SHARE) * expected + LINE_SHARE * np.array(other)
    return np.array([earned(float(value)) for value in mixed])


def likeliest(probabilities: Features, against: Features | float) -> NDArray[np.int64]:
    """Place of the status of each row in STATUSES, shape (n,), for probabilities of shape (n, 4).

    Args:
        probabilities: After the safeguards.
        against: Probability that contradicted needs, of all rows or of each; below it the likeliest of the
            others counts.
    """
    first = probabilities.argmax(axis=1)
    doubtful = (first == CONTRADICTED) & (probabilities[:, CONTRADICTED] < against)
    return np.where(doubtful, probabilities[:, :CONTRADICTED].argmax(axis=1), first)


def _verdict(case: GradingCase, finding: Finding, against: float) -> Verdict:
    """The likeliest status, and what it earns."""
    place = int(likeliest(finding.probabilities[None], against)[0])
    status = STATUSES[place]
    return Verdict(
        status=status,
        confidence=min(1.0, float(finding.probabilities[place])),
        quote=carried(case, finding.evidence, status),
        value=finding.value,
    )


def earned(expected: float, full_from: float = EXPECTED_TO) -> float:
    """A mean of probabilities as a share of marks, both 0..1, with doubt cut off at both ends.

    A right answer loses nothing to it, and a wrong one gains nothing.
    """
    return round(min(1.0, max(0.0, (expected - EXPECTED_FROM) / (full_from - EXPECTED_FROM))), DECIMALS)
