"""An encoder that tells how far it is."""

from collections.abc import Sequence

import numpy as np

from bot.seams import Embedder, Progress, Vectors

SLICE = 32
"""Queries embedded at a time."""


class ToldEmbedder:
    """seams.Embedder around another, for work that asks many queries at once.

    Args:
        inner: Makes the vectors.
        progress: Told of queries embedded.
        what: What they are for, in words for the user.
    """

    def __init__(self, inner: Embedder, progress: Progress, what: str) -> None:
        self._inner = inner
        self._progress = progress
        self._what = what

    @property
    def identity(self) -> str:
        """Of the other."""
        return self._inner.identity

    @property
    def dimension(self) -> int:
        """Of the other."""
        return self._inner.dimension

    @property
    def window(self) -> int:
        """Of the other."""
        return self._inner.window

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """As the other counts."""
        return self._inner.count_tokens(texts)

    def embed_passages(self, texts: Sequence[str]) -> Vectors:
        """As the other embeds."""
        return self._inner.embed_passages(texts)

    def embed_queries(self, texts: Sequence[str]) -> Vectors:
        """As the other embeds, short texts first, so that those of a batch are of one length."""
        vectors = np.zeros((len(texts), self.dimension), dtype=np.float32)
        order = sorted(range(len(texts)), key=lambda number: len(texts[number]))
        for start in range(0, len(order), SLICE):
            self._progress(start, len(order), self._what)
            numbers = order[start : start + SLICE]
            vectors[numbers] = self._inner.embed_queries([texts[number] for number in numbers])
        return vectors
