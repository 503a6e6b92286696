"""Hashes, sizes, and a disk that is full."""

import errno
import hashlib
import os
import shutil
from collections.abc import Callable, Generator, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from bot.domain.errors import StorageFull

FULL = (errno.ENOSPC, errno.EDQUOT)
READ = 1 << 20


def is_disk_full(error: BaseException) -> bool:
    """Whether an error says that the disk or the user's share of it is full."""
    return isinstance(error, OSError) and error.errno in FULL


@contextmanager
def storage_full(directory: Path) -> Generator[None]:
    """Turn the system's error about a full disk into one for the user.

    Raises:
        StorageFull: The disk that holds `directory` took no more.
    """
    try:
        yield
    except OSError as error:
        if not is_disk_full(error):
            raise
        raise StorageFull("models.disk_full", folder=directory) from error


def free_bytes(directory: Path) -> int:
    """Bytes that the disk of `directory` still takes."""
    return shutil.disk_usage(directory).free


def file_sizes(directory: Path, ending: str = "") -> Iterator[int]:
    """Bytes of each file below a directory; what another process moves or deletes meanwhile is passed over.

    Args:
        directory: Need not exist.
        ending: Of the names of the files that count.
    """
    for folder, _, names in os.walk(directory):  # unlike rglob, it bears a folder that vanishes
        for name in names:
            if name.endswith(ending):
                with suppress(FileNotFoundError):
                    yield (Path(folder) / name).stat().st_size


def sha256_of(path: Path, read: Callable[[int], None] = lambda size: None) -> str:
    """SHA-256 of a file, 64 hex digits.

    Args:
        path: The file.
        read: Told how many bytes have been read.
    """
    hashed, done = hashlib.sha256(), 0
    with path.open("rb") as file:
        while chunk := file.read(READ):
            hashed.update(chunk)
            done += len(chunk)
            read(done)
    return hashed.hexdigest()


def write_atomically(path: Path, content: str | bytes) -> None:
    """Replace a small file: it is the old or the new one, also after a crash or beside another writer."""
    new = path.with_name(f"{path.name}.{os.getpid()}.new")
    with new.open("wb") as file:
        file.write(content.encode() if isinstance(content, str) else content)
        file.flush()
        os.fsync(file.fileno())
    new.replace(path)


def in_words(size: int) -> str:
    """A size for people, in decimal units."""
    return f"{size / 1e9:.1f} GB" if size >= 1e9 else f"{size / 1e6:.0f} MB"
