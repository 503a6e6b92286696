"""What the verifier learns from: one answer held to one key point, with a weighted guess at its status."""

from dataclasses import dataclass

Target = tuple[float, float, float, float]
"""Weights of (covered, partial, missing, contradicted), each 0..1, in sum 1."""

COVERED: Target = (1.0, 0.0, 0.0, 0.0)
PARTIAL: Target = (0.0, 1.0, 0.0, 0.0)
MISSING: Target = (0.0, 0.0, 1.0, 0.0)
CONTRADICTED: Target = (0.0, 0.0, 0.0, 1.0)


@dataclass(frozen=True, slots=True)
class Row:
    """One answer held to one key point.

    Attributes:
        source: Set it comes from; 'made:<kind>' for those that code made.
        group: Question, unique within the source: a split never parts it.
        answer_id: Rows of one answer share it.
        score: What a person gave the whole answer, 0..1; None where there is none.
        weight: Of this row in training, above 0.
    """

    source: str
    group: str
    answer_id: str
    question: str
    point: str
    answer: str
    target: Target
    score: float | None = None
    weight: float = 1.0
