"""Graded answers as rows for the verifier. The public sets are read by path and never shipped."""

import json
from collections.abc import Iterator
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import cast

from bot.questions.key_points import key_points_of_reference
from evals.train_rows import (
    CONTRADICTED,
    COVERED,
    MISSING,
    PARTIAL,
    PARTIAL_OR_MISSING,
    Point,
    Row,
    Target,
)

Record = dict[str, object]

STATUSES: dict[str, Target] = {
    "covered": COVERED,
    "partial": PARTIAL,
    "missing": MISSING,
    "contradicted": CONTRADICTED,
}
LABELS: dict[str, dict[str, Target]] = {
    "beetle_en": {
        "correct": COVERED,
        "partially_correct_incomplete": PARTIAL,
        "contradictory": CONTRADICTED,
        "irrelevant": MISSING,
        "non_domain": MISSING,
    },
    "scientsbank_en": {
        "correct": COVERED,
        "contradictory": CONTRADICTED,
        "incorrect": PARTIAL_OR_MISSING,
    },
}
OWN_SETS = ("train_zh", "train_styles", "train_styles_b", "train_fields")
"""Answers that this project wrote, with a verdict for each key point."""
PUBLIC = ("beetle_en", "scientsbank_en", "saf_en", "le_zh", "asag_zh_mt")
_LONGEST_POINT = 390
_LONGEST_ANSWER = 8000


def human_rows(folder: Path) -> list[Row]:
    """Rows of the public sets in `folder`: scores by the product's key points, labels by whole references."""
    return [
        row
        for name in PUBLIC
        for record in _records((folder / f"{name}.jsonl").read_text("utf-8"))
        for row in _human(name, record)
    ]


def own_rows() -> list[Row]:
    """Answers that this project wrote with a verdict per key point."""
    rows = [_judged(name, record) for name in OWN_SETS for record in _records(_shipped(f"{name}.jsonl"))]
    return rows + [
        _pair(cast(dict[str, str], record)) for record in _records(_shipped("verifier_pairs.jsonl"))
    ]


def gold_dev_rows() -> list[Row]:
    """The development part of the gold set: for figures, never for fitting."""
    return [
        _judged("gold_dev", record)
        for record in _records(_shipped("grade_zh.jsonl"))
        if record["split"] == "dev"
    ]


def _shipped(name: str) -> str:
    return files("evals").joinpath("sets", name).read_text("utf-8")


def _records(text: str) -> Iterator[Record]:
    for line in text.splitlines():
        yield cast(Record, json.loads(line))


def _human(source: str, record: Record) -> Iterator[Row]:
    question, answer = str(record["question"]), str(record["answer"])[:_LONGEST_ANSWER]
    reference = record["reference"]
    references = [reference] if isinstance(reference, str) else cast(list[str], reference)
    name = (source, str(record["question_id"]), str(record["id"]), question, answer)
    for text in references:
        points = _points(question, text)
        if points:
            score = float(str(record["score"])) / float(str(record["max_score"]))
            yield Row(*name, points, score=score)
    if source in LABELS:
        target = LABELS[source][str(record.get("label5") or record["label"])]
        for text in references:
            yield Row(*name, (Point(text[:_LONGEST_POINT]),), (target,), measured=False)


@cache
def _points(question: str, reference: str) -> tuple[Point, ...]:
    return tuple(
        Point(point.text, point.weight, point.vital) for point in key_points_of_reference(question, reference)
    )


def _judged(source: str, record: Record) -> Row:
    points = cast(list[Record], record["key_points"])
    return Row(
        source,
        str(record["question_id"]),
        str(record["id"]),
        str(record["question"]),
        str(record["answer"]),
        tuple(
            Point(str(p["text"]), float(str(p.get("weight", 1.0))), bool(p.get("vital", True)))
            for p in points
        ),
        tuple(STATUSES[status] for status in cast(list[str], record["verdicts"])),
        score=float(str(record["score"])) / float(str(record.get("max_score", 1))),
    )


def _pair(record: dict[str, str]) -> Row:
    target = STATUSES[record["status"]]
    point = Point(record["key_point"])
    return Row(
        "pairs", record["question"], record["id"], record["question"], record["answer"], (point,), (target,)
    )
