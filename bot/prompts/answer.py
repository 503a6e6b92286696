"""The prompt that answers a question from passages."""

from collections.abc import Sequence

from bot.domain.answers import Hit
from bot.prompts import as_data, fill, load
from bot.seams import Message
from bot.texts import Language

NOT_IN_NOTES = "NOT_IN_NOTES"
"""What a model writes when the passages do not hold the answer."""

PASSAGE_CHARS = 500
"""Most characters of one passage in the prompt; a longer one is cut around its best window. Reading is what
a small model on two cores is slow at: three passages take it several seconds."""

_LANGUAGE_NAMES: dict[Language, str] = {"zh": "Chinese (简体中文)", "en": "English"}


def answer_prompt(question: str, hits: Sequence[Hit], language: Language) -> tuple[Message, ...]:
    """Messages that ask for an answer to `question` from `hits`, numbered from 1."""
    passages = "\n\n".join(
        f"[{number}] {' > '.join(hit.chunk.heading_path)}\n{passage_text(hit)}"
        for number, hit in enumerate(hits, start=1)
    )
    return (
        Message(role="system", content=fill(load("answer"), language=_LANGUAGE_NAMES[language])),
        Message(role="user", content=f"{as_data('passages', passages)}\n\n{as_data('question', question)}"),
    )


def passage_text(hit: Hit) -> str:
    """The hit's text, cut around its best window where it is too long for the prompt."""
    text = hit.chunk.text
    if len(text) <= PASSAGE_CHARS:
        return text
    best = hit.chunk.part(hit.passage)
    start = max(0, min((best.start if best else 0) - PASSAGE_CHARS // 4, len(text) - PASSAGE_CHARS))
    return text[start : start + PASSAGE_CHARS]
