"""What is derived from the notes to find them again."""

from collections.abc import Mapping, Sequence
from typing import Protocol

from bot.domain.spans import Frozen
from bot.seams.embedding import Vectors


class VectorHit(Frozen):
    """A vector that was found."""

    id: str
    similarity: float
    """Cosine, -1..1."""


class VectorIndex(Protocol):
    """Nearest neighbours of one build; read-only once finished."""

    def add(self, ids: Sequence[str], vectors: Vectors) -> None:
        """Store vectors (n, dimension) under ids; an id that is there is replaced.

        Raises:
            StorageFull: The disk took no more.
        """
        ...

    def count(self) -> int:
        """Vectors stored."""
        ...

    def nearest(self, vector: Vectors, k: int) -> list[VectorHit]:
        """At most `k` hits of a query of shape (1, dimension), closest first."""
        ...

    def close(self) -> None:
        """Let go of files and connections."""
        ...


class LexicalHit(Frozen):
    """A text that shares words with a query."""

    id: str
    score: float
    """BM25, above 0."""


class LexicalIndex(Protocol):
    """Words of one build; read-only."""

    def search(self, query: str, k: int) -> list[LexicalHit]:
        """At most `k` hits, best first; none where no word matches."""
        ...

    def coverage(self, query: str, text: str) -> float:
        """Share of the query's words, weighted by rarity in this build, that `text` holds; 0..1."""
        ...


class Window(Frozen):
    """What one vector stands for: a part of a chunk, or all of it."""

    id: str
    chunk_id: str
    text: str
    """What is embedded: the question, if any, then the window's own text."""
    start: int
    """Of the raw file."""
    end: int


class IndexBuild(Frozen):
    """One finished, switchable pair of vector and lexical index."""

    id: str
    embedder: str
    """Embedder.identity of its vectors."""
    windows: tuple[Window, ...]
    calibration: dict[str, float]
    """Coefficients of the evidence gate, fitted on this build."""


class Index(Protocol):
    """Derived from the store; can be thrown away and built again at any time."""

    def current(self) -> IndexBuild | None:
        """The build that readers use; None before the first, and where its vectors are lost."""
        ...

    def check(self) -> None:
        """See that the vectors of the current build are all there, where there is one.

        Raises:
            StorageBroken: They are not, or cannot be reached.
        """
        ...

    def vectors(self) -> VectorIndex:
        """Of the current build. Raises NotFound before the first one."""
        ...

    def words(self) -> LexicalIndex:
        """Of the current build. Raises NotFound before the first one."""
        ...

    def start(self, build_id: str, dimension: int) -> VectorIndex:
        """An empty vector index for a new build that no reader sees yet."""
        ...

    def finish(self, build: IndexBuild, texts: Mapping[str, str]) -> None:
        """Write the lexical index of `texts` (chunk id to text) and switch to `build` atomically.

        Raises:
            StorageFull: The disk took no more; readers keep the old build.
        """
        ...

    def preview_words(self, texts: Mapping[str, str]) -> LexicalIndex:
        """A lexical index in memory, for calibrating a build before it is finished."""
        ...
