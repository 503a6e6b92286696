"""What the adapter learns from: whole answers with their key points, and what is known of each."""

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import TypeVar, cast

from bot.domain.spans import digest
from bot.grading.normal import plain
from evals.train_human import human_rows
from evals.train_made import made_rows, topics_of_rows
from evals.train_rows import CONTRADICTED, COVERED, MISSING, PARTIAL, Row, Target

STATUS_TARGETS: dict[str, Target] = {
    "covered": COVERED,
    "partial": PARTIAL,
    "missing": MISSING,
    "contradicted": CONTRADICTED,
}
T = TypeVar("T")
HELD_OUT_SETS = ("asag_zh_mt", "saf_en")
"""Sets graded by people that the adapter never sees: they show how it does on other fields."""
MOST_CHARS = 700
"""Of an answer; longer ones are not used in training."""
MADE_KINDS = {"verbatim": 12, "stuffed": 30, "generic": 6, "off_topic": 16, "shotgun": 16, "typos": 8}
"""Answers made by code, by kind, against the tricks that no candidate's answer shows."""
SHARES = {"train_zh": 400, "beetle": 260, "scientsbank": 160, "le_zh": 80}
"""Answers of each set, so that one pass takes about 50 minutes on two cores."""


@dataclass(frozen=True, slots=True)
class Item:
    """One answer and what is known of its key points."""

    source: str
    group: str
    id: str
    question: str
    answer: str
    points: tuple[str, ...]
    targets: tuple[Target, ...]

    @property
    def is_held_out(self) -> bool:
        """Whether its question is kept for validation: one in ten of each source."""
        return is_held_out(self.source, self.group)


def is_held_out(source: str, group: str) -> bool:
    """Whether a question of a set is kept for validation."""
    return int(digest("adapter", f"{source}/{group}"), 16) % 10 == 0


def own_items() -> list[Item]:
    """Answers of evals/sets/train_zh.jsonl."""
    lines = files("evals").joinpath("sets", "train_zh.jsonl").read_text("utf-8").splitlines()
    return [_own(json.loads(line)) for line in lines]


def _own(record: dict[str, object]) -> Item:
    points = cast(list[dict[str, str]], record["key_points"])
    return Item(
        source="train_zh",
        group=str(record["question_id"]),
        id=str(record["id"]),
        question=plain(str(record["question"])),
        answer=plain(str(record["answer"])),
        points=tuple(plain(point["text"]) for point in points),
        targets=tuple(STATUS_TARGETS[status] for status in cast(list[str], record["verdicts"])),
    )


def human_items(data: Path) -> list[Item]:
    """Answers that people graded, each with its reference as one key point."""
    return [_of_row(row) for row in human_rows(data) if row.source in ("beetle", "scientsbank")] + list(
        _whole("le_zh", data / "le_zh.jsonl")
    )


def _of_row(row: Row) -> Item:
    return Item(
        row.source,
        row.group,
        row.answer_id,
        plain(row.question),
        plain(row.answer),
        (plain(row.point),),
        (row.target,),
    )


def _whole(source: str, file: Path) -> Iterator[Item]:
    for line in file.read_text("utf-8").splitlines():
        record = json.loads(line)
        share = float(record["score"]) / float(record["max_score"])
        yield Item(
            source,
            str(record["question_id"]),
            str(record["id"]),
            plain(record["question"]),
            plain(record["answer"]),
            (plain(record["reference"]),),
            (_target(share),),
        )


def _target(share: float) -> Target:
    """The statuses whose expected value is `share`."""
    if share >= 0.5:
        return (2 * share - 1, 2 - 2 * share, 0.0, 0.0)
    return (0.0, 2 * share, 1 - 2 * share, 0.0)


def made_items(own: Sequence[Item], seed: int) -> list[Item]:
    """Answers that code makes from the key points of our own questions."""
    rows = [
        Row(i.source, i.group, i.id, i.question, point, i.answer, target)
        for i in own
        for point, target in zip(i.points, i.targets, strict=True)
    ]
    grouped: dict[tuple[str, str, str], list[Row]] = {}
    for row in made_rows(topics_of_rows(rows), seed):
        grouped.setdefault((row.source, row.group, row.answer), []).append(row)
    found: list[Item] = []
    for kind, most in MADE_KINDS.items():
        of_kind = [rows for (source, _, _), rows in grouped.items() if source == f"made:{kind}"]
        for rows in _shuffled(of_kind, lambda rows: rows[0].answer_id, seed)[:most]:
            found.append(
                Item(
                    rows[0].source,
                    rows[0].group,
                    rows[0].answer_id,
                    plain(rows[0].question),
                    plain(rows[0].answer),
                    tuple(plain(row.point) for row in rows),
                    tuple(row.target for row in rows),
                )
            )
    return found


def training_items(data: Path, seed: int) -> list[Item]:
    """All of it but the questions held out, sampled and shuffled: the same for the same seed."""
    own = [item for item in own_items() if not item.is_held_out]
    pool = own + [item for item in human_items(data) if not item.is_held_out]
    chosen = made_items(own, seed)
    for source, most in SHARES.items():
        fitting = [i for i in pool if i.source == source and 0 < len(i.answer) <= MOST_CHARS]
        chosen += _shuffled(fitting, lambda item: item.id, seed)[:most]
    return _shuffled(chosen, lambda item: f"{item.source}/{item.id}/{item.answer}", seed)


def _shuffled(items: Sequence[T], name: Callable[[T], str], seed: int) -> list[T]:
    return sorted(items, key=lambda item: digest(str(seed), name(item)))
