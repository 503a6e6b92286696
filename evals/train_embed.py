"""Token vectors that are read twice by the training command, and computed once."""

from dataclasses import replace

import numpy as np

from bot.seams import TokenEmbedder, TokenVectors


class RememberingEmbedder:
    """An embedder in front of another one that remembers every text, at half precision.

    Args:
        embedder: The one that computes.
    """

    def __init__(self, embedder: TokenEmbedder) -> None:
        self._embedder = embedder
        self._known: dict[str, TokenVectors] = {}

    @property
    def identity(self) -> str:
        """That of the embedder behind it."""
        return self._embedder.identity

    def embed_tokens(self, text: str) -> TokenVectors:
        """Vectors of one text. Raises ModelUnavailable."""
        if text not in self._known:
            found = self._embedder.embed_tokens(text)
            self._known[text] = replace(found, vectors=found.vectors.astype(np.float16))
        found = self._known[text]
        return replace(found, vectors=found.vectors.astype(np.float32))
