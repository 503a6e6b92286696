"""Places in a raw file, and the text that stands there."""

import hashlib
from collections.abc import Iterable
from typing import Self

from pydantic import BaseModel, ConfigDict, Field, model_validator


class Frozen(BaseModel):
    """A value that never changes and has no field by accident."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Span(Frozen):
    """Half-open range of characters (code points) of a raw file's decoded text."""

    start: int = Field(ge=0)
    end: int = Field(ge=0)

    @model_validator(mode="after")
    def _ordered(self) -> Self:
        if self.end < self.start:
            raise ValueError(f"span ends at {self.end} before it starts at {self.start}")
        return self

    def __len__(self) -> int:
        return self.end - self.start

    def cut(self, raw: str) -> str:
        """The characters of `raw` inside this span."""
        return raw[self.start : self.end]

    def contains(self, other: "Span") -> bool:
        """Whether `other` lies wholly inside this span."""
        return self.start <= other.start and other.end <= self.end

    def overlaps(self, other: "Span") -> bool:
        """Whether the two share at least one character."""
        return self.start < other.end and other.start < self.end


def joined(raw: str, spans: Iterable[Span]) -> str:
    """Text of several spans of one raw file, one newline between neighbours.

    Nothing is rewritten: each piece is a slice of `raw`.
    """
    return "\n".join(span.cut(raw) for span in spans)


def raw_span(spans: tuple[Span, ...], start: int, end: int) -> Span:
    """Where characters `start` to `end` of joined(raw, spans) stand in `raw`.

    A range over several spans is clipped to the one it starts in, so that the result is verbatim.
    """
    offset = 0
    for span in spans:
        if start < offset + len(span):
            first = span.start + max(0, start - offset)
            return Span(start=first, end=min(span.end, span.start + end - offset))
        offset += len(span) + 1
    raise ValueError(f"{start} is beyond the text of the spans")


def text_span(spans: tuple[Span, ...], part: Span) -> Span | None:
    """Where the characters of `part`, a range of `raw`, stand in joined(raw, spans); None where none does.

    What of the range lies between the spans is left out.
    """
    offset = 0
    found: list[tuple[int, int]] = []
    for span in spans:
        start, end = max(span.start, part.start), min(span.end, part.end)
        if start < end:
            found.append((offset + start - span.start, offset + end - span.start))
        offset += len(span) + 1
    return Span(start=found[0][0], end=found[-1][1]) if found else None


def digest(*parts: str) -> str:
    """First 16 hex digits of the SHA-256 of the parts, in order, unambiguously separated."""
    state = hashlib.sha256()
    for part in parts:
        data = part.encode("utf-8", "surrogatepass")
        state.update(len(data).to_bytes(8, "big"))
        state.update(data)
    return state.hexdigest()[:16]
