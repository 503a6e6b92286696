"""The prompt that makes a follow-up understandable on its own."""

from collections.abc import Sequence

from bot.prompts import as_data, load
from bot.seams import Message


def standalone_prompt(earlier: Sequence[str], query: str) -> tuple[Message, ...]:
    """Messages that ask for `query` as a question of its own, after the `earlier` ones, oldest first."""
    conversation = as_data("conversation", "\n".join(f"- {question}" for question in earlier))
    return (
        Message(role="system", content=load("standalone")),
        Message(role="user", content=f"{conversation}\n\n{as_data('last_message', query)}"),
    )
