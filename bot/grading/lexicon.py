"""The word lists of lexicon.json, read once."""

import json
from functools import cache
from importlib.resources import files
from typing import cast

Table = dict[str, object]


@cache
def _lexicon() -> Table:
    return cast(Table, json.loads(files(__package__ or "").joinpath("lexicon.json").read_text("utf-8")))


@cache
def words(name: str) -> frozenset[str]:
    """One list of words, as a set."""
    return frozenset(cast(list[str], _lexicon()[name]))


@cache
def longest_first(*names: str) -> tuple[str, ...]:
    """The words of several lists, longest first, so that a pattern made of them is greedy."""
    found = {word for name in names for word in cast(list[str], _lexicon()[name])}
    return tuple(sorted(found, key=lambda word: (-len(word), word)))


@cache
def mapping(name: str) -> dict[str, str]:
    """A table from words to words."""
    return cast(dict[str, str], _lexicon()[name])


@cache
def groups(name: str) -> tuple[tuple[str, ...], ...]:
    """Words that belong together: synonyms, or the two ends of an opposition."""
    return tuple(tuple(group) for group in cast(list[list[str]], _lexicon()[name]))


@cache
def table(name: str) -> dict[str, frozenset[str]]:
    """Several named lists of words."""
    return {key: frozenset(value) for key, value in cast(dict[str, list[str]], _lexicon()[name]).items()}
