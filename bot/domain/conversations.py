"""Conversations with the notes."""

from datetime import datetime

from bot.domain.answers import Explanation
from bot.domain.spans import Frozen


class ConversationTurn(Frozen):
    """A question to the notes and what came of it."""

    query: str
    explanation: Explanation | None
    """As far as it was shown; None when the answer broke off before anything was."""
    error: str | None = None
    """Why the answer broke off; None when it is whole."""
    asked_at: datetime


class Conversation(Frozen):
    """A conversation, oldest turn first."""

    id: str
    title: str
    created_at: datetime
    turns: tuple[ConversationTurn, ...] = ()
