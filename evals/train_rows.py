"""What the verifier learns from: one answer held to the key points of its question."""

from dataclasses import dataclass

Target = tuple[float, float, float, float]
"""Weights of (covered, partial, missing, contradicted): in sum 1; above it one of them, unknown which."""

COVERED: Target = (1.0, 0.0, 0.0, 0.0)
PARTIAL: Target = (0.0, 1.0, 0.0, 0.0)
MISSING: Target = (0.0, 0.0, 1.0, 0.0)
CONTRADICTED: Target = (0.0, 0.0, 0.0, 1.0)
PARTIAL_OR_MISSING: Target = (0.0, 1.0, 1.0, 0.0)


@dataclass(frozen=True, slots=True)
class Point:
    """A key point as the score counts it."""

    text: str
    weight: float = 1.0
    vital: bool = True


@dataclass(frozen=True, slots=True)
class Row:
    """One answer held to one set of key points; alternatives of a reference are rows of one answer_id.

    Attributes:
        source: Set it comes from; 'made:<kind>' for those that code made.
        group: Question, unique within the source: a split never parts it.
        targets: For each point; empty where only a score is known.
        score: What the whole answer is worth, 0..1; None where it is not to be fitted.
        measured: Whether figures count it: the key points are those that the product would use.
    """

    source: str
    group: str
    answer_id: str
    question: str
    answer: str
    points: tuple[Point, ...]
    targets: tuple[Target, ...] = ()
    score: float | None = None
    measured: bool = True

    @property
    def vital(self) -> float:
        """Sum of the weights that make full marks."""
        return sum(point.weight for point in self.points if point.vital)
