"""One SQLite file: connections as they must be set up, and transactions."""

import json
from collections.abc import Generator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from sqlite3 import Connection as SqliteConnection

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.orm import Session

from bot.adapters.sql.failures import told_plainly

BUSY_SECONDS = 30
SLICE = 500
"""Most values in one IN (…): far below the least limit that SQLite was ever built with."""


def make_engine(file: Path, *, foreign_keys: bool = True) -> Engine:
    """An engine whose connections write ahead, wait for each other and keep references whole.

    Args:
        file: The database.
        foreign_keys: False only for migrations, which rebuild tables that others refer to.
    """
    engine = create_engine(
        f"sqlite:///{file}",
        connect_args={"timeout": BUSY_SECONDS, "check_same_thread": False},
        json_serializer=partial(json.dumps, ensure_ascii=False),
        pool_size=8,
        max_overflow=-1,
    )

    def on_connect(connection: SqliteConnection, _record: object) -> None:
        connection.isolation_level = None  # ours to begin: Python would begin too late for reads
        for pragma in ("journal_mode=WAL", "synchronous=FULL", f"foreign_keys={int(foreign_keys)}"):
            connection.execute(f"PRAGMA {pragma}")

    def on_begin(connection: Connection) -> None:
        # A transaction that reads first cannot wait for another writer later, so writers say it at once.
        mode = "IMMEDIATE" if connection.get_execution_options().get("writing") else "DEFERRED"
        connection.exec_driver_sql(f"BEGIN {mode}")

    event.listen(engine, "connect", on_connect)
    event.listen(engine, "begin", on_begin)
    return engine


class Database:
    """Hands out transactions; safe to use from several threads and processes."""

    def __init__(self, file: Path) -> None:
        self.file = file
        self._engine = make_engine(file)
        self._writer = self._engine.execution_options(writing=True)

    @contextmanager
    def reading(self) -> Generator[Session]:
        """A session that sees one state of the database.

        Raises:
            StorageBroken: The file cannot be read.
        """
        with told_plainly(self.file), Session(self._engine) as session:
            yield session

    @contextmanager
    def changing(self) -> Generator[Session]:
        """A session whose changes are all stored at the end of the block, or none of them.

        Raises:
            StorageFull: The disk took no more; nothing was stored.
            StorageBroken: The file cannot be read.
            Busy: Another writer did not end in time.
        """
        with (
            told_plainly(self.file),
            Session(self._writer, expire_on_commit=False) as session,
            session.begin(),
        ):
            yield session

    def close(self) -> None:
        """Let go of the file."""
        self._engine.dispose()
