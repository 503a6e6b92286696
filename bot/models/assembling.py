"""Brings one file together from a source's pieces, and goes on where the last try ended."""

import os
import shutil
from collections.abc import Sequence
from pathlib import Path

from pydantic import ValidationError

from bot.domain.errors import ModelUnavailable
from bot.domain.spans import Frozen
from bot.models.disk import sha256_of, write_atomically
from bot.models.manifest import ModelFile
from bot.models.sources import Arrived, Source, SourceFailed
from bot.texts import say


class Standing(Frozen):
    """What of a file has arrived for good."""

    sha256: str
    """Of the whole file that is being brought together."""
    source: str
    pieces: int
    bytes: int


class Assembler:
    """Fetches one file into a directory of its own.

    Args:
        file: What is fetched.
        directory: Survives until the file is complete; nobody else writes there.
        arrived: Told how many bytes of the file have arrived.
    """

    def __init__(self, file: ModelFile, directory: Path, arrived: Arrived) -> None:
        self._file = file
        self._directory = directory
        self._arrived = arrived
        self._partial = directory / "partial"
        self._state = directory / "state.json"

    def fetch(self, sources: Sequence[Source]) -> Path:
        """The complete, checked file, still in the directory.

        Raises:
            ModelUnavailable: No source gave it; the message names each and why.
        """
        self._directory.mkdir(parents=True, exist_ok=True)
        standing = self._standing()
        failures: list[str] = []
        for source in sorted(sources, key=lambda source: not (standing and standing.source == source.key)):
            try:
                return self._from(source)
            except SourceFailed as failure:
                failures.append(f"  {say('models.source_' + source.key)}: {failure}")
        raise ModelUnavailable("models.no_source", file=self._file.name, reasons="\n".join(failures))

    def discard(self) -> None:
        """Forget everything that has arrived."""
        shutil.rmtree(self._directory, ignore_errors=True)

    def _from(self, source: Source) -> Path:
        pieces = source.pieces(self._file)
        if not pieces:
            raise SourceFailed(say("models.not_there", file=self._file.name))
        standing = self._resume(source)
        for number in range(standing.pieces, pieces):
            before = standing.bytes
            source.append(
                self._file, number, self._partial, lambda size, done=before: self._arrived(done + size)
            )
            standing = standing.model_copy(update={"pieces": number + 1, "bytes": self._flushed()})
            write_atomically(self._state, standing.model_dump_json())
            self._arrived(standing.bytes)
        if sha256_of(self._partial) != self._file.sha256:
            self._partial.unlink()
            self._state.unlink()
            raise SourceFailed(say("models.wrong_bytes", file=self._file.name))
        return self._partial

    def _resume(self, source: Source) -> Standing:
        """What stands of an earlier try from the same source, the file cut back to just that."""
        standing = self._standing()
        size = self._partial.stat().st_size if self._partial.exists() else 0
        if standing is None or standing.source != source.key or size < standing.bytes:
            standing = Standing(sha256=self._file.sha256, source=source.key, pieces=0, bytes=0)
        with self._partial.open("ab") as file:
            file.truncate(standing.bytes)
        return standing

    def _standing(self) -> Standing | None:
        try:
            standing = Standing.model_validate_json(self._state.read_bytes())
        except (FileNotFoundError, ValidationError):
            return None
        return standing if standing.sha256 == self._file.sha256 else None

    def _flushed(self) -> int:
        with self._partial.open("rb+") as file:
            os.fsync(file.fileno())
            return file.seek(0, os.SEEK_END)
