"""The prompt that asks for the key points of one question."""

from collections.abc import Sequence

from bot.prompts import as_data, fill, load
from bot.seams import Message
from bot.texts import Language

MOST_COMPLAINTS = 5
_LANGUAGE_NAMES: dict[Language, str] = {"zh": "Chinese (简体中文)", "en": "English"}


def key_points_prompt(question: str, passage: str, most: int, language: Language) -> tuple[Message, ...]:
    """Messages that ask for at most `most` key points of `question`, which `passage` answers.

    Args:
        question: As it is asked.
        passage: From notes, or a reference answer.
        most: Key points.
        language: To write in; the passage's own.
    """
    system = fill(load("key_points"), points=most, language=_LANGUAGE_NAMES[language])
    user = f"{as_data('question', question)}\n\n{as_data('passage', passage)}"
    return (Message(role="system", content=system), Message(role="user", content=user))


def complaint_prompt(
    messages: Sequence[Message], reply: str, complaints: Sequence[str]
) -> tuple[Message, ...]:
    """The same request once more, with what was wrong with the first reply."""
    wrong = "\n".join(f"- {complaint}" for complaint in complaints[:MOST_COMPLAINTS])
    again = f"That reply cannot be used as it is:\n{wrong}\nReply once more, with all key points, same form."
    return (*messages, Message(role="assistant", content=reply), Message(role="user", content=again))
