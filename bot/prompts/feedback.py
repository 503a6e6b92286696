"""The prompt that has a language model word what a grade's table says."""

from bot.prompts import as_data, fill, load
from bot.seams import Message
from bot.texts import Language

_LANGUAGE_NAMES: dict[Language, str] = {"zh": "Chinese (简体中文)", "en": "English"}


def feedback_prompt(table: str, language: Language) -> tuple[Message, ...]:
    """Messages that ask for a few sentences on a rendered table of verdicts."""
    return (
        Message(role="system", content=fill(load("feedback"), language=_LANGUAGE_NAMES[language])),
        Message(role="user", content=as_data("table", table)),
    )
