"""What a model is asked in its check."""

from enum import StrEnum
from functools import cache
from importlib.resources import files
from typing import Self

from pydantic import Field, model_validator

from bot.domain.grades import STATUS_VALUE, Status
from bot.domain.questions import KeyPoint
from bot.domain.spans import Frozen, digest

FILE = "probes.jsonl"
TURNED = 10
"""Graded answers that are asked once more with the key points in the opposite order."""


class Kind(StrEnum):
    """What a probe is for."""

    GRADED = "graded"
    """An answer with its right verdicts: agreement."""
    CONTENT_FREE = "content_free"
    """Fluent words that say nothing."""
    NEGATION = "negation"
    """An answer that says the opposite of one key point."""
    ADHERENCE = "adherence"
    """A key point that common knowledge would not give."""
    TURNED = "turned"
    """A graded answer with everything in the opposite order."""


class Probe(Frozen):
    """An answer and what a good judge says of it."""

    id: str
    kind: Kind
    lang: str
    question: str
    points: tuple[str, ...] = Field(min_length=1)
    answer: str
    verdicts: tuple[Status, ...]

    @model_validator(mode="after")
    def _complete(self) -> Self:
        if len(self.points) != len(self.verdicts):
            raise ValueError("one verdict for each key point")
        return self

    @property
    def key_points(self) -> tuple[KeyPoint, ...]:
        """The points as a grader takes them."""
        return tuple(KeyPoint(text=point, quote=None) for point in self.points)

    @property
    def gold(self) -> float:
        """The right score, 0..1, contradictions at no penalty."""
        return sum(STATUS_VALUE[status] for status in self.verdicts) / len(self.verdicts)

    @property
    def turned(self) -> "Probe":
        """The same with the key points in the opposite order."""
        return self.model_copy(
            update={
                "id": f"{Kind.TURNED}-{self.id}",
                "kind": Kind.TURNED,
                "points": self.points[::-1],
                "verdicts": self.verdicts[::-1],
            }
        )


@cache
def shipped_probes() -> tuple[Probe, ...]:
    """Every probe in the order in which they are asked."""
    lines = files(__package__ or "").joinpath(FILE).read_text("utf-8").splitlines()
    probes = [Probe.model_validate_json(line) for line in lines]
    graded = [probe for probe in probes if probe.kind is Kind.GRADED]
    # Full, partial and wrong answers stand in turn, so that every fifth and its neighbour are a mixture.
    chosen = [probe for place, probe in enumerate(graded) if place % 5 in (0, 1)][:TURNED]
    return (*probes, *(probe.turned for probe in chosen))


def probes_hash(probes: tuple[Probe, ...]) -> str:
    """Version of a set of probes."""
    return digest(*(probe.model_dump_json() for probe in probes))
