"""Reciprocal-rank fusion."""

from collections.abc import Hashable, Iterable, Sequence
from typing import TypeVar

Item = TypeVar("Item", bound=Hashable)

RANK_CONSTANT = 20
"""Cormack, Clarke and Büttcher, SIGIR 2009, took 60 and saw little change between 10 and 100; on the dev half
of evals/sets/retrieve_zh.jsonl 20 found more among the first ten than 60."""


def reciprocal_rank(rankings: Iterable[Sequence[Item]]) -> list[tuple[Item, float]]:
    """Items of several rankings (best first, no repeats) by summed 1 / (RANK_CONSTANT + rank), best first.

    Ties keep the order in which the items were first seen.
    """
    scores: dict[Item, float] = {}
    for ranking in rankings:
        for rank, item in enumerate(ranking, start=1):
            scores[item] = scores.get(item, 0.0) + 1.0 / (RANK_CONSTANT + rank)
    return sorted(scores.items(), key=lambda pair: -pair[1])
