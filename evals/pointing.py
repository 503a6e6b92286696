"""One question after another through a maker of key points, and through two anybody could be."""

import time
from collections.abc import Sequence

from pydantic import JsonValue

from bot.domain.errors import KaodianError
from bot.domain.spans import Frozen, Span
from bot.questions.asking import is_asked
from bot.questions.point_making import MOST_POINTS, Made, Passage
from bot.questions.sentence_parts import sentence_spans
from bot.questions.words import plain
from bot.texts import say
from evals.metrics.estimate import Estimate, Metrics
from evals.metrics.points import THRESHOLDS, Closeness, agreement, hits_at, matched, ratio
from evals.points_case import PointsCase
from evals.product import PointsProduct


class Held(Frozen):
    """Key points of one question, held to the written ones."""

    count: int = 0
    quoted: int = 0
    """Points with a quote that stands in the passage, character by character."""
    unasked: int = 0
    """Points that the question does not ask for, by the product's own rule."""
    pairs: tuple[float, ...] = ()
    """Closeness of each matched pair."""
    vital_pairs: tuple[float, ...] = ()
    """Of those, the pairs whose written point is vital."""


class PointsRow(Frozen):
    """What the figures are computed from."""

    made: Held
    sentences: Held
    written: Held
    vital_written: int
    dropped: int
    mended: int
    calls: int
    seconds: float
    error: str | None


class PointsTask:
    """Turns a case into a row: the points, and how close they are to the written ones.

    Args:
        product: The maker that is measured, and the encoder.
        cases: All of the set, which tell how rare a word is.
    """

    kind = "key_points"

    def __init__(self, product: PointsProduct, cases: Sequence[PointsCase]) -> None:
        self._product = product
        self._closeness = Closeness([p.text for case in cases for p in case.written], product.vectors)

    def row(self, case: PointsCase) -> dict[str, JsonValue]:
        """The row of `case`; a failure is a row with its error and no points."""
        started = time.perf_counter()
        error: str | None = None
        try:
            made = self._product.maker.make(case.question, case.passage)
        except KaodianError as failure:
            made, error = Made(points=()), str(failure)
        seconds = time.perf_counter() - started
        if not made.points and error is None:
            error = say("evals.no_key_points")
        row = PointsRow(
            made=self._held(case, [(p.text, p.place) for p in made.points]),
            sentences=self._held(case, _each_sentence(case.passage)),
            written=self._held(case, [(p.text, _place(case.passage, p.quote)) for p in case.written]),
            vital_written=sum(point.vital for point in case.written),
            dropped=len(made.dropped),
            mended=made.mended,
            calls=made.calls,
            seconds=round(seconds, 4),
            error=error,
        )
        points: list[JsonValue] = [p.model_dump(mode="json") for p in made.points]
        dropped: list[JsonValue] = [d.model_dump(mode="json") for d in made.dropped]
        return {"id": case.id, **row.model_dump(mode="json"), "points": points, "left_out": dropped}

    def metrics(self, cases: Sequence[PointsCase], rows: Sequence[dict[str, JsonValue]]) -> Metrics:
        """Figures over all rows, in the order of the cases."""
        return points_metrics([PointsRow.model_validate(_known(row)) for row in rows], cases)

    def _held(self, case: PointsCase, points: Sequence[tuple[str, Span | None]]) -> Held:
        texts = [text for text, _ in points]
        pairs = matched(self._closeness.between(texts, [point.text for point in case.written]))
        return Held(
            count=len(points),
            quoted=sum(_stands(place, case.passage) for _, place in points),
            unasked=sum(not self._asked(case, text, place) for text, place in points),
            pairs=tuple(round(value, 4) for *_, value in pairs),
            vital_pairs=tuple(round(value, 4) for _, i, value in pairs if case.written[i].vital),
        )

    def _asked(self, case: PointsCase, text: str, place: Span | None) -> bool:
        quote = place.cut(case.passage.raw) if place else ""
        return is_asked(case.question, (text, quote), case.others, self._product.vectors)


def points_metrics(rows: Sequence[PointsRow], cases: Sequence[PointsCase]) -> Metrics:
    """Figures of the maker, and of one that takes each sentence for a point and of the authors as floors."""
    groups = [case.group for case in cases]
    ones = [1] * len(rows)
    figures = _figures([row.made for row in rows], rows, groups)
    figures["points_dropped"] = ratio([row.dropped for row in rows], ones, groups)
    figures["quotes_mended"] = ratio([row.mended for row in rows], ones, groups)
    figures["failure_rate"] = ratio([row.error is not None for row in rows], ones, groups)
    figures["points_seconds"] = Estimate(value=sum(row.seconds for row in rows) / max(len(rows), 1))
    written = _figures([row.written for row in rows], rows, groups)
    return Metrics(
        figures=figures,
        counts={"questions": len(rows), "written points": sum(row.written.count for row in rows)},
        floors={
            "each_sentence": _figures([row.sentences for row in rows], rows, groups),
            "written": {name: written[name] for name in ("not_asked", "points_per_question")},
        },
        tables={"by_threshold": _by_threshold(rows)},
        notes=[say("evals.note_points", calls=sum(row.calls for row in rows))],
    )


def _figures(held: Sequence[Held], rows: Sequence[PointsRow], groups: Sequence[str]) -> dict[str, Estimate]:
    counts = [item.count for item in held]
    vital = agreement(
        [item.vital_pairs for item in held], counts, [row.vital_written for row in rows], groups
    )
    return {
        **agreement([item.pairs for item in held], counts, [row.written.count for row in rows], groups),
        "points_vital_recall": vital["points_recall"],
        "points_quoted": ratio([item.quoted for item in held], counts, groups),
        "not_asked": ratio([item.unasked for item in held], counts, groups),
        "points_per_question": ratio(counts, [1] * len(counts), groups),
    }


def _by_threshold(rows: Sequence[PointsRow]) -> list[dict[str, JsonValue]]:
    made, written = sum(row.made.count for row in rows), sum(row.written.count for row in rows)
    found: list[dict[str, JsonValue]] = []
    for threshold in THRESHOLDS:
        hits = sum(hits_at([row.made.pairs for row in rows], threshold))
        sentences = sum(hits_at([row.sentences.pairs for row in rows], threshold))
        found.append(
            {
                "threshold": threshold,
                "precision": round(hits / max(made, 1), 3),
                "recall": round(hits / max(written, 1), 3),
                "f1": round(2 * hits / max(made + written, 1), 3),
                "recall of each sentence": round(sentences / max(written, 1), 3),
            }
        )
    return found


def _each_sentence(passage: Passage) -> list[tuple[str, Span]]:
    """The first sentences of the passage, each as a point."""
    spans = [
        Span(start=start, end=end)
        for span in passage.spans
        for start, end in sentence_spans(passage.raw, span.start, span.end)
    ]
    found = [(plain(span.cut(passage.raw)), span) for span in spans]
    return [(text, span) for text, span in found if text][:MOST_POINTS]


def _place(passage: Passage, quote: str) -> Span | None:
    for span in passage.spans:
        start = passage.raw.find(quote, span.start, span.end)
        if start >= 0:
            return Span(start=start, end=start + len(quote))
    return None


def _stands(place: Span | None, passage: Passage) -> bool:
    return place is not None and any(span.contains(place) for span in passage.spans)


def _known(row: dict[str, JsonValue]) -> dict[str, JsonValue]:
    return {name: row[name] for name in PointsRow.model_fields}
