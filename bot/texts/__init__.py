"""Every word a user reads, in Chinese and English, from one catalogue.

A key is `<room>.<name>`: file `<lang>/<room>.toml`, entry `<name>`. Both languages hold the same
keys with the same placeholders (tests/test_texts.py).
"""

import tomllib
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from importlib.resources import files
from typing import Literal, get_args

Language = Literal["zh", "en"]
LANGUAGES: tuple[Language, ...] = get_args(Language)

_default: Language = "zh"
_current: ContextVar[Language | None] = ContextVar("kaodian_language", default=None)


def current_language() -> Language:
    """Language of the messages made in this context."""
    return _current.get() or _default


def set_default_language(language: Language) -> None:
    """Choose the language for every context that has not chosen its own."""
    global _default
    _default = language


@contextmanager
def speaking(language: Language) -> Generator[None]:
    """Make messages in `language` within the block."""
    token = _current.set(language)
    try:
        yield
    finally:
        _current.reset(token)


@cache
def catalogue(language: Language) -> dict[str, str]:
    """All messages of one language, by key."""
    entries: dict[str, str] = {}
    for file in sorted(files(__name__).joinpath(language).iterdir(), key=lambda item: item.name):
        if file.name.endswith(".toml"):
            room = file.name.removesuffix(".toml")
            for name, text in tomllib.loads(file.read_text("utf-8")).items():
                entries[f"{room}.{name}"] = text
    return entries


def say(key: str, /, *, lang: Language | None = None, **params: object) -> str:
    """The message `key` in the current language (or in `lang`), placeholders filled.

    Raises:
        KeyError: The catalogue has no such key, or a placeholder has no value.
    """
    return render(key, params, lang)


def render(key: str, params: Mapping[str, object], lang: Language | None = None) -> str:
    """The same with the values of the placeholders as a mapping."""
    return catalogue(lang or current_language())[key].format_map(params)
