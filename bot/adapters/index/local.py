"""The index that readers see, and the one that is being built beside it."""

import errno
import threading
from collections.abc import Callable, Generator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TypeVar

from bot.adapters.index.builds import BuildFolders, Entry
from bot.adapters.index.chroma import ChromaVectors, EmbeddedChroma, ServedChroma, VectorPlace
from bot.adapters.index.cutting import Cutter
from bot.adapters.index.opened import Opened, Unfinished, open_whole
from bot.adapters.index.words import WordIndex, index_words, load_words
from bot.domain.errors import NotFound, ServerSilent, StorageBroken, StorageFull
from bot.seams import IndexBuild, LexicalIndex, VectorIndex

T = TypeVar("T")

WORDS = "words"
FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO, errno.EROFS, errno.EACCES, errno.EPERM}
TRIES = 5


class LocalIndex:
    """seams.Index in home/index; several threads and processes may read while one builds.

    `start` and `finish` belong inside Store.writing(): there is one builder at a time.
    """

    def __init__(self, folders: BuildFolders, place: VectorPlace) -> None:
        self._folders = folders
        self._place = place
        self._cutter = Cutter(folders.root)
        self._lock = threading.RLock()
        self._opened: Opened | None = None
        self._retired: Opened | None = None
        self._unfinished: Unfinished | None = None

    def current(self) -> IndexBuild | None:
        """The build that readers use, or None before the first.

        A build whose vectors are in another place than the settings name, or are not all there, counts as
        none: the next ingest makes another. One whose server does not answer still counts.

        Raises:
            StorageBroken: The build cannot be read.
        """
        with self._lock, _told_plainly(self._folders.root):
            opened = self._sound()
        return opened.build if opened else None

    def check(self) -> None:
        """See that the vectors of the current build are all there, where there is one.

        Raises:
            StorageBroken: They are not, or cannot be read.
            ServerSilent: The server that keeps them does not answer.
        """
        with self._lock, _told_plainly(self._folders.root):
            opened = self._read()
            if opened is not None:
                self._vectors_of(opened)

    def vectors(self) -> VectorIndex:
        """Of the current build. Raises NotFound before the first one."""
        return self._of_current(self._vectors_of)

    def words(self) -> LexicalIndex:
        """Of the current build. Raises NotFound before the first one."""
        return self._of_current(self._words_of)

    def start(self, build_id: str, dimension: int) -> VectorIndex:
        """An empty vector index for a new build that no reader sees yet; sweeps up after crashes.

        Raises:
            StorageFull: The disk took no more.
            StorageBroken: The Chroma server does not answer.
        """
        with self._lock, _told_plainly(self._folders.root):
            self._abandon()
            pointer = self._folders.pointer()
            self._sweep(pointer.names if pointer else [])
            name = self._folders.new(build_id)
            entry = Entry(name=name, vectors=self._place.name, dimension=dimension)
            vectors = self._place.create(name, dimension)
            self._unfinished = Unfinished(build_id, entry, vectors)
            return vectors

    def finish(self, build: IndexBuild, texts: Mapping[str, str]) -> None:
        """Write the lexical index of `texts` (chunk id to text) and switch to `build` atomically.

        Raises:
            StorageFull: The disk took no more; readers keep the old build.
            StorageBroken: The vectors are not all there; readers keep the old build.
        """
        with self._lock, _told_plainly(self._folders.root):
            work = self._unfinished
            if work is None or work.build_id != build.id:
                raise ValueError(f"build {build.id} was not started")
            try:
                self._check(work, build)
                index_words(self._cutter, texts).save(self._folders.root / work.entry.name / WORDS)
                pointer = self._folders.switch(work.entry, build)
            finally:
                self._abandon()
            with suppress(StorageBroken):  # what is left over now is swept up by the next start
                self._sweep(pointer.names)

    def preview_words(self, texts: Mapping[str, str]) -> LexicalIndex:
        """A lexical index in memory, for calibrating a build before it is finished."""
        return index_words(self._cutter, texts)

    def close(self) -> None:
        """Let go of files and connections; an unfinished build is left for the next start to sweep up."""
        with self._lock:
            self._abandon()
            for opened in (self._opened, self._retired):
                if opened is not None:
                    opened.close()
            self._opened = self._retired = None

    def _read(self) -> Opened | None:
        """The current build, read anew when the pointer has changed."""
        for _ in range(TRIES):
            stamp = self._folders.stamp()
            if stamp is None:
                return None
            if self._opened is None or self._opened.stamp != stamp:
                pointer = self._folders.pointer()
                if pointer is None or pointer.current.vectors != self._place.name:
                    return None
                try:
                    build = self._folders.read(pointer.current.name)
                except FileNotFoundError:  # swept away by two builds since the pointer was read
                    continue
                self._replace(Opened(stamp, pointer.current, build))
            return self._opened
        return None  # nobody sweeps away as fast as that: somebody deleted it

    def _sound(self) -> Opened | None:
        """The current build, None where its vectors are lost."""
        for _ in range(TRIES):
            opened = self._read()
            if opened is None:
                return None
            try:
                self._vectors_of(opened)
            except (StorageBroken, StorageFull, OSError) as error:
                if self._folders.stamp() != opened.stamp:  # swept away while it was opened
                    continue
                is_lost = isinstance(error, StorageBroken) and not isinstance(error, ServerSilent)
                return None if is_lost else opened
            return opened
        return self._read()

    def _replace(self, opened: Opened) -> None:
        """Use another build; the one before stays open for queries that are still running."""
        if self._retired is not None:
            self._retired.close()
        self._retired, self._opened = self._opened, opened

    def _of_current(self, part: Callable[[Opened], T]) -> T:
        with self._lock, _told_plainly(self._folders.root):
            for last in (*[False] * (TRIES - 1), True):
                opened = self._read()
                if opened is None:
                    raise NotFound("store.no_index")
                try:
                    return part(opened)
                # SQLite calls a file that goes while it is read broken, or a full disk
                except (StorageBroken, StorageFull, OSError):
                    if last or self._folders.stamp() == opened.stamp:
                        raise
            raise AssertionError("the last try returns or raises")

    def _vectors_of(self, opened: Opened) -> ChromaVectors:
        """Of a finished build; opened, they are all there."""
        if opened.vectors is None or opened.vectors.closed:
            opened.vectors = open_whole(self._place, opened.entry, opened.build, "store.vectors_missing")
        return opened.vectors

    def _words_of(self, opened: Opened) -> WordIndex:
        if opened.words is None:
            opened.words = load_words(self._cutter, self._folders.root / opened.entry.name / WORDS)
        return opened.words

    def _check(self, work: Unfinished, build: IndexBuild) -> None:
        """Open the vectors as a reader will, and see that they are all there."""
        work.vectors.close()
        open_whole(self._place, work.entry, build, "store.index_incomplete").close()

    def _sweep(self, names: list[str]) -> None:
        self._place.keep_only(names)
        self._folders.keep_only(names)

    def _abandon(self) -> None:
        if self._unfinished is not None:
            self._unfinished.vectors.close()
            self._unfinished = None


@contextmanager
def _told_plainly(folder: Path) -> Generator[None]:
    try:
        yield
    except OSError as error:
        kind, key = (StorageFull, "full") if error.errno in FULL else (StorageBroken, "index_broken")
        raise kind(f"store.{key}", folder=folder, why=error) from error


def open_index(home: Path, chroma_url: str | None = None) -> LocalIndex:
    """The index in the directory `home`; reads nothing yet.

    Args:
        home: Directory of all that is kept.
        chroma_url: http://host:port of a Chroma server for the vectors; None: embedded.

    Raises:
        SettingWrong: `chroma_url` is no such address.
    """
    folders = BuildFolders(home / "index")
    if chroma_url is None:
        return LocalIndex(folders, EmbeddedChroma(folders.root))
    with _told_plainly(folders.root):
        return LocalIndex(folders, ServedChroma(chroma_url, folders.owner()))
