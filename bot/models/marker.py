"""Remembers which files were verified, so that a start reads sizes and times instead of gigabytes."""

from collections.abc import Callable
from pathlib import Path
from typing import Self

from pydantic import ValidationError

from bot.domain.spans import Frozen
from bot.models.disk import sha256_of, write_atomically

MARKER = "verified.json"


class Seen(Frozen):
    """A file as it was when its hash was taken."""

    bytes: int
    mtime_ns: int
    sha256: str

    @classmethod
    def of(cls, path: Path, sha256: str) -> Self:
        """What the file looks like now, with a hash that was taken of it."""
        stat = path.stat()
        return cls(bytes=stat.st_size, mtime_ns=stat.st_mtime_ns, sha256=sha256)

    def unchanged(self, path: Path) -> bool:
        """Whether size and time are still the same."""
        return path.is_file() and self == Seen.of(path, self.sha256)


class Verified(Frozen):
    """Files below one directory, by relative path."""

    files: dict[str, Seen]

    @classmethod
    def read(cls, directory: Path) -> Self:
        """The directory's marker; an unreadable one counts as none."""
        try:
            return cls.model_validate_json((directory / MARKER).read_bytes())
        except (FileNotFoundError, ValidationError):
            return cls(files={})

    def write(self, directory: Path) -> None:
        """Replace the directory's marker."""
        write_atomically(directory / MARKER, self.model_dump_json(indent=1))

    def having(self, directory: Path, name: str, sha256: str) -> Self:
        """With one file more, or seen anew."""
        return self.model_copy(update={"files": self.files | {name: Seen.of(directory / name, sha256)}})

    def without(self, names: list[str]) -> Self:
        """With some files forgotten."""
        return self.model_copy(
            update={"files": {name: seen for name, seen in self.files.items() if name not in names}}
        )

    def knows(self, directory: Path, name: str, sha256: str | None = None) -> bool:
        """Whether the file was verified (with this hash) and is unchanged since."""
        seen = self.files.get(name)
        return seen is not None and sha256 in (None, seen.sha256) and seen.unchanged(directory / name)

    def changed(self, directory: Path, read: Callable[[int, int], None]) -> list[str]:
        """Files whose bytes, read again, no longer have the hash they had.

        Args:
            directory: Where they are.
            read: Told how many bytes of how many have been read.
        """
        total, done = sum(seen.bytes for seen in self.files.values()), 0
        changed: list[str] = []
        for name, seen in self.files.items():
            path = directory / name
            if not path.is_file() or _hash(path, done, total, read) != seen.sha256:
                changed.append(name)
            done += seen.bytes
        return changed


def _hash(path: Path, before: int, total: int, read: Callable[[int, int], None]) -> str:
    return sha256_of(path, lambda size: read(min(before + size, total), total))
