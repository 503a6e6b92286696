"""The training set of candidates' ways keeps its promises, and its datasheet reports what is in it."""

import hashlib
import json
import re
from collections import Counter
from pathlib import Path

import pytest
from row_scores import by_formula
from sklearn.metrics import cohen_kappa_score

from evals.cases import GradeCase, read_set

ROOT = Path(__file__).parents[2]
SETS = ROOT / "evals" / "sets"
STATUSES = ("covered", "partial", "missing", "contradicted")
RANK = {"contradicted": 0, "missing": 1, "partial": 2, "covered": 3}


def read(file):
    return [json.loads(line) for line in file.read_text("utf-8").splitlines()]


@pytest.fixture(scope="module")
def rows():
    return read(SETS / "train_styles.jsonl")


@pytest.fixture(scope="module")
def datasheet():
    return (SETS / "train_styles.md").read_text("utf-8")


def test_each_question_is_answered_five_times_and_in_five_styles(rows):
    styles = {}
    for row in rows:
        styles.setdefault(row["question_id"], []).append(row["style"])
    assert len(styles) == 72
    assert {len(given) for given in styles.values()} == {len(set(given)) for given in styles.values()} == {5}
    assert len({row["answer"] for row in rows}) == len({row["id"] for row in rows}) == len(rows)


def test_its_questions_are_those_that_no_other_set_uses(rows):
    buckets = {int(hashlib.sha256(row["question_id"].encode()).hexdigest(), 16) % 10 for row in rows}
    assert buckets == {7, 8}


def test_key_points_are_those_that_ship(rows):
    shipped = {row["id"]: row for row in read(ROOT / "corpus" / "questions.jsonl")}
    for row in rows:
        question = shipped[row["question_id"]]
        assert (row["question"], row["key_points"]) == (question["question"], question["key_points"])


def test_each_point_has_one_verdict_and_scores_follow(rows):
    cases = read_set(SETS / "train_styles.jsonl", GradeCase).cases
    assert len(cases) == len(rows)
    for case in cases:
        assert case.verdicts is not None
        assert case.score == pytest.approx(by_formula(case), abs=1e-3), case.id


def test_the_datasheet_counts_what_is_there(rows, datasheet):
    told = {name: tuple(map(int, counts)) for name, *counts in _told(datasheet)}
    assert {row["style"] for row in rows} | {"all"} == told.keys()
    for name, counts in told.items():
        here = [row for row in rows if name in ("all", row["style"])]
        found = Counter(status for row in here for status in row["verdicts"])
        assert counts == (len(here), *(found[status] for status in STATUSES)), name


def _told(datasheet):
    return re.findall(r"^\| (\w+) \| (\d+) \| (\d+) \| (\d+) \| (\d+) \| (\d+) \|", datasheet, re.M)


def test_the_datasheet_reports_how_two_passes_agree(rows, datasheet):
    second = {row["id"]: row for row in read(SETS / "train_styles.second.jsonl")}
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
