"""Answers that code makes from statements: what changes, and what does not."""

import random

import pytest

from bot.grading.words import unit_set
from evals.train_changes import mixed
from evals.train_made import Topic, made_rows
from evals.train_rows import COVERED

TOPICS = [
    Topic(
        "notes",
        "norm",
        "批归一化在训练和推理时有什么不同？",
        ("训练时用小批量的均值和方差", "推理时用训练中累积的滑动平均"),
    ),
    Topic("notes", "stop", "早停看什么？", ("验证误差不再下降就停止训练", "恢复验证误差最低的参数")),
]
KINDS = {
    "verbatim", "paraphrased", "mixed", "typos", "stuffed", "generic", "off_topic", "negated", "without",
    "sibling", "hedged", "shotgun", "short",
}  # fmt: skip


def test_every_kind_is_made_and_the_same_for_the_same_seed():
    rows = list(made_rows(TOPICS, seed=0))
    assert {row.source.removeprefix("made:") for row in rows} >= KINDS
    assert rows == list(made_rows(TOPICS, seed=0))
    assert rows != list(made_rows(TOPICS, seed=1))


@pytest.mark.parametrize(
    "point", ["训练时用小批量的均值和方差", "dropout is active in training, not in inference"]
)
def test_mixed_languages_say_the_same_in_terms_of_the_other_language(point):
    said = mixed(point, random.Random(0))
    assert any("\u4e00" <= char <= "\u9fff" for char in said)
    assert any(char.isascii() and char.isalpha() for char in said)
    assert unit_set(said.lower()) >= {unit for unit in unit_set(point) if unit.startswith("=")}


def test_without_a_term_there_is_nothing_to_mix():
    assert mixed("天气很好", random.Random(0)) is None


def test_a_mixed_answer_covers_its_points():
    (row,) = [row for row in made_rows(TOPICS[:1], seed=0) if row.source == "made:mixed"]
    assert set(row.targets) == {COVERED}
    assert "mini-batch" in row.answer or "mean" in row.answer
