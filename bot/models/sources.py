"""Where a model's bytes come from: what every source offers, and files that are already here."""

from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Protocol

from bot.models.manifest import ModelFile
from bot.texts import say

CHUNK = 1 << 20

Arrived = Callable[[int], None]
"""Told how many bytes of a piece have arrived so far."""


class SourceFailed(Exception):
    """A source did not give what was asked; the text says why, in words for the user."""


class Source(Protocol):
    """Gives a file in one or more pieces."""

    @property
    def key(self) -> str:
        """'local', 'hub' or 'registry'."""
        ...

    def pieces(self, file: ModelFile) -> int:
        """In how many pieces it gives the file, 0 when it has not got it.

        Raises:
            SourceFailed: It does not answer.
        """
        ...

    def append(self, file: ModelFile, number: int, target: Path, arrived: Arrived) -> None:
        """Put piece `number`, counted from 0, at the end of `target`; whatever else it needs goes beside it.

        A source of one piece may replace `target`, which is then empty.

        Raises:
            SourceFailed: The piece cannot be had; `target` may have grown by a part of it.
            OSError: The disk took no more.
        """
        ...


class LocalFiles:
    """Files that are on this machine already.

    Args:
        places: Files, or directories that hold files under the manifest's names.
        cached: Looks a file up elsewhere, for instance in the hub's cache; None when it is not there.
    """

    key = "local"

    def __init__(
        self, places: Sequence[Path] = (), cached: Callable[[ModelFile], Path | None] | None = None
    ) -> None:
        self._places = places
        self._cached = cached

    def pieces(self, file: ModelFile) -> int:
        """1 when a file of the right size is there."""
        return int(self._find(file) is not None)

    def append(self, file: ModelFile, number: int, target: Path, arrived: Arrived) -> None:
        """Copy the file."""
        found = self._find(file)
        if found is None:
            raise SourceFailed(say("models.not_there", file=file.name))
        with found.open("rb") as source:
            copy_into(target, iter(lambda: source.read(CHUNK), b""), arrived)

    def _find(self, file: ModelFile) -> Path | None:
        candidates = [place / file.name if place.is_dir() else place for place in self._places]
        if self._cached and (cached := self._cached(file)):
            candidates.append(cached)
        return next(
            (path for path in candidates if path.is_file() and path.stat().st_size == file.bytes), None
        )


def copy_into(target: Path, chunks: Iterable[bytes], arrived: Arrived) -> None:
    """Append chunks to `target`, telling after each how much has come."""
    done = 0
    with target.open("ab") as file:
        for chunk in chunks:
            file.write(chunk)
            done += len(chunk)
            arrived(done)
