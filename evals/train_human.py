"""Answers that people graded, as rows for the verifier. The sets are read by path and never shipped."""

import json
from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path
from typing import cast

from bot.grading.clauses import clauses, sentences
from bot.grading.normal import plain
from bot.grading.words import unit_set
from evals.train_rows import CONTRADICTED, COVERED, MISSING, PARTIAL, Row, Target

Record = dict[str, object]

BEETLE: dict[str, Target] = {
    "correct": COVERED,
    "partially_correct_incomplete": PARTIAL,
    "contradictory": CONTRADICTED,
    "irrelevant": MISSING,
    "non_domain": MISSING,
}
SCIENTSBANK: dict[str, Target] = {
    "correct": COVERED,
    "contradictory": CONTRADICTED,
    "incorrect": (0.0, 0.4, 0.55, 0.05),
}
MOST_POINTS = 7
GUESSED_WEIGHT = 1.0
"""Of all key points of an answer that has one score: which of them it holds is guessed."""
PAIR_WEIGHT = 14.0
"""Few, but of the field that this product is about."""


def human_rows(folder: Path) -> list[Row]:
    """Rows of all sets in `folder`."""
    rows = [
        row for record in _records(folder / "beetle_en.jsonl") for row in _labelled("beetle", record, BEETLE)
    ]
    rows += [
        row
        for record in _records(folder / "scientsbank_en.jsonl")
        for row in _labelled("scientsbank", record, SCIENTSBANK)
    ]
    for name in ("saf_en", "le_zh", "asag_zh_mt"):
        rows += [row for record in _records(folder / f"{name}.jsonl") for row in _scored(name, record)]
    return rows


def pair_rows() -> list[Row]:
    """Answers of our own to single key points in deep learning, written with their status by the project."""
    lines = files("evals").joinpath("sets", "verifier_pairs.jsonl").read_text("utf-8").splitlines()
    return [_pair(cast(dict[str, str], json.loads(line))) for line in lines]


def _pair(record: dict[str, str]) -> Row:
    targets = {"covered": COVERED, "partial": PARTIAL, "missing": MISSING, "contradicted": CONTRADICTED}
    status = record["status"]
    return Row(
        source="pairs",
        group=record["question"],
        answer_id=record["id"],
        question=record["question"],
        point=record["key_point"],
        answer=record["answer"],
        target=targets[status],
        score={"covered": 1.0, "partial": 0.5}.get(status, 0.0),
        weight=PAIR_WEIGHT,
    )


def points_of(reference: str, question: str) -> list[str]:
    """Statements of a reference text, at most MOST_POINTS: its sentences, or the items of a list."""
    parts = [part.text for part in sentences(plain(reference))]
    if len(parts) == 1 and len(items := [item.text for item in clauses(parts[0])]) >= 3:
        parts = items
    parts = [part[:380] for part in parts if unit_set(part) - unit_set(plain(question))] or [parts[0][:380]]
    return parts[:MOST_POINTS]


def _records(file: Path) -> Iterator[Record]:
    for line in file.read_text("utf-8").splitlines():
        yield cast(Record, json.loads(line))


def _labelled(source: str, record: Record, targets: dict[str, Target]) -> Iterator[Row]:
    label = str(record.get("label5") or record["label"])
    answer = str(record["answer"])
    yield Row(
        source=source,
        group=str(record["question_id"]),
        answer_id=str(record["id"]),
        question=str(record["question"]),
        point=nearest(record["reference"], answer)[:390],
        answer=answer,
        target=targets[label],
        score=1.0 if label == "correct" else 0.5 if label.startswith("partially") else 0.0,
    )


def nearest(reference: object, answer: str) -> str:
    """The reference, or the one of several that shares most words with the answer."""
    if isinstance(reference, str):
        return reference
    said = unit_set(plain(answer))
    return max(
        cast(list[str], reference),
        key=lambda text: len(unit_set(plain(text)) & said) / (1 + len(unit_set(plain(text)))),
    )


def _scored(source: str, record: Record) -> Iterator[Row]:
    """One row a key point; which of them a half-right answer holds is guessed from shared words."""
    score = float(str(record["score"])) / float(str(record["max_score"]))
    question, answer = str(record["question"]), str(record["answer"])[:8000]
    if not answer.strip():
        return
    points = points_of(str(record["reference"]), question)
    said = unit_set(plain(answer))
    shares = [len(unit_set(point) & said) / max(1, len(unit_set(point))) for point in points]
    order = sorted(range(len(points)), key=lambda index: -shares[index])
    earned = score * len(points)
    for rank, index in enumerate(order):
        share = min(1.0, max(0.0, earned - rank))
        yield Row(
            source=source,
            group=str(record["question_id"]),
            answer_id=str(record["id"]),
            question=question,
            point=points[index],
            answer=answer,
            target=_target(share),
            score=score,
            weight=GUESSED_WEIGHT / len(points),
        )


def _target(share: float) -> Target:
    """Soft status for a share of a key point's worth."""
    if share >= 0.5:
        return (2 * share - 1, 2 - 2 * share, 0.0, 0.0)
    return (0.0, 2 * share, 1 - 2 * share, 0.0)
