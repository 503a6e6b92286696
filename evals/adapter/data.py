"""What the adapter learns from: whole answers with their key points, and what is known of each."""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import TypeVar, cast

from bot.domain.spans import digest
from bot.grading.normal import plain
from bot.grading.words import unit_set
from evals import train_human
from evals.train_human import STATUSES
from evals.train_made import Topic, made_rows
from evals.train_rows import CONTRADICTED, COVERED, MISSING, PARTIAL, Row, Target

T = TypeVar("T")
Record = dict[str, object]
LABELS: dict[str, Target] = {
    "correct": COVERED,
    "partially_correct_incomplete": PARTIAL,
    "contradictory": CONTRADICTED,
    "irrelevant": MISSING,
    "non_domain": MISSING,
    "incorrect": (0.0, 0.4, 0.55, 0.05),
}
"""Of Beetle and SciEntsBank; SciEntsBank's 'incorrect' mixes what is missing and what is partial."""
OWN_SETS = (*train_human.OWN_SETS, "train_fields_b")
"""Answers that this project wrote; the verifier has not learnt from the last set, which is younger."""
HELD_OUT_SETS = ("asag_zh_mt", "saf_en")
"""Sets graded by people that the adapter never sees: they show how it does on other fields."""
MOST_CHARS = 700
"""Of an answer; longer ones are not used in training."""


@dataclass(frozen=True, slots=True)
class Part:
    """What is learnt from at one go.

    Attributes:
        graded: Most answers of each set, none of them in two parts.
        made: Answers made by code, by kind, for what no candidate's answer shows.
    """

    graded: dict[str, int]
    made: dict[str, int] = field(default_factory=dict[str, int])


PARTS = (
    Part(
        {"train_zh": 400, "beetle": 260, "scientsbank": 160, "le_zh": 80},
        {"verbatim": 12, "stuffed": 30, "generic": 6, "off_topic": 16, "shotgun": 16, "typos": 8},
    ),
    Part({"train_zh": 800, "beetle": 100, "scientsbank": 40, "le_zh": 20}),
    Part({"train_zh": 600, "beetle": 50, "scientsbank": 30, "le_zh": 15}),
    Part({"train_styles": 400}, {"mixed": 16, "stuffed": 8, "typos": 8, "verbatim": 4}),
    Part(
        {"train_styles_b": 400, "train_fields": 400},
        {"stuffed": 8, "shotgun": 8, "typos": 8, "verbatim": 8},
    ),
    Part({"train_fields_b": 400}, {"off_topic": 24, "stuffed": 8, "typos": 8, "mixed": 16}),
)


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


@cache
def own_items() -> tuple[Item, ...]:
    """Answers of OWN_SETS, as they stand in evals/sets."""
    return tuple(_own(name, json.loads(line)) for name in OWN_SETS for line in _lines(name))


def _lines(name: str) -> list[str]:
    return files("evals").joinpath("sets", f"{name}.jsonl").read_text("utf-8").splitlines()


def _own(source: str, record: Record) -> Item:
    points = cast(list[dict[str, str]], record["key_points"])
    return Item(
        source=source,
        group=str(record["question_id"]),
        id=str(record["id"]),
        question=plain(str(record["question"])),
        answer=plain(str(record["answer"])),
        points=tuple(plain(point["text"]) for point in points),
        targets=tuple(STATUSES[status] for status in cast(list[str], record["verdicts"])),
    )


def human_items(data: Path) -> list[Item]:
    """Answers that people graded, each with its reference as one key point."""
    found = [
        _labelled(source, record)
        for source in ("beetle", "scientsbank")
        for record in _records(data / f"{source}_en.jsonl")
    ]
    return found + [_whole("le_zh", record) for record in _records(data / "le_zh.jsonl")]


def _records(file: Path) -> Iterator[Record]:
    for line in file.read_text("utf-8").splitlines():
        yield json.loads(line)


def _labelled(source: str, record: Record) -> Item:
    target = LABELS[str(record.get("label5") or record["label"])]
    return _one_point(source, record, nearest(record["reference"], str(record["answer"]))[:390], target)


def _whole(source: str, record: Record) -> Item:
    share = float(str(record["score"])) / float(str(record["max_score"]))
    return _one_point(source, record, str(record["reference"]), _target(share))


def _one_point(source: str, record: Record, point: str, target: Target) -> Item:
    return Item(
        source,
        str(record["question_id"]),
        str(record["id"]),
        plain(str(record["question"])),
        plain(str(record["answer"])),
        (plain(point),),
        (target,),
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


def _target(share: float) -> Target:
    """The statuses whose expected value is `share`."""
    if share >= 0.5:
        return (2 * share - 1, 2 - 2 * share, 0.0, 0.0)
    return (0.0, 2 * share, 1 - 2 * share, 0.0)


def made_items(own: Sequence[Item], seed: int, kinds: Mapping[str, int]) -> list[Item]:
    """As many answers of each kind as asked for, made by code from the key points of our own questions."""
    topics = {
        (item.source, item.group): Topic(item.source, item.group, item.question, item.points) for item in own
    }
    by_kind: dict[str, list[Item]] = {}
    for row in made_rows(list(topics.values()), seed):
        by_kind.setdefault(row.source.removeprefix("made:"), []).append(_made(row))
    return [
        item
        for kind, most in kinds.items()
        for item in _shuffled(by_kind[kind], lambda one: one.id, seed)[:most]
    ]


def _made(row: Row) -> Item:
    points = tuple(plain(point.text) for point in row.points)
    answer = plain(row.answer)
    return Item(row.source, row.group, row.answer_id, plain(row.question), answer, points, row.targets)


def training_items(data: Path, seed: int, part: int) -> list[Item]:
    """One part (0-based, of PARTS), without the questions held out, sampled and shuffled by `seed`."""
    pool = [item for item in [*own_items(), *human_items(data)] if not item.is_held_out]
    chosen = made_items([item for item in pool if item.source == OWN_SETS[0]], seed, PARTS[part].made)
    for source, count in PARTS[part].graded.items():
        fitting = [i for i in pool if i.source == source and 0 < len(i.answer) <= MOST_CHARS]
        start = sum(earlier.graded.get(source, 0) for earlier in PARTS[:part])
        chosen += _shuffled(fitting, lambda item: item.id, seed)[start : start + count]
    return _shuffled(chosen, lambda item: f"{item.source}/{item.id}/{item.answer}", seed)


def _shuffled(items: Sequence[T], name: Callable[[T], str], seed: int) -> list[T]:
    return sorted(items, key=lambda item: digest(str(seed), name(item)))
