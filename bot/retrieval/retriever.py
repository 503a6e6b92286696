"""Dense and lexical retrieval over the current build."""

from dataclasses import dataclass

import numpy as np

from bot.domain.answers import Hit
from bot.domain.glossary import retellings
from bot.domain.notes import Chunk
from bot.domain.spans import Span
from bot.retrieval.calibration import Calibration
from bot.retrieval.fusion import reciprocal_rank
from bot.seams import Embedder, Index, IndexBuild, Store, VectorHit, Window

POOL = 60
"""Windows and chunks taken from each ranking before they are fused."""

WINDOWS = 200
"""Windows fetched, so that those in another language than the query are among them."""


@dataclass(frozen=True)
class _Loaded:
    build: IndexBuild
    windows: dict[str, Window]
    chunks: dict[str, Chunk]
    sources: dict[str, str]
    calibration: Calibration | None

    def lift(self, query: str, window_id: str) -> float:
        """Calibration.lift for a window of this build."""
        window = self.windows.get(window_id)
        return self.calibration.lift(query, window.text) if self.calibration and window else 0.0


@dataclass(frozen=True)
class _Match:
    chunk: Chunk
    fused: float
    close: VectorHit | None
    lexical: float


class Retriever:
    """Finds chunks by meaning and by words, fused by reciprocal rank."""

    def __init__(self, store: Store, index: Index, embedder: Embedder) -> None:
        self._store = store
        self._index = index
        self._embedder = embedder
        self._loaded: _Loaded | None = None

    def search(self, query: str, k: int = 20) -> list[Hit]:
        """At most `k` hits, best first; none when there are no notes or the query is blank."""
        if not query.strip():
            return []
        hits, build = self._search(query, k)
        if build != self._build_id():  # switched meanwhile: vectors and words may be of two builds
            hits, _ = self._search(query, k)
        return hits

    def _build_id(self) -> str | None:
        build = self._index.current()
        return build.id if build else None

    def _search(self, query: str, k: int) -> tuple[list[Hit], str | None]:
        loaded = self._load()
        if loaded is None:
            return [], None
        closest = _closest_windows(self._dense(loaded, query), loaded.windows)
        lexical = {hit.id: hit.score for hit in self._index.words().search(query, POOL)}
        fused = reciprocal_rank([list(closest), list(lexical)])
        matches = [
            _Match(loaded.chunks[chunk_id], score, closest.get(chunk_id), lexical.get(chunk_id, 0.0))
            for chunk_id, score in fused
            if chunk_id in loaded.chunks
        ]
        return [self._hit(loaded, query, match) for match in matches[:k]], loaded.build.id

    def _dense(self, loaded: _Loaded, query: str) -> list[VectorHit]:
        """Closest windows to the query, or to it with its names in the other language.

        Windows in another language than what was embedded get back what that cost them.
        """
        told = (query, *retellings(query))
        closest: dict[str, float] = {}
        for text, vector in zip(told, self._embedder.embed_queries(told), strict=True):
            for hit in self._index.vectors().nearest(vector[np.newaxis], WINDOWS):
                similarity = hit.similarity + loaded.lift(text, hit.id)
                closest[hit.id] = max(similarity, closest.get(hit.id, similarity))
        best = sorted(closest.items(), key=lambda found: -found[1])[:POOL]
        return [VectorHit(id=window, similarity=similarity) for window, similarity in best]

    def _hit(self, loaded: _Loaded, query: str, match: _Match) -> Hit:
        chunk, close = match.chunk, match.close
        window = loaded.windows[close.id] if close else self._wordiest(loaded, query, chunk.id)
        return Hit(
            chunk=chunk,
            source=loaded.sources[chunk.document_id],
            fused=match.fused,
            similarity=None if close is None else max(-1.0, min(1.0, close.similarity)),
            lexical=match.lexical,
            passage=Span(start=window.start, end=window.end) if window else chunk.spans[0],
        )

    def _wordiest(self, loaded: _Loaded, query: str, chunk_id: str) -> Window | None:
        words = self._index.words()
        mine = [window for window in loaded.windows.values() if window.chunk_id == chunk_id]
        return max(mine, key=lambda window: words.coverage(query, window.text), default=None)

    def _load(self) -> _Loaded | None:
        build = self._index.current()
        if build is None or build.embedder != self._embedder.identity or not build.windows:
            return None
        if self._loaded is None or self._loaded.build.id != build.id:
            self._loaded = self._read(build)
        return self._loaded

    def _read(self, build: IndexBuild) -> _Loaded:
        wanted = {window.chunk_id for window in build.windows}
        sources = {document.id: document.source for document in self._store.notes.documents()}
        chunks = {  # a chunk that was deleted since this build is left out; the next build is on its way
            chunk.id: chunk
            for chunk in self._store.notes.chunks()
            if chunk.id in wanted and chunk.document_id in sources
        }
        windows = {window.id: window for window in build.windows if window.chunk_id in chunks}
        calibration = Calibration(**build.calibration) if build.calibration else None
        return _Loaded(build, windows, chunks, sources, calibration)


def _closest_windows(hits: list[VectorHit], windows: dict[str, Window]) -> dict[str, VectorHit]:
    """Best window of each chunk, best chunk first."""
    closest: dict[str, VectorHit] = {}
    for hit in hits:
        if hit.id in windows:
            closest.setdefault(windows[hit.id].chunk_id, hit)
    return closest
