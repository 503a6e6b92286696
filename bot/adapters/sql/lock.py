"""The writer's lock: one process and thread at a time changes notes and index."""

import os
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout

from bot.adapters.sql.failures import told_plainly
from bot.domain.errors import Busy

LOCK_NAME = "writer.lock"
HOLDER_NAME = "writer.pid"


class WriterLock:
    """A lock file in the home directory, with the holder's process id beside it.

    The operating system lets go of it when its process ends, however it ends.
    """

    def __init__(self, home: Path) -> None:
        self._lock = FileLock(home / LOCK_NAME)
        self._holder = home / HOLDER_NAME

    @contextmanager
    def held(self, timeout: float) -> Generator[None]:
        """Hold the lock within the block; a thread that holds it may enter again.

        Args:
            timeout: Seconds to wait for another holder.

        Raises:
            Busy: Somebody else holds it still; the message names the process.
            StorageFull: The home directory cannot be written.
        """
        try:
            with told_plainly(self._holder):
                self._lock.acquire(timeout=max(timeout, 0.0))
                self._holder.write_text(str(os.getpid()), "ascii")
        except Timeout as error:
            raise Busy("store.busy", pid=self._who()) from error
        except BaseException:
            self._lock.release()
            raise
        try:
            yield
        finally:
            self._lock.release()

    def _who(self) -> str:
        try:
            return self._holder.read_text("ascii") or "?"
        except OSError:
            return "?"
