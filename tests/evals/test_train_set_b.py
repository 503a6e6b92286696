"""The second part of the verifier's training set keeps its promises."""

import hashlib
import json
from collections import Counter, defaultdict
from pathlib import Path

import pytest
from row_pairs import differing, kept, paired
from row_scores import by_formula

from bot.domain.grades import Status
from evals.cases import GradeCase, read_set

ROOT = Path(__file__).parents[2]
FILE = ROOT / "evals" / "sets" / "train_zh.jsonl"
KEEPS_VERDICTS = {"paraphrase", "english", "moved"}
LEAST_KEPT = 0.5
"""Share of words that a row has in common with its pair."""


@pytest.fixture(scope="module")
def rows():
    all_rows = [json.loads(line) for line in FILE.read_text("utf-8").splitlines()]
    return [row for row in all_rows if row["id"].startswith("tb-")]


@pytest.fixture(scope="module")
def shipped():
    lines = (ROOT / "corpus" / "questions.jsonl").read_text("utf-8").splitlines()
    return {row["id"]: row for row in map(json.loads, lines)}


def bucket(question_id):
    return int(hashlib.sha256(question_id.encode()).hexdigest(), 16) % 10


def test_there_are_enough_answers_verdicts_and_questions(rows):
    assert len(rows) >= 520
    assert sum(len(row["verdicts"]) for row in rows) >= 2000
    assert len({row["question_id"] for row in rows}) >= 80
    assert sum(row["written"] == "outright" for row in rows) * 2 >= len(rows)


def test_the_four_statuses_are_balanced(rows):
    counts = Counter(status for row in rows for status in row["verdicts"])
    assert set(counts) == {status.value for status in Status}
    assert min(counts.values()) >= 0.15 * counts.total()


def test_each_point_has_one_verdict_and_scores_follow(rows):
    cases = [case for case in read_set(FILE, GradeCase).cases if case.id.startswith("tb-")]
    assert len(cases) == len(rows)
    for case in cases:
        assert case.verdicts is not None
        assert case.score == pytest.approx(by_formula(case), abs=1e-3), case.id


def test_no_question_is_kept_for_gold(rows):
    assert {bucket(row["question_id"]) for row in rows} <= {4, 5, 6}


def test_questions_ship_and_quotes_stand_in_their_notes(rows, shipped):
    notes = {path.name: path.read_text("utf-8") for path in (ROOT / "corpus").glob("*.md")}
    for row in rows:
        question = shipped[row["question_id"]]
        missing = [p["quote"] for p in row["key_points"] if p["quote"] not in notes[question["note"]]]
        assert not missing, (row["id"], missing)


def test_no_answer_stands_twice(rows):
    counts = Counter(row["answer"] for row in rows)
    assert [answer for answer, count in counts.items() if count > 1] == []


def test_each_family_holds_a_pair(rows):
    families = defaultdict(list)
    for row in rows:
        families[row["family"]].append(row)
    for name, members in families.items():
        assert len(members) >= 2, name
        assert len({row["question_id"] for row in members}) == 1, name
        assert any(row["pair"] for row in members), name


def test_a_row_differs_from_its_pair_exactly_where_its_meaning_does(rows):
    for row, other in paired(rows):
        apart = differing(row, other)
        assert apart == 0 if row["change"] in KEEPS_VERDICTS else apart in (1, 2), row["id"]
        if row["change"] not in KEEPS_VERDICTS:
            assert kept(row["answer"], other["answer"]) >= LEAST_KEPT, row["id"]


def test_what_keeps_its_verdicts_names_a_pair_and_a_base_does_not(rows):
    assert [row["id"] for row in rows if row["change"] in KEEPS_VERDICTS and row["pair"] is None] == []
    assert [row["id"] for row in rows if row["change"] == "base" and row["pair"]] == []


def test_the_datasheet_counts_the_pairs(rows):
    counts = Counter(differing(row, other) for row, other in paired(rows))
    variants = [row for row in rows if row["change"] != "base"]
    text = " ".join((FILE.parent / "train_zh_b.md").read_text("utf-8").split())
    assert f"Of {len(variants)} variants {counts[0]} keep all verdicts" in text
    assert f"{counts[1]} differ from it in one verdict and {counts[2]} in two" in text
    assert f"{sum(row['pair'] is None for row in variants)} have no pair" in text
