"""Names of one thing in Chinese, English and letters, so that a question finds notes that use another one.

For search only: what is shown and quoted is never rewritten. The names stand in glossary.toml.
"""

import re
import tomllib
import unicodedata
from collections.abc import Callable, Iterator
from functools import cache, lru_cache
from importlib.resources import files
from typing import NamedTuple

Names = tuple[str, ...]
"""Of one thing: in Chinese, in English, then any others."""


class Named(NamedTuple):
    """A name in a text that went through `unfolded`."""

    start: int
    end: int
    names: Names


def unfolded(text: str) -> str:
    """The text in which names are looked for: full width made half width."""
    return unicodedata.normalize("NFKC", text)


@lru_cache(maxsize=8192)
def names_in(text: str) -> tuple[Named, ...]:
    """Names in a text that went through `unfolded`, in order; of those that overlap the longer one."""
    pattern, known = _glossary()
    lowered = "".join(low if len(low := letter.lower()) == 1 else letter for letter in text)
    found: list[Named] = []
    place = 0
    while match := pattern.search(lowered, place):
        exact, names = known[_bare(match[0])]
        if _stands_alone(lowered, *match.span()) and exact in (None, text[slice(*match.span())]):
            found.append(Named(*match.span(), names))
            place = match.end()
        else:
            place = match.start() + 1
    return tuple(found)


def retellings(text: str) -> tuple[str, ...]:
    """The text with all its names in Chinese, and in English, as far as that is another text."""
    plain = unfolded(text)
    told = (replaced(plain, lambda names: names[0]), replaced(plain, lambda names: names[1]))
    return tuple(dict.fromkeys(other for other in told if other != plain))


def replaced(text: str, other: Callable[[Names], str]) -> str:
    """A text that went through `unfolded`, with something else for each name."""
    return "".join(_pieces(text, other))


def _pieces(text: str, other: Callable[[Names], str]) -> Iterator[str]:
    place = 0
    for named in names_in(text):
        yield text[place : named.start]
        yield other(named.names)
        place = named.end
    yield text[place:]


def _stands_alone(text: str, start: int, end: int) -> bool:
    """Whether no letter or digit of the Latin alphabet goes on where the name ends in one."""
    return not (_joined(text[start - 1 : start], text[start]) or _joined(text[end - 1], text[end : end + 1]))


def _joined(left: str, right: str) -> bool:
    return all(side.isascii() and side.isalnum() for side in (left, right))


def _bare(name: str) -> str:
    return re.sub(r"[\s-]", "", name)


@cache
def _glossary() -> tuple[re.Pattern[str], dict[str, tuple[str | None, Names]]]:
    """A pattern over all names in small letters, and by name how it has to be written and what it names."""
    table = tomllib.loads(files(__package__ or "").joinpath("glossary.toml").read_text("utf-8"))
    groups = [tuple(str(name) for name in group) for group in table["names"]]
    known = {
        _bare(name.lower()): (None if name.islower() or not name.isascii() else name, names)
        for names in groups
        for name in names
    }
    spelt = sorted({name.lower() for names in groups for name in names}, key=len, reverse=True)
    return re.compile("|".join(map(_spelling, spelt))), known


def _spelling(name: str) -> str:
    """A pattern: a space may be a hyphen or nothing, and a line may end between Chinese characters."""
    words = [r"\s{0,2}".join(word) if not word.isascii() else re.escape(word) for word in name.split()]
    return r"[\s-]?".join(words)
