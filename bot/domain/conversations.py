"""Conversations with the notes."""

from datetime import datetime

from bot.domain.answers import Explanation
from bot.domain.spans import Frozen


class ConversationTurn(Frozen):
    """A question to the notes and what came of it."""

    query: str
    explanation: Explanation | None
    """None when the answer broke off; `error` then says why."""
    error: str | None = None
    asked_at: datetime


class Conversation(Frozen):
    """A conversation, oldest turn first."""

    id: str
    title: str
    created_at: datetime
    turns: tuple[ConversationTurn, ...] = ()
