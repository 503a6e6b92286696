"""An index in memory: exact cosine search and a small BM25 over words and character pairs."""

import math
import re
import unicodedata
from collections import Counter
from collections.abc import Mapping, Sequence

import numpy as np

from bot.domain.errors import NotFound
from bot.seams import IndexBuild, LexicalHit, VectorHit, Vectors

K1 = 1.5
B = 0.75


def words_of(text: str) -> list[str]:
    """Latin words and numbers whole, Chinese as pairs of characters."""
    folded = unicodedata.normalize("NFKC", text).lower()
    words: list[str] = re.findall(r"[a-z0-9_]+", folded)
    for run in re.findall(r"[\u4e00-\u9fff]+", folded):
        words += [run[i : i + 2] for i in range(len(run) - 1)] or [run]
    return words


class MemoryVectors:
    def __init__(self, dimension: int) -> None:
        self.dimension = dimension
        self._vectors: dict[str, Vectors] = {}
        self.closed = False

    def add(self, ids: Sequence[str], vectors: Vectors) -> None:
        if vectors.shape != (len(ids), self.dimension):
            raise ValueError(f"{vectors.shape} is not {(len(ids), self.dimension)}")
        self._vectors |= dict(zip(ids, vectors, strict=True))

    def count(self) -> int:
        return len(self._vectors)

    def nearest(self, vector: Vectors, k: int) -> list[VectorHit]:
        if not self._vectors:
            return []
        ids = list(self._vectors)
        similarities = np.stack([self._vectors[i] for i in ids]) @ vector.reshape(-1)
        order = np.argsort(-similarities, kind="stable")[:k]
        return [VectorHit(id=ids[i], similarity=float(np.clip(similarities[i], -1, 1))) for i in order]

    def close(self) -> None:
        self.closed = True


class MemoryWords:
    def __init__(self, texts: Mapping[str, str]) -> None:
        self._counts = {key: Counter(words_of(text)) for key, text in texts.items()}
        self._lengths = {key: sum(counts.values()) for key, counts in self._counts.items()}
        self._mean = (sum(self._lengths.values()) / len(self._lengths) if self._lengths else 0.0) or 1.0
        self._holders = Counter(word for counts in self._counts.values() for word in counts)

    def _rarity(self, word: str) -> float:
        holders = self._holders[word]
        return math.log(1 + (len(self._counts) - holders + 0.5) / (holders + 0.5))

    def _score(self, words: Sequence[str], key: str) -> float:
        counts, length = self._counts[key], self._lengths[key]
        total = 0.0
        for word in words:
            n = counts[word]
            total += self._rarity(word) * n * (K1 + 1) / (n + K1 * (1 - B + B * length / self._mean))
        return total

    def search(self, query: str, k: int) -> list[LexicalHit]:
        words = words_of(query)
        hits = [LexicalHit(id=key, score=self._score(words, key)) for key in self._counts]
        return sorted((hit for hit in hits if hit.score > 0), key=lambda hit: -hit.score)[:k]

    def coverage(self, query: str, text: str) -> float:
        asked = set(words_of(query))
        total = sum(self._rarity(word) for word in asked)
        there = asked & set(words_of(text))
        return sum(self._rarity(word) for word in there) / total if total else 0.0


class MemoryIndex:
    """Builds by id; readers see the one that was finished last."""

    def __init__(self) -> None:
        self._vectors: dict[str, MemoryVectors] = {}
        self._words: dict[str, MemoryWords] = {}
        self._current: IndexBuild | None = None
        self.started = 0
        """How many builds were begun."""

    def current(self) -> IndexBuild | None:
        return self._current

    def check(self) -> None:
        """Nothing is lost by itself."""

    def lose(self) -> None:
        """The vectors are gone, and the build counts as none."""
        self._current = None

    def _build(self) -> IndexBuild:
        if self._current is None:
            raise NotFound("ingest.not_found", what="index")
        return self._current

    def vectors(self) -> MemoryVectors:
        return self._vectors[self._build().id]

    def words(self) -> MemoryWords:
        return self._words[self._build().id]

    def start(self, build_id: str, dimension: int) -> MemoryVectors:
        self.started += 1
        self._vectors[build_id] = MemoryVectors(dimension)
        return self._vectors[build_id]

    def finish(self, build: IndexBuild, texts: Mapping[str, str]) -> None:
        self._words[build.id] = MemoryWords(texts)
        self._current = build

    def preview_words(self, texts: Mapping[str, str]) -> MemoryWords:
        return MemoryWords(texts)
