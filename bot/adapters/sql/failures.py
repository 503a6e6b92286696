"""What a failing disk or database file means to a user."""

import errno
import sqlite3
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy.exc import DBAPIError

from bot.domain.errors import Busy, KaodianError, StorageBroken, StorageFull

FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
READ_ONLY = {errno.EROFS, errno.EACCES, errno.EPERM}


def of_sqlite(error: BaseException | None, file: Path) -> KaodianError | None:
    """Our error for an error of SQLite's, or None where it is no failure of storage."""
    code = getattr(error, "sqlite_errorcode", None)
    if code is None:
        return None
    if code in (sqlite3.SQLITE_IOERR_READ, sqlite3.SQLITE_IOERR_SHORT_READ):
        return StorageBroken("store.broken", file=file, why=error)
    match code & 0xFF:
        case sqlite3.SQLITE_FULL | sqlite3.SQLITE_IOERR:
            return StorageFull("store.full", folder=file.parent, why=error)
        case sqlite3.SQLITE_READONLY | sqlite3.SQLITE_PERM:
            return StorageFull("store.read_only", file=file)
        case sqlite3.SQLITE_CANTOPEN:
            return StorageBroken("store.cannot_open", file=file, why=error)
        case sqlite3.SQLITE_CORRUPT | sqlite3.SQLITE_NOTADB:
            return StorageBroken("store.broken", file=file, why=error)
        case sqlite3.SQLITE_BUSY | sqlite3.SQLITE_LOCKED:
            return Busy("store.locked", file=file)
        case _:
            return None


def of_system(error: OSError, file: Path) -> KaodianError | None:
    """Our error for an error of the operating system's, or None where it is none (a timeout of our own)."""
    if error.errno in FULL:
        return StorageFull("store.full", folder=file.parent, why=error)
    if error.errno in READ_ONLY:
        return StorageFull("store.read_only", file=file)
    return StorageBroken("store.cannot_open", file=file, why=error) if error.errno else None


@contextmanager
def told_plainly(file: Path) -> Generator[None]:
    """Raise failures of storage within the block as errors that a user can act on.

    Raises:
        StorageFull: The disk took no more, or may not be written.
        StorageBroken: The file cannot be read.
        Busy: Another process keeps the database locked.
    """
    try:
        yield
    except DBAPIError as error:
        ours = of_sqlite(error.orig, file)
        if ours is None:
            raise
        raise ours from error
    except OSError as error:
        ours = of_system(error, file)
        if ours is None:
            raise
        raise ours from error
