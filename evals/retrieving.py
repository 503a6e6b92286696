"""One query after another through the product's retriever."""

import time
from collections.abc import Mapping, Sequence
from itertools import accumulate

from pydantic import JsonValue

from bot.domain.errors import KaodianError
from evals.cases import RetrieveCase
from evals.conversations import standing_alone
from evals.matching import Matcher, wanted_text
from evals.metrics.estimate import Estimate, Metrics
from evals.metrics.retrieval import Found, length_figures, retrieval_figures
from evals.product import RetrievalProduct

DEPTH = 20
"""Chunks that are looked at."""

LOST = "not in any chunk"

FOLLOW_UP = "follow_up"
"""Before the names of what is measured from a conversation."""


class RetrieveTask:
    """Turns a query into the rank of the passage it should find.

    Args:
        product: What is measured.
        raw: Each line of the set as it stood, by id; the row repeats it.
    """

    kind = "retrieve"

    def __init__(self, product: RetrievalProduct, raw: Mapping[str, dict[str, JsonValue]]) -> None:
        self._product = product
        self._raw = raw
        self._matcher = Matcher(product.chunks)

    def row(self, case: RetrieveCase) -> dict[str, JsonValue]:
        """The line of the set with rank, rank_chars and error added."""
        started = time.perf_counter()
        places: dict[str, JsonValue] = dict.fromkeys(("rank", "rank_chars"))
        error: str | None = None
        wanted = wanted_text(case, self._product.raw)
        if not self._matcher.anywhere(wanted):
            error = LOST
        else:
            try:
                places |= self._places(case, wanted)
            except KaodianError as problem:
                error = str(problem)
        seconds = round(time.perf_counter() - started, 3)
        given = self._raw[str(case.id)]
        return given | places | {"error": error, "seconds": seconds}

    def _places(self, case: RetrieveCase, wanted: str) -> dict[str, JsonValue]:
        """Ranks of the query, and of the follow-up that the product resolves by itself."""
        if not case.conversation:
            return self._place("rank", case.query, wanted)
        alone = standing_alone(case.follow_up or case.query, case.conversation)
        if case.follow_up is None:
            return self._place("rank", alone, wanted) | {"standalone": alone}
        by_hand = self._place("rank", case.query, wanted)
        return by_hand | self._place(f"{FOLLOW_UP}_rank", alone, wanted) | {"standalone": alone}

    def _place(self, name: str, query: str, wanted: str) -> dict[str, JsonValue]:
        rank, chars = self._look_up(query, wanted)
        return {name: rank, f"{name}_chars": chars}

    def _look_up(self, query: str, wanted: str) -> tuple[int | None, int | None]:
        hits = self._product.search(query, DEPTH)
        lengths = accumulate(len(hit.chunk.text) for hit in hits)
        for rank, (hit, chars) in enumerate(zip(hits, lengths, strict=True), start=1):
            if self._matcher.holds(hit.chunk, wanted):
                return rank, chars
        return None, None

    def metrics(self, cases: Sequence[RetrieveCase], rows: Sequence[dict[str, JsonValue]]) -> Metrics:
        """Figures over all rows; what was lost or failed counts as not found."""
        found = [
            Found(_whole(row["rank"]), _whole(row["rank_chars"]), case.group)
            for case, row in zip(cases, rows, strict=True)
        ]
        lengths = [len(chunk.text) for chunk in self._product.chunks]
        return Metrics(
            figures=retrieval_figures(found) | _follow_ups(cases, rows) | length_figures(lengths),
            counts={
                "queries": len(rows),
                "chunks": len(lengths),
                "lost": sum(row["error"] == LOST for row in rows),
                "failed": sum(row["error"] not in (None, LOST) for row in rows),
            },
        )


def _follow_ups(cases: Sequence[RetrieveCase], rows: Sequence[dict[str, JsonValue]]) -> dict[str, Estimate]:
    """The same figures for follow-ups alone: from their conversation, and as resolved by hand."""
    both = [each for each in zip(cases, rows, strict=True) if each[0].conversation and each[0].follow_up]
    if not both:
        return {}
    figures: dict[str, Estimate] = {}
    for label, rank in ((FOLLOW_UP, f"{FOLLOW_UP}_rank"), (f"{FOLLOW_UP}_by_hand", "rank")):
        found = [
            Found(_whole(row.get(rank)), _whole(row.get(f"{rank}_chars")), case.group) for case, row in both
        ]
        figures |= {f"{label}_{name}": figure for name, figure in retrieval_figures(found).items()}
    return figures


def _whole(value: JsonValue) -> int | None:
    return value if isinstance(value, int) else None
