"""What the embedded judge reads of answers that its adapter was not trained on, before it is weighed.

Read through the product's own judge, and kept in a file so that a stopped run goes on.
"""

import json
import logging
from collections import Counter
from collections.abc import Generator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import sha256
from importlib.resources import files
from itertools import zip_longest
from pathlib import Path
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from bot.domain.questions import KeyPoint
from bot.domain.spans import digest
from bot.grading.gate import screen
from bot.grading.judge_embedded import EmbeddedJudge, Opinion
from bot.grading.judge_features import FeatureJudge
from bot.grading.judging import GradingCase
from bot.grading.verifier import STATUSES
from bot.questions.key_points import key_points_of_reference
from evals.adapter.data import HELD_OUT_SETS, is_held_out, nearest
from evals.adapter.kept import KeptReader
from evals.train_gather import is_test

Floats = NDArray[np.float64]
GOLD_ANSWERS = 110
"""Of the gold set's development half."""
PUBLIC_ANSWERS = {"asag_zh_mt": 50, "saf_en": 24, "scientsbank_en": 24, "le_zh": 24}
"""Answers of each set that people scored: of a set that the adapter has seen, questions that it has not; of
the others, questions that docs/evals.md does not report on."""
MOST_OF_A_QUESTION = 6
MOST_CHARS = 600
_log = logging.getLogger("evals.adapter")


@dataclass(frozen=True, slots=True)
class Known:
    """One answer and what people, or the authors of the gold set, say of it."""

    source: str
    id: str
    question: str
    answer: str
    points: tuple[KeyPoint, ...]
    statuses: tuple[str, ...] | None
    score: float


def gold_dev() -> list[Known]:
    """Answers of the development half of the gold set."""
    lines = files("evals").joinpath("sets", "grade_zh.jsonl").read_text("utf-8").splitlines()
    records = [record for record in map(json.loads, lines) if record["split"] == "dev"]
    records.sort(key=lambda record: sha256(record["id"].encode()).hexdigest())
    return [_gold(record) for record in records[:GOLD_ANSWERS]]


def _gold(record: dict[str, Any]) -> Known:
    points = tuple(
        KeyPoint(text=point["text"], weight=point["weight"], vital=point["vital"], quote=None)
        for point in record["key_points"]
    )
    score = record["score"] / record["max_score"]
    statuses = tuple(record["verdicts"])
    return Known("gold", record["id"], record["question"], record["answer"], points, statuses, score)


def scored(data: Path) -> list[Known]:
    """Answers that people scored, with key points made from their references, the sets taking turns."""
    turns = zip_longest(*(_of_set(data / f"{name}.jsonl", most) for name, most in PUBLIC_ANSWERS.items()))
    return [one for turn in turns for one in turn if one is not None]


def _of_set(file: Path, most: int) -> list[Known]:
    records = [json.loads(line) for line in file.read_text("utf-8").splitlines()]
    records.sort(key=lambda record: digest("stack", record["id"]))
    seen: Counter[str] = Counter()
    found: list[Known] = []
    for record in records:
        if _usable(file.stem, record) and len(found) < most:
            seen[record["question_id"]] += 1
            if seen[record["question_id"]] <= MOST_OF_A_QUESTION:
                found.append(_scored(file.stem, record))
    return found


def _usable(source: str, record: dict[str, Any]) -> bool:
    if not record["answer"].strip() or len(record["answer"]) > MOST_CHARS:
        return False
    trained = source.removesuffix("_en") if source == "scientsbank_en" else source
    if source in HELD_OUT_SETS:
        return not is_test(source, str(record["question_id"]))
    return is_held_out(trained, record["question_id"])


def _scored(source: str, record: dict[str, Any]) -> Known:
    reference = nearest(record["reference"], record["answer"])
    points = key_points_of_reference(record["question"], reference)
    score = record["score"] / record["max_score"]
    return Known(source, record["id"], record["question"], record["answer"], points, None, score)


@dataclass(frozen=True, slots=True)
class Read:
    """One answer as it was read: log-probabilities of shape (points, 4), weights of shape (points,)."""

    source: str
    group: str
    read: Floats
    felt: Floats
    weights: Floats
    labels: NDArray[np.int64] | None
    score: float


class Opinionated(Protocol):
    """Has an opinion on each key point, before it is weighed."""

    def opinions(self, case: GradingCase) -> Sequence[Opinion]:
        """One for each key point, in their order. Raises ModelUnavailable."""
        ...


def read(judge: Opinionated, known: Sequence[Known]) -> list[Read]:
    """What the judge reads of each answer that the gate lets through."""
    order = [str(status) for status in STATUSES]
    found: list[Read] = []
    for count, one in enumerate(known):
        screening = screen(one.question, one.answer)
        if screening.stopped:
            continue
        opinions = judge.opinions(GradingCase(one.question, one.points, screening))
        found.append(
            Read(
                one.source,
                one.question,
                np.stack([opinion.read for opinion in opinions]),
                np.stack([opinion.felt for opinion in opinions]),
                np.array([point.weight for point in one.points]),
                np.array([order.index(status) for status in one.statuses]) if one.statuses else None,
                one.score,
            )
        )
        _log.info("%d/%d %s %s", count + 1, len(known), one.source, one.id)
    return found


@contextmanager
def kept_judge(kept: Path, plain: str | None = None) -> Generator[EmbeddedJudge]:
    """The product's judge; what it has read before comes from the file.

    Args:
        kept: The file; of one model with one adapter.
        plain: A model of the manifest that reads without an adapter; None: the judge as it ships.

    Raises:
        ModelUnavailable: A model cannot be had.
    """
    from bot.settings import load_settings
    from evals.wiring import opened_reader

    with opened_reader(load_settings(), plain) as (reader, embedder):
        yield EmbeddedJudge(KeptReader(reader, kept), FeatureJudge(embedder))
