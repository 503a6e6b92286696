"""Words of mixed Chinese and English text, as they are indexed and compared."""

import logging
import re
import unicodedata
import warnings
from collections.abc import Iterator
from functools import cache, lru_cache
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from bot.adapters.index.plain_words import SILENT, is_silent
from bot.domain.glossary import names_in, replaced, unfolded

if TYPE_CHECKING:
    from jieba import Tokenizer

HAN = "\u3400-\u4dbf\u4e00-\u9fff"
PIECE = re.compile(
    rf"[{HAN}]+"  # Chinese, cut further by dictionary
    r"|(?<![^\W_])c\+\+|(?<![^\W_])[cf]#"
    r"|\d+(?:\.\d+)+"
    rf"|[^\W_{HAN}]+(?:[-'’][^\W_{HAN}]+)*"
)
INVISIBLE = re.compile(r"[\u200b-\u200f\u2060\ufeff\u00ad]")
JOINT = re.compile(r"[-'’]")
SINGLE, WORD = "single", "word"


class Word(NamedTuple):
    """A word of a text."""

    text: str
    sure: bool
    """False for a guess: a character that the dictionary leaves alone, or such a one with its neighbour."""


@cache
def _tokenizer() -> "Tokenizer":
    """One dictionary for the process: it is the same whatever the home directory."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # jieba's source has escapes that newer Pythons warn of
        import jieba
    jieba.setLogLevel(logging.CRITICAL)
    return jieba.Tokenizer()


def folded(text: str) -> str:
    """Full width made half width, lower case, nothing invisible."""
    return unicodedata.normalize("NFKC", INVISIBLE.sub("", text)).lower()


def is_han(word: str) -> bool:
    """Whether a piece is Chinese."""
    return "\u3400" <= word[0] <= "\u9fff"


def latin_words(text: str) -> Iterator[str]:
    """Words of `text`, already folded, that are not Chinese; one that is joined also in its parts."""
    for piece in PIECE.findall(text):
        if not is_han(piece):
            parts = JOINT.split(piece)
            joined = ["".join(parts)] if len(parts) > 1 else []
            yield from (_singular(part) for part in parts + joined if part not in SILENT)


def names_of(text: str) -> list[str]:
    """A word for each thing that a text names in whatever way, as often as it does; none is spelt so."""
    return [f"={named.names[0]}" for named in names_in(unfolded(text))]


class Cutter:
    """Cuts text into words; the same words for the same text, on every machine.

    Chinese is cut by jieba's dictionary alone. Its statistical guesses at unknown words depend on
    their neighbours, so a term would be cut one way in a note and another way in a question. What
    the dictionary leaves in single characters is joined in pairs, and with the words beside it.
    """

    def __init__(self, cache_folder: Path) -> None:
        self._cache_folder = cache_folder

    def words(self, text: str) -> list[Word]:
        """Words of `text` without silent ones, repeated as often as they occur, and what is named by them."""
        return [Word(name, True) for name in names_of(text)] + self._spelt(text)

    def matters(self, text: str) -> list[Word]:
        """What `text` names, whatever it is called, and the words that belong to no name."""
        rest = replaced(unfolded(text), lambda names: "\n")
        return [Word(name, True) for name in names_of(text)] + self._spelt(rest)

    def _spelt(self, text: str) -> list[Word]:
        clean = folded(text)
        words = [Word(word, True) for word in latin_words(clean)]
        for piece in PIECE.findall(clean):
            if is_han(piece):
                words.extend(self._chinese(piece))
        return words

    def _chinese(self, run: str) -> Iterator[Word]:
        tokenizer = self._ready()
        before = ""
        for kind, group in groupby(tokenizer.cut(run, HMM=False), key=_kind):
            words = list(group)
            if kind == SINGLE:
                yield from _singles(before, "".join(words))
                before = words[-1]
            elif kind == WORD:
                if len(before) == 1:
                    yield Word(before + words[0], False)
                yield from (
                    Word(w, True) for word in words for w in tokenizer.cut_for_search(word, HMM=False)
                )
                before = words[-1]
            else:
                before = ""

    def _ready(self) -> "Tokenizer":
        tokenizer = _tokenizer()
        if tokenizer.tmp_dir is None:
            self._cache_folder.mkdir(parents=True, exist_ok=True)
            tokenizer.tmp_dir = str(self._cache_folder)  # type: ignore[assignment]
        return tokenizer


@lru_cache(maxsize=50_000)
def _with_shorter(word: str) -> tuple[Word, ...]:
    """A word of the dictionary and the shorter words inside it."""
    parts = _tokenizer().cut_for_search(word, HMM=False)
    return tuple(Word(part, True) for part in parts if not is_silent(part))


@lru_cache(maxsize=50_000)
def _kind(word: str) -> str:
    if is_silent(word):
        return "silent"
    return SINGLE if len(word) == 1 else WORD


def _singles(before: str, run: str) -> Iterator[Word]:
    if before:
        yield Word(before + run[0], False)
    if len(run) == 1:
        yield Word(run, False)
    yield from (Word(run[i : i + 2], True) for i in range(len(run) - 1))


def _singular(word: str) -> str:
    """The word without a plural s: a key to compare by, not always a word."""
    if len(word) > 3 and word.isascii() and word.endswith("s") and word[-2] not in "aiosu":
        return word[:-1]
    return word
