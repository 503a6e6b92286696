"""Chunks into a new build of the index, by way of the embedding cache."""

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass

import numpy as np

from bot.domain.errors import Busy, StorageFull
from bot.domain.notes import Chunk
from bot.domain.spans import digest
from bot.ingest.told import ToldEmbedder
from bot.ingest.windows import windows
from bot.seams import Embedder, EmbeddingCache, Index, IndexBuild, LexicalIndex, Progress, Vectors, Window
from bot.texts import say

BATCH = 16
"""Texts embedded and remembered at a time: what a kill costs at most."""
ADDED = 256
"""Vectors added to the index at a time."""
LAYOUT = "3"
"""Raised when windows, indexed texts or calibration are made differently: old builds are replaced."""


@dataclass(frozen=True, slots=True)
class Prepared:
    """A build that lacks only its lexical index and the switch."""

    build: IndexBuild
    texts: dict[str, str]
    embedded: int
    """Texts that were not in the cache."""
    before: IndexBuild | None
    """The build that it takes the place of."""


class Indexer:
    """Makes builds of the index."""

    def __init__(
        self,
        cache: EmbeddingCache,
        index: Index,
        embedder: Embedder,
        calibrate: Callable[
            [Sequence[Chunk], Sequence[Window], Mapping[str, Vectors], LexicalIndex, Embedder],
            dict[str, float],
        ],
    ) -> None:
        self._cache = cache
        self._index = index
        self._embedder = embedder
        self._calibrate = calibrate

    def is_about(self, chunks: Sequence[Chunk]) -> bool:
        """Whether the current build is about these chunks; none is needed where there are none."""
        current = self._index.current()
        if current is None:
            return not chunks
        return current.id.partition(".")[0] == self._identity(chunks)

    def prepare(
        self, chunks: Sequence[Chunk], raws: Mapping[str, str], progress: Progress
    ) -> Prepared | None:
        """A new build that nobody sees yet; None if the current one is already about these chunks.

        Args:
            chunks: All to be found.
            raws: Raw text by document id.
            progress: Told of each step.
        """
        identity = self._identity(chunks)
        current = self._index.current()
        if current and self.is_about(chunks):
            return None
        build_id = f"{identity}.{self._next(current, identity)}"
        parts = self._windows(chunks, raws, progress)
        vectors, keys, embedded = self._vectors(parts, progress)
        self._add(build_id, parts, vectors, progress)
        texts = {chunk.id: indexed_text(chunk) for chunk in chunks}
        by_id = {part.id: vectors[key] for part, key in zip(parts, keys, strict=True)}
        progress(0, 0, say("ingest.words"))
        words = self._index.preview_words(texts)
        told = ToldEmbedder(self._embedder, progress, say("ingest.calibrating"))
        calibration = self._calibrate(chunks, parts, by_id, words, told)
        build = IndexBuild(
            id=build_id, embedder=self._embedder.identity, windows=tuple(parts), calibration=calibration
        )
        return Prepared(build, texts, embedded, current)

    def switch(self, prepared: Prepared, progress: Progress) -> None:
        """Let readers use a prepared build."""
        progress(0, 0, say("ingest.finishing"))
        self._index.finish(prepared.build, prepared.texts)

    def prune(self, prepared: Prepared, spare: Sequence[Chunk], raws: Mapping[str, str]) -> None:
        """Forget the vectors that neither the build in use, nor the one before it, nor `spare` needs.

        So a note that was deleted last comes back without being embedded again, and so do the sample notes,
        which come and go with one setting.

        Args:
            prepared: What was switched to.
            spare: Stored chunks that are not in it.
            raws: Raw text by document id.
        """
        kept = [part for chunk in spare for part in windows(chunk, raws[chunk.document_id], self._embedder)]
        kept += [*prepared.build.windows, *(prepared.before.windows if prepared.before else ())]
        with suppress(Busy, StorageFull):  # the notes are in: what is left over goes with the next change
            self._cache.prune(self._embedder.identity, [digest(part.text) for part in kept])

    def _identity(self, chunks: Sequence[Chunk]) -> str:
        places = (f"{c.document_id}/{c.id}/{c.spans[0].start}-{c.spans[-1].end}" for c in chunks)
        return digest(LAYOUT, self._embedder.identity, *places)

    @staticmethod
    def _next(current: IndexBuild | None, identity: str) -> int:
        before, _, number = current.id.partition(".") if current else ("", "", "")
        return int(number) + 1 if before == identity and number.isdecimal() else 1

    def _windows(self, chunks: Sequence[Chunk], raws: Mapping[str, str], progress: Progress) -> list[Window]:
        parts: list[Window] = []
        for done, chunk in enumerate(chunks):
            progress(done, len(chunks), say("ingest.dividing"))
            parts += windows(chunk, raws[chunk.document_id], self._embedder)
        return parts

    def _vectors(
        self, parts: Sequence[Window], progress: Progress
    ) -> tuple[dict[str, Vectors], list[str], int]:
        """Vectors by cache key, the key of each window, and how many had to be embedded."""
        keys = [digest(part.text) for part in parts]
        texts = dict(zip(keys, (part.text for part in parts), strict=True))
        found = self._cache.get(self._embedder.identity, list(texts))
        missing = [key for key in texts if key not in found]
        missing.sort(key=lambda key: len(texts[key]))
        for start in range(0, len(missing), BATCH):
            progress(start, len(missing), say("ingest.embedding"))
            batch = missing[start : start + BATCH]
            made = self._embedder.embed_passages([texts[key] for key in batch])
            new = dict(zip(batch, made, strict=True))
            self._cache.put(self._embedder.identity, new)
            found |= new
        if missing:
            progress(len(missing), len(missing), say("ingest.embedding"))
        return found, keys, len(missing)

    def _add(
        self, build_id: str, parts: Sequence[Window], vectors: Mapping[str, Vectors], progress: Progress
    ) -> None:
        target = self._index.start(build_id, self._embedder.dimension)
        for start in range(0, len(parts), ADDED):
            progress(start, len(parts), say("ingest.adding"))
            group = parts[start : start + ADDED]
            rows = [vectors[digest(part.text)] for part in group]
            target.add([part.id for part in group], np.stack(rows).astype(np.float32))


def indexed_text(chunk: Chunk) -> str:
    """What the lexical index reads of a chunk: its headings and its text."""
    return "\n".join((*chunk.heading_path, chunk.text))
