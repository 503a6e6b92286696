"""Turning text into vectors."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

Vectors = NDArray[np.float32]
"""Shape (n, dimension), float32, each row of length 1."""


@dataclass(frozen=True, slots=True)
class TokenVectors:
    """One text, token by token.

    Attributes:
        spans: (start, end) of each token in the text, in order; a text of nothing but space has none.
        vectors: Shape (tokens, dimension), float32, as they leave the model, in the context of the text.
        whole: Shape (dimension,), float32, length 1: what `Embedder.embed_queries` says of the text.
    """

    spans: tuple[tuple[int, int], ...]
    vectors: Vectors
    whole: Vectors


class TokenEmbedder(Protocol):
    """Turns each token of a text into a vector."""

    @property
    def identity(self) -> str:
        """Hash of weights, prompts and pooling."""
        ...

    def embed_tokens(self, text: str) -> TokenVectors:
        """Vectors of one text, read as a query and cut off at the model's window.

        Texts are read one by one: what else is in a batch moves the last digits.

        Raises:
            ModelUnavailable: The model cannot be loaded.
        """
        ...


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
