"""Whether the notes hold an answer, judged from retrieval alone."""

import math
from collections.abc import Callable, Iterator, Sequence
from typing import Protocol

from bot.domain.answers import Hit
from bot.domain.notes import Chunk
from bot.domain.spans import Frozen
from bot.retrieval.calibration import Calibration

ANSWERABLE = 0.5
"""Evidence from which a query is answered."""

LOOKED_AT = 3
"""Hits whose words count; more would let unrelated passages cover a query together."""

RUNNER_UP = 10
"""Place in the ranking that the closest hit is compared with."""

UNKNOWN_LEAD = 0.3
"""Stands in where fewer passages were found than that, or the embedder tells nothing."""

TITLED = 0.8
"""Least evidence where a section among those has the query for its title. Not fitted: notes with a section of
that name hold what is asked for, however far its wording is from the query's."""

# Logistic weights over features that calibration has already put on one scale for every index and
# embedder. Fitted by `python -m evals.fit_gate` on probes of the sample notes (docs/evals.md).
BIAS = -1.57
NEARNESS_WEIGHT = 2.61
COVERAGE_WEIGHT = 1.44
LEAD_WEIGHT = 0.58
COMPLETE_WEIGHT = 1.06


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
        words = self.words
        seen = features(query, hits, calibration, words)
        drive = (
            BIAS
            + NEARNESS_WEIGHT * seen.nearness
            + COVERAGE_WEIGHT * seen.coverage
            + LEAD_WEIGHT * seen.lead
            + COMPLETE_WEIGHT * seen.complete
        )
        believed = 1.0 / (1.0 + math.exp(-drive))
        return max(believed, TITLED) if titled(query, hits, words) else believed


class Features(Frozen):
    """What the gate sees of one search."""

    nearness: float
    """-1..2: 0 as near as a query whose answer is absent, 1 as near as a passage's own heading."""
    coverage: float
    """0..1: words of the query, weighted by rarity, that one of the best hits holds."""
    lead: float
    """0..3: how far the closest hit is ahead of the tenth, in units of present minus far."""

    @property
    def complete(self) -> float:
        """1 where one of the best hits holds every word of the query, else 0."""
        return float(_is_all(self.coverage))


def features(query: str, hits: Sequence[Hit], calibration: Calibration, words: Words) -> Features:
    """Features of a search with at least one hit."""
    known = sorted((hit.similarity for hit in hits if hit.similarity is not None), reverse=True)
    closest = known[0] if known else -1.0
    compared = len(known) >= RUNNER_UP and calibration.tells
    lead = (closest - known[RUNNER_UP - 1]) / calibration.room if compared else UNKNOWN_LEAD
    return Features(
        nearness=calibration.nearness(closest),
        coverage=max(words.coverage(query, readable(hit)) for hit in hits[:LOOKED_AT]),
        lead=min(3.0, lead),
    )


def titled(query: str, hits: Sequence[Hit], words: Words) -> bool:
    """Whether the query is the title of one of the first hits: its last heading, or its question.

    All words of the title are asked for, and all words of the query stand in it or the headings above it.
    """
    return any(
        _is_all(words.coverage(path[-1], query)) and _is_all(words.coverage(query, "\n".join(path)))
        for hit in hits[:LOOKED_AT]
        for path in _titles(hit.chunk)
    )


def _titles(chunk: Chunk) -> Iterator[tuple[str, ...]]:
    """Its titles, each at the end of the headings above it."""
    if chunk.heading_path:
        yield chunk.heading_path
    if chunk.question is not None:
        yield (*chunk.heading_path, chunk.question)


def _is_all(coverage: float) -> bool:
    return math.isclose(coverage, 1.0)


def readable(hit: Hit) -> str:
    """What a reader of the hit sees: headings, then the text."""
    return "\n".join((*hit.chunk.heading_path, hit.chunk.text))
