"""Turning text into vectors."""

from collections.abc import Sequence
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

Vectors = NDArray[np.float32]
"""Shape (n, dimension), float32, each row of length 1."""


class Embedder(Protocol):
    """Turns text into vectors."""

    @property
    def identity(self) -> str:
        """Hash of weights, prompts and pooling: vectors of two identities are never mixed."""
        ...

    @property
    def dimension(self) -> int:
        """Length of a vector."""
        ...

    @property
    def window(self) -> int:
        """Most tokens that are read of one text, special tokens and prompt included."""
        ...

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """Tokens of each text with prompt and special tokens, not cut off."""
        ...

    def embed_passages(self, texts: Sequence[str]) -> Vectors:
        """Vectors (n, dimension) of passages.

        Raises:
            ModelUnavailable: The model cannot be loaded.
        """
        ...

    def embed_queries(self, texts: Sequence[str]) -> Vectors:
        """Vectors (n, dimension) of queries.

        Raises:
            ModelUnavailable: The model cannot be loaded.
        """
        ...
