"""Texts as tokens with a direction each, to be laid side by side whatever the words or the language."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from bot.grading.lexicon import longest_first
from bot.seams import TokenEmbedder, TokenVectors, Vectors

COMMON_DIRECTIONS = 3
"""Directions that tokens of any text share: they say nothing about meaning and are taken out."""
IDLE_WEIGHT = 0.02
"""Of tokens without a letter or a digit."""
_KEPT_TEXTS = 500
_kept: dict[tuple[str, str], TokenVectors] = {}
"""By embedder and text, for all readers: a grader lives for one answer, its questions come back."""
_backgrounds: dict[str, "_Background"] = {}


def forget() -> None:
    """Forget every text that was read: the next answer takes as long as the first to its question."""
    _kept.clear()


@dataclass(frozen=True, slots=True)
class TokenText:
    """A text laid out for comparison.

    Attributes:
        spans: (start, end) of each token in the text.
        surfaces: The tokens as written.
        vectors: Shape (tokens, dimension), unit rows, without what all tokens have in common.
        weights: Shape (tokens,), above 0, by rarity.
        whole: Shape (dimension,), unit length.
        usual: Mean cosine of `whole` to the background.
    """

    spans: tuple[tuple[int, int], ...]
    surfaces: tuple[str, ...]
    vectors: Vectors
    weights: Vectors
    whole: Vectors
    usual: float


@dataclass(frozen=True, slots=True)
class _Background:
    """What tokens of unrelated texts have in common."""

    centre: Vectors
    directions: Vectors
    wholes: Vectors


class TokenSpace:
    """Reads texts, each alone, so that what stands beside it never moves a digit.

    Args:
        embedder: The one that the verifier was trained with.
        rarity: Weight of common tokens; others weigh 1.
    """

    def __init__(self, embedder: TokenEmbedder, rarity: Mapping[str, float]) -> None:
        self._embedder = embedder
        self._rarity = rarity

    def read(self, text: str) -> TokenText:
        """The text, laid out.

        Raises:
            ModelUnavailable: The embedder cannot be loaded.
        """
        found = self._embedded(text)
        background = self._background()
        surfaces = tuple(text[start:end].strip() for start, end in found.spans)
        return TokenText(
            spans=found.spans,
            surfaces=surfaces,
            vectors=_directed(found.vectors, background),
            weights=np.array([self._weight(surface) for surface in surfaces], dtype=np.float32),
            whole=found.whole,
            usual=float((background.wholes @ found.whole).mean()),
        )

    def _weight(self, surface: str) -> float:
        if not any(char.isalnum() for char in surface):
            return IDLE_WEIGHT
        return self._rarity.get(surface, 1.0)

    def _embedded(self, text: str) -> TokenVectors:
        key = (self._embedder.identity, text)
        found = _kept.get(key)
        if found is None:
            if len(_kept) > _KEPT_TEXTS:
                _kept.clear()
            found = _kept[key] = self._embedder.embed_tokens(text)
        return found

    def _background(self) -> _Background:
        name = self._embedder.identity
        if name not in _backgrounds:
            _backgrounds[name] = _measured([self._embedded(text) for text in longest_first("background")])
        return _backgrounds[name]


def _measured(texts: Sequence[TokenVectors]) -> _Background:
    every = np.concatenate([text.vectors for text in texts]).astype(np.float64)
    centre = every.mean(axis=0)
    spread = (every - centre).T @ (every - centre)
    _, directions = np.linalg.eigh(spread)  # ascending
    common = directions[:, ::-1][:, : min(COMMON_DIRECTIONS, max(0, len(every) - 1))]
    wholes = np.stack([text.whole for text in texts])
    return _Background(centre.astype(np.float32), common.astype(np.float32), wholes)


def _directed(vectors: Vectors, background: _Background) -> Vectors:
    moved = vectors - background.centre
    moved = moved - (moved @ background.directions) @ background.directions.T
    lengths = np.linalg.norm(moved, axis=1, keepdims=True)
    return moved / np.maximum(lengths, 1e-6)
