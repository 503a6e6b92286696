"""What is learnt from: enough of it, balanced, and apart from the gold set."""

import json
from collections import Counter
from pathlib import Path

import pytest

from bot.questions.shipped import read_shipped, versions_of
from bot.questions.words import content_words, likeness
from evals.adapter.data import OWN_SETS

SETS = Path(__file__).parents[2] / "evals" / "sets"
NEAR = 0.75
"""Likeness of words from which two questions ask the same."""
CHANGES = {
    "base answer": {"base"},
    "said in other words": {"paraphrase", "paraphrased"},
    "denied": {"negate", "negated", "contradict", "subtle"},
    "roles or numbers swapped": {"roles_or_numbers_swapped", "swap", "numbers"},
    "made vague": {"vague"},
    "hedged": {"hedge", "hedged"},
    "cut": {"cut"},
    "put into English": {"english"},
    "moved to the end": {"moved", "moved_to_end"},
    "true but of something else": {"off_target"},
    "filled or corrected": {"filled", "restored", "added"},
}


def rows(name):
    return [json.loads(line) for line in (SETS / name).read_text("utf-8").splitlines()]


@pytest.fixture(scope="module")
def train():
    return rows("train_zh.jsonl")


@pytest.fixture(scope="module", params=OWN_SETS)
def learnt(request):
    return rows(f"{request.param}.jsonl")


def test_there_is_enough_of_it(train):
    assert len(train) >= 1000
    assert len({row["question_id"] for row in train}) >= 150
    assert sum(len(row["verdicts"]) for row in train) >= 4000
    assert len({row["id"] for row in train}) == len(train)


def test_the_four_statuses_are_balanced(train):
    counts = Counter(verdict for row in train for verdict in row["verdicts"])
    assert set(counts) == {"covered", "partial", "missing", "contradicted"}
    assert all(0.18 <= count / counts.total() <= 0.32 for count in counts.values())


def test_no_question_of_the_gold_set_or_near_one_is_learnt_from(learnt):
    gold = {row["question_id"]: row["question"] for row in rows("grade_zh.jsonl")}
    asked = {row["question_id"]: row["question"] for row in learnt}
    assert not gold.keys() & asked.keys()
    known = [(text, content_words(text)) for text in gold.values()]
    twins = [
        (text, other)
        for text in asked.values()
        for other, words in known
        if likeness(content_words(text), words) >= NEAR
    ]
    assert twins == []


def test_no_translation_of_a_gold_question_is_learnt_from(learnt):
    versions = versions_of(read_shipped((SETS.parents[1] / "corpus" / "questions.jsonl").read_text("utf-8")))
    gold, asked = ({row["question_id"] for row in part} for part in (rows("grade_zh.jsonl"), learnt))
    assert versions
    assert [one for one, other in versions.items() if one in gold and other in asked] == []


def test_no_answer_is_in_both_sets(learnt):
    assert not {row["answer"] for row in learnt} & {row["answer"] for row in rows("grade_zh.jsonl")}


def test_every_kind_of_change_is_taught(train):
    """Both parts name their changes in their own words."""
    taught = Counter(row["change"] for row in train)
    assert all(sum(taught[name] for name in names) >= 40 for names in CHANGES.values())
    assert set(taught) == {name for names in CHANGES.values() for name in names}
    assert sum(row["written"] == "outright" for row in train) * 2 >= len(train)
