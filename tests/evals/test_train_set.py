"""Both parts of the verifier's training set together: enough of it, balanced, and apart from the gold set."""

import json
from collections import Counter
from pathlib import Path

import pytest

from bot.questions.words import content_words, likeness

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

TWINS = {
    "s-b2897cf533832308": "s-8a13328a586de4f1",
    "s-1403f68699fc1acf": "s-e61658ad51e71b81",
    "s-2de46d406053d9ca": "s-0906c20bdaecd880",
    "s-6bd77fd518a442cc": "s-57bc310b2f3ef319",
    "s-0972805e4f40d223": "s-77b46b36e5414088",
    "s-86c961e1aacb6138": "s-465ec94b70e3a4ae",
    "s-73b2ae19d63436db": "s-191dc6baa1177e85",
    "s-b26f6c767724cd94": "s-23be72322e196bc2",
    "s-587d4a1d8b186b55": "s-e64c685b7d5d4a36",
    "s-9329f120f4865e06": "s-199b4cbe887a1fd3",
    "s-d7ca28df2da3120f": "s-bbdf051350dd70bf",
    "s-3bc962045f1fbb27": "s-665483734771d2dd",
    "s-868d866942818396": "s-6f52c120ad3e4778",
    "s-66565c81ffc49388": "s-d1948f7a2e5f245c",
    "s-e5981d8593de50ce": "s-a62e7e00591aa9de",
    "s-856a90054977067b": "s-010028bb98d43b80",
    "s-c4dfed6e2169bb7d": "s-3da34d7d7114f290",
}
"""Questions of the English notes and the Chinese questions that they translate; no word tells that they are alike."""


def rows(name):
    return [json.loads(line) for line in (SETS / name).read_text("utf-8").splitlines()]


@pytest.fixture(scope="module")
def train():
    return rows("train_zh.jsonl")


def test_there_is_enough_of_it(train):
    assert len(train) >= 1000
    assert len({row["question_id"] for row in train}) >= 150
    assert sum(len(row["verdicts"]) for row in train) >= 4000
    assert len({row["id"] for row in train}) == len(train)


def test_the_four_statuses_are_balanced(train):
    counts = Counter(verdict for row in train for verdict in row["verdicts"])
    assert set(counts) == {"covered", "partial", "missing", "contradicted"}
    assert all(0.18 <= count / counts.total() <= 0.32 for count in counts.values())


def test_no_question_of_the_gold_set_or_near_one_is_learnt_from(train):
    gold = {row["question_id"]: row["question"] for row in rows("grade_zh.jsonl")}
    asked = {row["question_id"]: row["question"] for row in train}
    assert not gold.keys() & asked.keys()
    known = [(text, content_words(text)) for text in gold.values()]
    twins = [
        (text, other)
        for text in asked.values()
        for other, words in known
        if likeness(content_words(text), words) >= NEAR
    ]
    assert twins == []


def test_no_translation_of_a_gold_question_is_learnt_from(train):
    text = (SETS.parents[1] / "corpus" / "questions.jsonl").read_text("utf-8")
    notes = {row["id"]: row["note"] for row in map(json.loads, text.splitlines())}
    assert set(TWINS) == {name for name, note in notes.items() if note.endswith(".en.md")}
    assert len(set(TWINS.values())) == len(TWINS)
    assert [one for one, other in TWINS.items() if notes[other].endswith(".en.md")] == []
    gold, learnt = ({row["question_id"] for row in part} for part in (rows("grade_zh.jsonl"), train))
    pairs = [*TWINS.items(), *((other, one) for one, other in TWINS.items())]
    assert [(one, other) for one, other in pairs if one in gold and other in learnt] == []


def test_no_answer_is_in_both_sets(train):
    assert not {row["answer"] for row in train} & {row["answer"] for row in rows("grade_zh.jsonl")}


def test_every_kind_of_change_is_taught(train):
    """Both parts name their changes in their own words."""
    taught = Counter(row["change"] for row in train)
    assert all(sum(taught[name] for name in names) >= 40 for names in CHANGES.values())
    assert set(taught) == {name for names in CHANGES.values() for name in names}
    assert sum(row["written"] == "outright" for row in train) * 2 >= len(train)
