"""Builds that are open: finished ones that are read, and the one that is being made."""

from dataclasses import dataclass

from bot.adapters.index.builds import Entry, Stamp
from bot.adapters.index.chroma import ChromaVectors, VectorPlace
from bot.adapters.index.words import WordIndex
from bot.domain.errors import StorageBroken
from bot.seams import IndexBuild


@dataclass
class Opened:
    """A finished build as far as it has been read."""

    stamp: Stamp
    entry: Entry
    build: IndexBuild
    vectors: ChromaVectors | None = None
    words: WordIndex | None = None

    def close(self) -> None:
        """Let go of files and connections."""
        if self.vectors is not None:
            self.vectors.close()


@dataclass
class Unfinished:
    """A build that no reader sees yet."""

    build_id: str
    entry: Entry
    vectors: ChromaVectors


def open_whole(place: VectorPlace, entry: Entry, build: IndexBuild, else_tell: str) -> ChromaVectors:
    """The vectors of a build, all of them.

    Args:
        place: Where they are kept.
        entry: The build's place there.
        build: What they should be of.
        else_tell: Catalogue key of the message where some are missing.

    Raises:
        StorageBroken: They are not all there, or cannot be read.
    """
    vectors = place.open(entry.name, entry.dimension)
    expected = len(build.windows)
    try:
        if (found := vectors.count()) != expected:
            raise StorageBroken(else_tell, expected=expected, found=found)
    except BaseException:
        vectors.close()
        raise
    return vectors
