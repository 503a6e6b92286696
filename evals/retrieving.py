"""One query after another through the product's retriever."""

import time
from collections.abc import Mapping, Sequence
from itertools import accumulate

from pydantic import JsonValue

from bot.domain.errors import KaodianError
from evals.cases import RetrieveCase
from evals.matching import Matcher, wanted_text
from evals.metrics.estimate import Metrics
from evals.metrics.retrieval import Found, length_figures, retrieval_figures
from evals.product import RetrievalProduct

DEPTH = 20
"""Chunks that are looked at."""

LOST = "not in any chunk"


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
        rank: int | None = None
        chars: int | None = None
        error: str | None = None
        wanted = wanted_text(case, self._product.raw)
        if not self._matcher.anywhere(wanted):
            error = LOST
        else:
            try:
                rank, chars = self._look_up(case.query, wanted)
            except KaodianError as problem:
                error = str(problem)
        seconds = round(time.perf_counter() - started, 3)
        given = self._raw[str(case.id)]
        return given | {"rank": rank, "rank_chars": chars, "error": error, "seconds": seconds}

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
            figures=retrieval_figures(found) | length_figures(lengths),
            counts={
                "queries": len(rows),
                "chunks": len(lengths),
                "lost": sum(row["error"] == LOST for row in rows),
                "failed": sum(row["error"] not in (None, LOST) for row in rows),
            },
        )


def _whole(value: JsonValue) -> int | None:
    return value if isinstance(value, int) else None
