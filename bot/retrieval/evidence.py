"""Whether the notes hold an answer, judged from retrieval alone."""

import math
from collections.abc import Callable, Sequence
from typing import Protocol

from bot.domain.answers import Hit
from bot.retrieval.calibration import Calibration

ANSWERABLE = 0.5
"""Evidence from which a query is answered."""

LOOKED_AT = 3
"""Hits whose words count; more would let unrelated passages cover a query together."""

# Logistic weights over features that calibration has already put on one scale for every index and
# embedder. Fitted by evals/fit_gate.py on probes of the sample corpus; docs/evals.md has the figures.
BIAS = -3.2
NEARNESS_WEIGHT = 3.6
COVERAGE_WEIGHT = 3.0


class Words(Protocol):
    """The part of a lexical index that the gate needs."""

    def coverage(self, query: str, text: str) -> float:
        """Share of the query's words, weighted by rarity, that `text` holds; 0..1."""
        ...


class EvidenceGate:
    """Turns what was retrieved into evidence in 0..1.

    Args:
        calibration: Gives the current build's calibration, None before the first build.
        words: Gives the current build's lexical index.
    """

    def __init__(self, calibration: Callable[[], Calibration | None], words: Callable[[], Words]) -> None:
        self._calibration = calibration
        self._words = words

    @property
    def words(self) -> Words:
        """The current build's lexical index."""
        return self._words()

    def nearness(self, similarity: float) -> float:
        """Calibration.nearness in the current build; -1 before the first."""
        calibration = self._calibration()
        return -1.0 if calibration is None else calibration.nearness(similarity)

    def evidence(self, query: str, hits: Sequence[Hit]) -> float:
        """Calibrated belief, 0..1, that `hits` (best first) answer `query`; 0 without hits."""
        calibration = self._calibration()
        if calibration is None or not hits:
            return 0.0
        nearness, coverage = features(query, hits, calibration, self._words())
        return 1.0 / (1.0 + math.exp(-(BIAS + NEARNESS_WEIGHT * nearness + COVERAGE_WEIGHT * coverage)))


def features(query: str, hits: Sequence[Hit], calibration: Calibration, words: Words) -> tuple[float, float]:
    """Nearness and coverage of the best hits.

    Nearness is -1..2: 0 as near as a query whose answer is absent, 1 as near as a passage's own
    heading. Coverage is 0..1.
    """
    closest = max((hit.similarity for hit in hits if hit.similarity is not None), default=-1.0)
    coverage = max(words.coverage(query, readable(hit)) for hit in hits[:LOOKED_AT])
    return calibration.nearness(closest), coverage


def readable(hit: Hit) -> str:
    """What a reader of the hit sees: headings, then the text."""
    return "\n".join((*hit.chunk.heading_path, hit.chunk.text))
