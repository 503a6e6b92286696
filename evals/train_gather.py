"""What the verifier is trained on, and which questions stay out of it."""

import random
from collections.abc import Sequence
from pathlib import Path

from bot.domain.spans import digest
from bot.grading.gate import screen
from evals.train_human import PUBLIC, gold_dev_rows, human_rows, own_rows
from evals.train_made import made_rows, padded_rows, topics_of_notes, topics_of_rows
from evals.train_rows import Row

TEST_SHARE = 0.25
"""Share of the questions of each public set that the shipped weights have not seen."""
MOST_GRADED = {"beetle_en": 2600, "scientsbank_en": 2600, "saf_en": 1600}
"""Answers of one set, so that none takes hours; all of them where nothing stands here."""
MOST_MADE = 260
"""Answers of one kind that code made."""


def is_test(source: str, group: str) -> bool:
    """Whether a question of a public set is held out of the shipped weights."""
    return source in PUBLIC and bucket("held out", source, group) < TEST_SHARE * 100


def gather(data: Path, corpus: Path, seed: int) -> list[Row]:
    """All rows that a gate lets through, in an order that depends on the seed only."""
    rows: list[Row] = []
    for source, group in _by_source(human_rows(data)).items():
        rows += _sample(group, MOST_GRADED.get(source, len(group)), seed)
    own = own_rows()
    made = [*made_rows(topics_of_notes(corpus) + topics_of_rows(rows), seed), *padded_rows(own, seed)]
    for group in _by_source(sorted(made, key=lambda row: row.answer_id)).values():
        rows += _sample(group, MOST_MADE, seed)
    rows += own + gold_dev_rows()
    return [row for row in rows if not screen(row.question, row.answer).stopped]


def is_held_out(row: Row) -> bool:
    """Whether the shipped weights have not seen a row; made ones go with the question they are made of."""
    if row.source.startswith("made:"):
        source, _, group = row.group.partition("/")
        return is_test(source, group) or (
            source == "notes" and bucket("held out", row.group) < TEST_SHARE * 100
        )
    return is_test(row.source, row.group)


def bucket(*names: str) -> int:
    """0..99, by the names alone."""
    return int(digest(*names), 16) % 100


def _by_source(rows: Sequence[Row]) -> dict[str, list[Row]]:
    groups: dict[str, list[Row]] = {}
    for row in rows:
        groups.setdefault(row.source, []).append(row)
    return groups


def _sample(rows: list[Row], most: int, seed: int) -> list[Row]:
    """At most `most` answers in random order, each with all its rows."""
    by_answer: dict[str, list[Row]] = {}
    for row in rows:
        by_answer.setdefault(row.answer_id, []).append(row)
    ids = list(by_answer)
    random.Random(seed).shuffle(ids)
    return [row for answer_id in ids[:most] for row in by_answer[answer_id]]
