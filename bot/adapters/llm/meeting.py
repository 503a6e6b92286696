"""Where processes find the one child that serves a model file: a private directory of small files.

<home>/run/llm-<digest>.json        address and key of the child that serves
<home>/run/llm-<digest>.lock        held while the child is looked for, started or taking its leave
<home>/run/llm-<digest>.serving     held by the child for its life
<home>/run/llm-<digest>.clients/    one empty file per client process, named <pid>-<start>
"""

import contextlib
import os
from pathlib import Path

import psutil
from filelock import FileLock
from pydantic import Field, ValidationError

from bot.domain.spans import Frozen, digest

TAKEN = 3
"""Exit code of a child that leaves the work to another."""

_CLOCK_SLACK = 2.0
"""Seconds by which two readings of one process's start may differ."""


class Serving(Frozen):
    """A child that is ready."""

    pid: int
    started: float
    """Seconds since the epoch."""
    base_url: str
    """Without the /v1."""
    key: str = Field(repr=False)
    model: Path

    def alive(self) -> bool:
        """Whether this very process is still there."""
        return process_lives(self.pid, self.started)


class Meeting:
    """The files of the child of one model file with one adapter, if any."""

    def __init__(self, home: Path, model: Path, adapter: Path | None = None) -> None:
        self.home = home
        self.model = model.resolve()
        self.adapter = adapter.resolve() if adapter else None
        self._run = home / "run"
        self._stem = f"llm-{digest(str(self.model), str(self.adapter or ''))}"
        self._clients = self._run / f"{self._stem}.clients"
        self._state = self._run / f"{self._stem}.json"
        self._run.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._clients.mkdir(mode=0o700, exist_ok=True)

    def lock(self) -> FileLock:
        """The lock under which a child is looked for, started, or leaves."""
        return FileLock(self._run / f"{self._stem}.lock", mode=0o600)

    def serving_lock(self) -> FileLock:
        """The lock that the serving child holds."""
        return FileLock(self._run / f"{self._stem}.serving", mode=0o600)

    @property
    def log(self) -> Path:
        """Where the child writes what it has to say."""
        return log_file(self.home)

    def announce(self, serving: Serving) -> None:
        """Make the child findable, all at once and for this user only."""
        draft = self._state.with_suffix(f".{os.getpid()}")
        file = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(file, "w", encoding="utf-8") as out:
            out.write(serving.model_dump_json())
        draft.replace(self._state)

    def found(self) -> Serving | None:
        """The child that was announced and lives."""
        try:
            serving = Serving.model_validate_json(self._state.read_bytes())
        except (OSError, ValidationError):
            return None
        return serving if serving.alive() else None

    def forget(self) -> None:
        """Take the announcement back."""
        self._state.unlink(missing_ok=True)

    def enter(self) -> None:
        """Register this process as a client; the child lives while a client does."""
        self._lease().touch(mode=0o600)

    def leave(self) -> None:
        """This process is no client any more."""
        self._lease().unlink(missing_ok=True)

    def clients(self) -> list[int]:
        """Process ids of the clients that live; files of others are removed."""
        living: list[int] = []
        for lease in self._clients.iterdir():
            pid, _, started = lease.name.partition("-")
            if pid.isdecimal() and started.isdecimal() and process_lives(int(pid), int(started) / 1000):
                living.append(int(pid))
            else:
                with contextlib.suppress(OSError):
                    lease.unlink()
        return living

    def _lease(self) -> Path:
        return self._clients / f"{os.getpid()}-{round(started_at(os.getpid()) * 1000)}"


def log_file(home: Path) -> Path:
    """Where every child of this home writes."""
    return home / "logs" / "llm.log"


def started_at(pid: int) -> float:
    """When a process started, seconds since the epoch."""
    return psutil.Process(pid).create_time()


def process_lives(pid: int, started: float) -> bool:
    """Whether process `pid` is there, not dead and unreaped, and the one that started then."""
    try:
        process = psutil.Process(pid)
        return (
            abs(process.create_time() - started) < _CLOCK_SLACK and process.status() != psutil.STATUS_ZOMBIE
        )
    except psutil.Error:
        return False
