"""Undoes the disguises in which talk to the examiner comes: spaced, dotted, accented, numbers for letters."""

import re
import unicodedata
from dataclasses import dataclass

from bot.domain.spans import Span

_SPACED_HAN = re.compile(r"(?<=[\u3400-\u9fff])[ \t·*_~|\-+^]{1,2}(?=[\u3400-\u9fff])")
_SPELLED = re.compile(r"(?<![a-z0-9])[a-z](?:[ ._*\-][a-z]){3,}(?![a-z0-9])")
_MIXED = re.compile(
    r"(?<![a-z0-9@$])(?=[a-z0-9@$]{0,24}[a-z])(?=[a-z]{0,24}[0-9@$])[a-z0-9@$]{4,24}(?![a-z0-9@$])"
)
_LETTERS = str.maketrans("013457@$", "oieast" + "as")


@dataclass(frozen=True, slots=True)
class View:
    """A text without its disguises, and where each character stood.

    Attributes:
        text: Without accents on Latin letters, spelled-out words joined, digits in words as letters.
        places: For each character of `text`, its place in the original.
    """

    text: str
    places: tuple[int, ...]

    def span(self, start: int, end: int) -> Span:
        """Where text[start:end] stands in the original; end > start."""
        return Span(start=self.places[start], end=self.places[end - 1] + 1)


def undisguised(text: str) -> View:
    """The view of normalised text in which orders are looked for."""
    bare = "".join(_without_accent(char) for char in text)
    bare = _MIXED.sub(lambda match: match[0].translate(_LETTERS), bare)
    dropped = {place for match in _SPACED_HAN.finditer(bare) for place in range(*match.span())}
    for match in _SPELLED.finditer(bare):
        dropped.update(range(match.start() + 1, match.end(), 2))
    kept = tuple(place for place in range(len(bare)) if place not in dropped)
    return View("".join(bare[place] for place in kept), kept)


def closed_up(text: str) -> str:
    """Text without the space or marks that stand between single Chinese characters."""
    return _SPACED_HAN.sub("", text)


def _without_accent(char: str) -> str:
    """A Latin letter without its accent, anything else as it is: always one character."""
    if char < "\u00c0" or char > "\u1eff":
        return char
    base = unicodedata.normalize("NFD", char)[0]
    return base if base.isascii() else char
