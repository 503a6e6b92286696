"""The seam behind which key points are made, with a language model or without one."""

from collections.abc import Sequence
from enum import StrEnum
from typing import Protocol

from pydantic import Field

from bot.domain.questions import BONUS_WEIGHT, VITAL_WEIGHT, Weight
from bot.domain.spans import Frozen, Span

MOST_POINTS = 7
"""Key points of one question."""


class Passage(Frozen):
    """The text that answers a question: a part of a note, or a whole reference."""

    raw: str
    """Text that the spans are places in."""
    spans: tuple[Span, ...]
    """What may be quoted, in order; a quote never crosses two."""
    reference: bool = False
    """Whether all of it is the answer, as somebody wrote it to grade against."""

    @property
    def text(self) -> str:
        """The passage as a reader sees it."""
        return "\n".join(span.cut(self.raw).strip("\n") for span in self.spans)


class MadePoint(Frozen):
    """A key point and the place of the passage that says it."""

    text: str = Field(min_length=1)
    weight: Weight = VITAL_WEIGHT
    vital: bool = True
    place: Span | None = None
    """None where no single place says it."""


class DropReason(StrEnum):
    """Why a maker let a key point go."""

    NO_QUOTE = "no_quote"
    """Its quote stands nowhere in the passage, nor nearly."""
    UNSUPPORTED = "unsupported"
    """It says what its quote does not say."""
    TOLD = "told"
    """The question says it already."""
    REPEATED = "repeated"
    TOO_LONG = "too_long"
    """Stands in a reference that is longer than the key points of one question can hold."""


class Dropped(Frozen):
    """A key point that a maker let go."""

    text: str
    reason: DropReason


class Made(Frozen):
    """What a maker made of one passage."""

    points: tuple[MadePoint, ...]
    """At most MOST_POINTS, in the order of the passage; with any, at least one is vital."""
    dropped: tuple[Dropped, ...] = ()
    mended: int = 0
    """Quotes that were nearly verbatim and moved to their place."""
    calls: int = 0
    """Of a language model."""


class KeyPointMaker(Protocol):
    """Makes the key points of a question from the passage that answers it."""

    @property
    def name(self) -> str:
        """What made them, for records: 'structure', or the name of a language model."""
        ...

    def make(self, question: str, passage: Passage) -> Made:
        """Key points of `question`; none where the passage says nothing.

        Raises:
            ModelUnavailable: A language model does not answer.
        """
        ...


def whole(text: str) -> Passage:
    """A reference as a passage."""
    return Passage(raw=text, spans=(Span(start=0, end=len(text)),), reference=True)


def with_a_vital(points: Sequence[MadePoint]) -> tuple[MadePoint, ...]:
    """The points; where all are a bonus, all are vital instead."""
    if any(point.vital for point in points):
        return tuple(points)
    return tuple(point.model_copy(update={"vital": True, "weight": VITAL_WEIGHT}) for point in points)


def point_weight(*, vital: bool) -> float:
    """The weight of a point that is nothing special."""
    return VITAL_WEIGHT if vital else BONUS_WEIGHT
