"""Tokens and content units of normalised text, Chinese and English alike.

A token is a Chinese character, a word or a number. A content unit is what carries meaning: a term of the
glossary, a word's stem, a number, or two neighbouring Chinese characters; stop words are none.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import pairwise

from bot.grading.lexicon import groups, longest_first, words

_TOKEN = re.compile(
    r"(?P<num>\d+(?:\.\d+)?(?:e-?\d+)?%?(?![a-z]))"
    r"|(?P<word>[a-zà-öø-ÿœ][a-z0-9à-öø-ÿœ]*(?:['’][a-z]+)?|\d+[a-z]+)"
    r"|(?P<han>[\u3400-\u9fff\U00020000-\U0003134f])"
    r"|(?P<other>[^\W_])"
)
_EXACT = re.compile(r"[=<>≤≥≈∑∫√±×÷∂∇∝→]|\d")
_SUFFIXES = (
    ("ization", "iz"), ("isation", "iz"), ("izing", "iz"), ("ising", "iz"), ("ized", "iz"), ("ised", "iz"),
    ("ize", "iz"), ("ise", "iz"), ("ations", ""), ("ation", ""), ("ments", ""), ("ment", ""),
    ("ies", "y"), ("ingly", ""), ("edly", ""), ("ing", ""), ("ied", "y"), ("ed", ""), ("sses", "ss"),
    ("es", ""), ("ly", ""), ("s", ""), ("e", ""),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Token:
    """A character, word or number of a text."""

    text: str
    start: int
    end: int
    kind: str
    """'num', 'word', 'han' or 'other'."""


@dataclass(frozen=True, slots=True)
class Unit:
    """Something that carries meaning, and where it stands."""

    text: str
    start: int
    end: int


def tokens(text: str) -> tuple[Token, ...]:
    """Tokens of normalised text, in order."""
    return tuple(
        Token(match[0], match.start(), match.end(), match.lastgroup or "other")
        for match in _TOKEN.finditer(text)
    )


@lru_cache(maxsize=4096)
def units(text: str) -> tuple[Unit, ...]:
    """Content units of normalised text, in order."""
    found: list[Unit] = []
    run: list[Token] = []
    for token in terms(text):
        if token.kind == "han" and token.text not in words("function_chars"):
            if run and run[-1].end != token.start:
                _close(run, found)
            run.append(token)
            continue
        _close(run, found)
        if token.kind != "han" and (unit := _unit_of(token)):
            found.append(Unit(unit, token.start, token.end))
    _close(run, found)
    return tuple(found)


def unit_set(text: str) -> frozenset[str]:
    """The different content units of normalised text."""
    return frozenset(unit.text for unit in units(text))


def is_exact(text: str) -> bool:
    """Whether a text holds a number or a sign of a formula, as no filler does."""
    return _EXACT.search(text) is not None


@lru_cache(maxsize=8192)
def stem(word: str) -> str:
    """A word without its ending, roughly: 'normalised', 'normalizing' and 'normalization' agree."""
    word = word.split("'")[0].split("’")[0]
    for suffix, rest in _SUFFIXES:
        if word.endswith(suffix) and len(word) - len(suffix) >= 3 and not word.endswith("ss"):
            base = word[: -len(suffix)] + rest
            return base[:-1] if len(base) > 3 and base[-1] == base[-2] and base[-1] not in "ls" else base
    return word


def _unit_of(token: Token) -> str | None:
    if token.kind == "term":
        return token.text
    if token.kind == "num":
        number = token.text.rstrip("%")
        return number.rstrip("0").rstrip(".") if "." in number and "e" not in number else number
    if token.kind == "word":
        return None if token.text in words("stop_en") else stem(token.text)
    return token.text


def _close(run: list[Token], found: list[Unit]) -> None:
    """Turn a run of Chinese characters into its overlapping pairs."""
    if len(run) == 1:
        found.append(Unit(run[0].text, run[0].start, run[0].end))
    for left, right in pairwise(run):
        found.append(Unit(left.text + right.text, left.start, right.end))
    run.clear()


def terms(text: str) -> list[Token]:
    """Tokens, with glossary terms as one token of kind 'term' and Chinese stop words left out."""
    pattern, names = _terms()
    found: list[Token] = []
    position = 0
    for match in pattern.finditer(text):
        found += _shifted(text[position : match.start()], position)
        name = names.get(match[0])
        if name is not None:
            found.append(Token(name, match.start(), match.end(), "term"))
        position = match.end()
    return found + _shifted(text[position:], position)


def _shifted(text: str, by: int) -> list[Token]:
    return [Token(token.text, token.start + by, token.end + by, token.kind) for token in tokens(text)]


@cache
def _terms() -> tuple[re.Pattern[str], dict[str, str]]:
    """A pattern over glossary terms and Chinese stop words, and the canonical name of each term."""
    names = {term: "=" + group[0] for group in groups("synonyms") for term in group}
    return any_of({*names, *longest_first("stop_zh")}), names


def any_of(choices: Iterable[str]) -> re.Pattern[str]:
    """A pattern of any of these words, longest first; those in Latin letters match whole words only.

    Words are grouped by their first character, so that most places of a text fail at once.
    """
    every = sorted(set(choices), key=lambda word: (-len(word), word))
    latin = _by_first([word for word in every if word.isascii()])
    other = _by_first([word for word in every if not word.isascii()])
    parts = [rf"(?<![a-z0-9])(?:{latin})(?![a-z0-9])"] if latin else []
    return re.compile("|".join(parts + ([other] if other else [])))


def _by_first(choices: list[str]) -> str:
    groups: dict[str, list[str]] = {}
    for word in choices:
        groups.setdefault(word[0], []).append(re.escape(word[1:]))
    return "|".join(f"{re.escape(first)}(?:{'|'.join(rest)})" for first, rest in groups.items())
