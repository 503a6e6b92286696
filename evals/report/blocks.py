"""What a report is made of, before it becomes HTML or Markdown."""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Text:
    """A paragraph of our own words."""

    text: str


@dataclass(frozen=True, slots=True)
class Gap:
    """Something that the report cannot show, and why."""

    text: str


@dataclass(frozen=True, slots=True)
class Quote:
    """Somebody else's words."""

    label: str
    text: str


@dataclass(frozen=True, slots=True)
class Table:
    """Rows under heads; the first column names the row."""

    heads: Sequence[str]
    rows: Sequence[Sequence[str]]
    prose: bool = False
    """The cells hold sentences, not figures."""


@dataclass(frozen=True, slots=True)
class Picture:
    """A drawing, and the same as figures for those who cannot see it."""

    svg: str
    caption: str
    table: Table | None = None
    """None: the figures stand in a table beside it."""


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading within a section."""

    text: str


Block = Text | Gap | Quote | Table | Picture | Heading


@dataclass(frozen=True, slots=True)
class Section:
    """A heading with what stands below it."""

    title: str
    blocks: Sequence[Block]


@dataclass(frozen=True, slots=True)
class Page:
    """A whole report."""

    title: str
    lang: str
    sections: Sequence[Section]
