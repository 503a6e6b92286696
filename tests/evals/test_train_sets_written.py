"""The training sets written whole keep their promises, and their datasheets report what is in them."""

import hashlib
import json
import re
from collections import Counter
from pathlib import Path

import pytest
from row_scores import by_formula
from sklearn.metrics import cohen_kappa_score

from bot.questions.words import content_words, likeness
from evals.adapter.data import OWN_SETS
from evals.cases import GradeCase, read_set

ROOT = Path(__file__).parents[2]
SETS = ROOT / "evals" / "sets"
PROBES = ROOT / "bot" / "checking" / "probes.jsonl"
STATUSES = ("covered", "partial", "missing", "contradicted")
RANK = {"contradicted": 0, "missing": 1, "partial": 2, "covered": 3}
NEAR = 0.75
"""Likeness of words from which two questions ask the same."""


def read(file):
    return [json.loads(line) for line in file.read_text("utf-8").splitlines()]


@pytest.fixture(scope="module", params=["train_styles", "train_styles_b", "train_fields", "train_fields_b"])
def name(request):
    return request.param


@pytest.fixture(scope="module")
def rows(name):
    return read(SETS / f"{name}.jsonl")


@pytest.fixture(scope="module")
def datasheet(name):
    return (SETS / f"{name}.md").read_text("utf-8")


def test_each_question_is_answered_five_times_and_in_five_styles(name, rows):
    styles = {}
    for row in rows:
        styles.setdefault(row["question_id"], []).append(row["style"])
    assert len(styles) == (45 if name == "train_fields_b" else 72)
    assert {len(given) for given in styles.values()} == {len(set(given)) for given in styles.values()} == {5}
    assert len({row["answer"] for row in rows}) == len({row["id"] for row in rows}) == len(rows)


def test_no_question_is_in_two_sets():
    asked = Counter(
        question
        for name in (*OWN_SETS, "grade_zh")
        for question in {row["question_id"] for row in read(SETS / f"{name}.jsonl")}
    )
    assert asked.most_common(1)[0][1] == 1


@pytest.mark.parametrize(
    ("name", "buckets"), [("train_styles", {7, 8}), ("train_styles_b", set(range(1, 9)))]
)
def test_buckets_of_the_gold_set_are_left_alone(name, buckets):
    ids = {row["question_id"] for row in read(SETS / f"{name}.jsonl")}
    assert {int(hashlib.sha256(one.encode()).hexdigest(), 16) % 10 for one in ids} == buckets


@pytest.mark.parametrize("name", ["train_styles", "train_styles_b"])
def test_key_points_are_those_that_ship(name):
    shipped = {row["id"]: row for row in read(ROOT / "corpus" / "questions.jsonl")}
    for row in read(SETS / f"{name}.jsonl"):
        question = shipped[row["question_id"]]
        assert (row["question"], row["key_points"]) == (question["question"], question["key_points"])


@pytest.mark.parametrize("name", ["train_fields", "train_fields_b"])
def test_key_points_of_other_fields_are_parts_of_their_references(name):
    """With the question's subject where a part does not name it."""
    for row in read(SETS / f"{name}.jsonl"):
        said = content_words(f"{row['question']} {row['reference']}")
        for point in row["key_points"]:
            words = content_words(point["text"])
            assert len(words & said) >= 0.8 * len(words), row["id"]


@pytest.mark.parametrize("name", ["train_fields", "train_fields_b"])
def test_other_fields_hold_nothing_that_a_model_is_checked_with(name):
    """`kaodian models check` asks about other fields as well: what it measures has to be new."""
    probes = {row["question"] for row in read(PROBES)}
    asked = {row["question"] for row in read(SETS / f"{name}.jsonl")}
    twins = [
        (one, other)
        for one in asked
        for other in probes
        if likeness(content_words(one), content_words(other)) >= NEAR
    ]
    assert twins == []


def test_each_point_has_one_verdict_and_scores_follow(name, rows):
    cases = read_set(SETS / f"{name}.jsonl", GradeCase).cases
    assert len(cases) == len(rows)
    for case in cases:
        assert case.verdicts is not None
        assert case.score == pytest.approx(by_formula(case), abs=1e-3), case.id


def test_empty_words_earn_nothing():
    empty = [row for row in read(SETS / "train_fields.jsonl") if row["style"] == "empty"]
    assert len(empty) == 72
    assert {status for row in empty for status in row["verdicts"]} == {"missing"}


def test_the_datasheet_counts_what_is_there(rows, datasheet):
    told = {name: tuple(map(int, counts)) for name, *counts in _told(datasheet)}
    assert {row["style"] for row in rows} | {"all"} == told.keys()
    for name, counts in told.items():
        here = [row for row in rows if name in ("all", row["style"])]
        found = Counter(status for row in here for status in row["verdicts"])
        assert counts == (len(here), *(found[status] for status in STATUSES)), name


def _told(datasheet):
    return re.findall(r"^\| (\w+) \| (\d+) \| (\d+) \| (\d+) \| (\d+) \| (\d+) \|", datasheet, re.M)


def test_the_datasheet_reports_how_two_passes_agree(name, rows, datasheet):
    second = {row["id"]: row for row in read(SETS / f"{name}.second.jsonl")}
    assert second.keys() == {row["id"] for row in rows}
    triples = [
        triple
        for row in rows
        for triple in zip(
            second[row["id"]]["first"], second[row["id"]]["verdicts"], row["verdicts"], strict=True
        )
    ]
    first, other, settled = zip(*triples, strict=True)
    differing = [triple for triple in triples if triple[0] != triple[1]]
    ranks = [[RANK[status] for status in given] for given in (first, other)]
    assert all(last == one for one, two, last in triples if one == two)
    told = dict(re.findall(r"^\| ([\w ,']+) \| ([\d.]+) \|$", datasheet, re.M))
    assert told == {
        "verdicts labelled twice": str(len(settled)),
        "differences": str(len(differing)),
        "Cohen's kappa, unweighted": f"{cohen_kappa_score(first, other):.3f}",
        "Cohen's kappa, quadratic": f"{cohen_kappa_score(*ranks, weights='quadratic'):.3f}",
        "settled as the first": str(sum(last == one for one, _, last in differing)),
        "settled as the second": str(sum(last == two for _, two, last in differing)),
    }
