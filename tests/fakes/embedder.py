"""An embedder without a model: texts that share character n-grams are similar."""

import re
import zlib
from collections.abc import Sequence

import numpy as np

from bot.seams import TokenVectors, Vectors

SPECIAL_TOKENS = 2


class FakeEmbedder:
    """Hashed bags of character 1-, 2- and 3-grams, deterministic over processes.

    Args:
        dimension: Length of a vector.
        window: Most tokens that are read; a token is a character, and two special ones are added.
    """

    def __init__(self, dimension: int = 64, window: int = 512, identity: str | None = None) -> None:
        self.dimension = dimension
        self.window = window
        self.identity = identity or f"fake-{dimension}-{window}"
        self.calls = 0
        """Texts embedded so far, passages and queries."""

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        return [len(text) + SPECIAL_TOKENS for text in texts]

    def embed_passages(self, texts: Sequence[str]) -> Vectors:
        self.calls += len(texts)
        return np.stack([self._vector(text) for text in texts]) if texts else self._nothing()

    def embed_queries(self, texts: Sequence[str]) -> Vectors:
        return self.embed_passages(texts)

    def embed_tokens(self, text: str) -> TokenVectors:
        found = list(re.finditer(r"[a-z0-9]+|[^\sa-z0-9]", text.lower()))
        vectors = [self._vector(match[0]) for match in found]
        return TokenVectors(
            spans=tuple((match.start(), match.end()) for match in found),
            vectors=np.stack(vectors) if vectors else self._nothing(),
            whole=self._vector(text),
        )

    def _nothing(self) -> Vectors:
        return np.zeros((0, self.dimension), dtype=np.float32)

    def _vector(self, text: str) -> Vectors:
        read = text[: self.window - SPECIAL_TOKENS].lower()
        vector = np.zeros(self.dimension, dtype=np.float32)
        vector[0] = 1e-3  # so that an empty text has a direction
        for size in (1, 2, 3):
            for start in range(len(read) - size + 1):
                code = zlib.crc32(read[start : start + size].encode())
                vector[code % self.dimension] += 1.0 if code & 0x80000000 else -1.0
        length = float(np.linalg.norm(vector))
        return (vector / (length or 1.0)).astype(np.float32)
