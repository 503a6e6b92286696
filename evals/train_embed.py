"""Vectors that survive between two runs of the training command."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from bot.domain.spans import digest
from bot.seams import Embedder, Vectors

SLICE = 64


class KeptEmbedder:
    """An embedder in front of another one that remembers every vector, on disk after `save`.

    Args:
        embedder: The one that computes.
        file: An .npz file; None: memory only.
    """

    def __init__(self, embedder: Embedder, file: Path | None) -> None:
        self._embedder = embedder
        self._file = file
        self._vectors: dict[str, Vectors] = {}
        self.identity = embedder.identity
        self.dimension = embedder.dimension
        self.window = embedder.window
        if file is not None and file.exists():
            stored = np.load(file)
            self._vectors = dict(zip(stored["keys"].tolist(), stored["vectors"], strict=True))

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """Tokens of each text."""
        return self._embedder.count_tokens(texts)

    def embed_queries(self, texts: Sequence[str]) -> Vectors:
        """Vectors (n, dimension) of queries."""
        keys = [digest(self.identity, text) for text in texts]
        new = {key: text for key, text in zip(keys, texts, strict=True) if key not in self._vectors}
        if new:
            self._vectors.update(zip(new, self._embedder.embed_queries(list(new.values())), strict=True))
        return np.stack([self._vectors[key] for key in keys])

    def embed_passages(self, texts: Sequence[str]) -> Vectors:
        """Vectors (n, dimension) of passages, not remembered."""
        return self._embedder.embed_passages(texts)

    def save(self) -> None:
        """Write everything that is remembered."""
        if self._file is not None and self._vectors:
            self._file.parent.mkdir(parents=True, exist_ok=True)
            np.savez(
                self._file, keys=np.array(list(self._vectors)), vectors=np.stack(list(self._vectors.values()))
            )
