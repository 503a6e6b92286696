"""Replies kept on disk by model, prompt and content, so that the same question is not paid for twice."""

import sqlite3
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from pydantic import BaseModel, ValidationError

from bot.domain.spans import digest
from bot.prompts.replies import fits
from bot.seams import LanguageModel, Message, PassingModel, Reply

KEPT_REPLIES = 20_000
"""Most replies; the oldest go first."""
FILE_NAME = "replies.sqlite3"
_BUSY_SECONDS = 30.0
_TABLE = """CREATE TABLE IF NOT EXISTS replies (
    key TEXT PRIMARY KEY, model TEXT NOT NULL, prompt TEXT NOT NULL, reply TEXT NOT NULL
)"""


@dataclass(frozen=True, slots=True)
class Key:
    """What a reply depends on."""

    model: str
    """The model's name and its server."""
    prompt: str
    """Hash of the system message: the prompt's version."""
    content: str
    """Hash of all else that was sent."""

    @property
    def value(self) -> str:
        """One text for all of it."""
        return digest(self.model, self.prompt, self.content)


class ReplyStore:
    """A file of replies that may be deleted at any time; a file that cannot be used keeps nothing.

    Args:
        file: Made on the first reply, for its owner only.
    """

    def __init__(self, file: Path) -> None:
        self._file = file

    def get(self, key: Key) -> Reply | None:
        """The reply that was kept, marked as such."""
        if not self._file.exists():
            return None
        try:
            with closing(self._connection()) as connection:
                row = connection.execute("SELECT reply FROM replies WHERE key = ?", (key.value,)).fetchone()
            return None if row is None else Reply.model_validate_json(row[0])
        except (sqlite3.Error, ValidationError):
            return None

    def put(self, key: Key, reply: Reply) -> None:
        """Keep a reply."""
        values = (
            key.value,
            key.model,
            key.prompt,
            reply.model_copy(update={"cached": True}).model_dump_json(),
        )
        try:
            self._file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            self._file.touch(mode=0o600)
            with closing(self._connection()) as connection, connection:
                connection.execute("INSERT OR REPLACE INTO replies VALUES (?, ?, ?, ?)", values)
                connection.execute(
                    "DELETE FROM replies WHERE rowid <= (SELECT max(rowid) FROM replies) - ?", (KEPT_REPLIES,)
                )
        except (sqlite3.Error, OSError):
            return  # a cache that cannot be written must not cost the learner a grade

    def _connection(self) -> sqlite3.Connection:
        connection = sqlite3.connect(self._file, timeout=_BUSY_SECONDS)
        connection.execute(_TABLE)
        return connection


class KeepingModel(PassingModel):
    """A language model whose usable replies are kept: whole ones, valid by their schema.

    Args:
        model: What replies to what is new.
        store: Where replies are kept.
        server: Tells servers apart that call different models by one name.
    """

    def __init__(self, model: LanguageModel, store: ReplyStore, server: str = "") -> None:
        super().__init__(model)
        self._store = store
        self._server = server

    def reply(
        self, messages: Sequence[Message], *, max_tokens: int, schema: type[BaseModel] | None = None
    ) -> Reply:
        """The reply that was kept, or the model's.

        Raises:
            ModelUnavailable: The model does not answer.
        """
        key = self._key(messages, max_tokens, schema)
        kept = self._store.get(key)
        if kept is not None:
            return kept
        reply = self._model.reply(messages, max_tokens=max_tokens, schema=schema)
        if reply.finished and fits(schema, reply.text):
            self._store.put(key, reply)
        return reply

    def _key(self, messages: Sequence[Message], max_tokens: int, schema: type[BaseModel] | None) -> Key:
        system = [message.content for message in messages if message.role == "system"]
        said = [f"{message.role}\n{message.content}" for message in messages if message.role != "system"]
        form = str(schema.model_json_schema()) if schema else ""
        return Key(
            model=f"{self.name} {self._server}",
            prompt=digest(*system),
            content=digest(*said, form, str(max_tokens)),
        )
