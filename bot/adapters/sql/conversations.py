"""Conversations in SQL."""

from datetime import UTC, datetime
from uuid import uuid4

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.adapters.sql.columns import to_domain, to_row
from bot.adapters.sql.database import Database
from bot.adapters.sql.learning_tables import ConversationRow, TurnRow
from bot.domain.conversations import Conversation, ConversationTurn
from bot.domain.errors import NotFound
from bot.seams import Clock


def utc_now() -> datetime:
    """Now, in UTC and aware of it."""
    return datetime.now(UTC)


class SqlConversations:
    """seams.ConversationStore over a database."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    def start(self, title: str) -> Conversation:
        """A new, empty conversation."""
        conversation = Conversation(id=uuid4().hex, title=title, created_at=self._clock())
        with self._database.changing() as session:
            row = ConversationRow(id=conversation.id, title=title, created_at=conversation.created_at)
            session.add(row)
        return conversation

    def append(self, conversation_id: str, turn: ConversationTurn) -> None:
        """Add one turn, in one transaction. Raises NotFound."""
        with self._database.changing() as session:
            conversation = _row(session, conversation_id)
            session.add(to_row(turn, TurnRow, conversation_number=conversation.number))

    def conversation(self, conversation_id: str) -> Conversation:
        """One conversation with its turns. Raises NotFound."""
        with self._database.reading() as session:
            return _conversation(_row(session, conversation_id))

    def conversations(self) -> list[Conversation]:
        """All conversations, newest first, with their turns."""
        newest = (ConversationRow.created_at.desc(), ConversationRow.number.desc())
        with self._database.reading() as session:
            rows = session.scalars(select(ConversationRow).order_by(*newest))
            return [_conversation(row) for row in rows]

    def rename(self, conversation_id: str, title: str) -> None:
        """Give a conversation another title. Raises NotFound."""
        with self._database.changing() as session:
            _row(session, conversation_id).title = title

    def delete(self, conversation_id: str) -> None:
        """Forget a conversation. Raises NotFound."""
        with self._database.changing() as session:
            session.delete(_row(session, conversation_id))


def _row(session: Session, conversation_id: str) -> ConversationRow:
    row = session.scalar(select(ConversationRow).where(ConversationRow.id == conversation_id))
    if row is None:
        raise NotFound("store.no_conversation", id=conversation_id)
    return row


def _conversation(row: ConversationRow) -> Conversation:
    turns = tuple(to_domain(turn, ConversationTurn) for turn in row.turns)
    return to_domain(row, Conversation, {"turns": turns})
