"""The prompt that asks for interview questions from one passage."""

from collections.abc import Sequence

from bot.prompts import as_data, fill, load
from bot.seams import Message
from bot.texts import Language

PASSAGE_CHARS = 2400
"""Most characters of a passage in the prompt; a longer one is cut at a line's end."""

_LANGUAGE_NAMES: dict[Language, str] = {"zh": "Chinese (简体中文)", "en": "English"}


def question_prompt(
    passage: str, kinds: Sequence[str], known: Sequence[str], language: Language
) -> tuple[Message, ...]:
    """Messages that ask for one question of each of `kinds` about `passage`.

    Args:
        passage: From the notes, with what stands above it.
        kinds: Of QuestionKind, by their values.
        known: Questions that stand already.
        language: To write in; the passage's own.
    """
    system = fill(
        load("question"),
        count=len(kinds),
        kinds=", ".join(kinds),
        points=4,
        language=_LANGUAGE_NAMES[language],
    )
    body = passage if len(passage) <= PASSAGE_CHARS else passage[:PASSAGE_CHARS].rsplit("\n", 1)[0]
    parts = [as_data("passage", body)]
    if known:
        parts.append(as_data("known_questions", "\n".join(known)))
    return (Message(role="system", content=system), Message(role="user", content="\n\n".join(parts)))


def repair_prompt(messages: Sequence[Message], reply: str, why: str) -> tuple[Message, ...]:
    """The same request once more, after a reply that could not be used."""
    again = f"That reply cannot be used: {why}. Reply once more, with valid JSON of the same form only."
    return (*messages, Message(role="assistant", content=reply), Message(role="user", content=again))
