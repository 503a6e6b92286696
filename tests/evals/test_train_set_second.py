"""The blind second labels of the training set, and the figures that its datasheets report."""

import json
import random
import re
from collections import Counter
from itertools import pairwise
from pathlib import Path

import pytest

SETS = Path(__file__).parents[2] / "evals" / "sets"
RANK = {"contradicted": 0, "missing": 1, "partial": 2, "covered": 3}
PARTS = ("part a", "part b", "both")


def rows(name):
    return {row["id"]: row for row in map(json.loads, (SETS / name).read_text("utf-8").splitlines())}


def in_part(row_id, part):
    return part == "both" or row_id.startswith("tb-") == (part == "part b")


def cells(name):
    """The cells of the datasheet's tables; tables that stand side by side give each pair of cells."""
    lines = [line for line in (SETS / name).read_text("utf-8").splitlines() if line.startswith("|")]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]


@pytest.fixture(scope="module")
def train():
    return rows("train_zh.jsonl")


@pytest.fixture(scope="module")
def second():
    return rows("train_zh.second.jsonl")


@pytest.fixture(scope="module")
def figures():
    """Figures on the second labels: name -> part -> number."""
    table = {first: rest for first, *rest in cells("train_zh_a.md") if len(rest) == 3}
    return {name: dict(zip(PARTS, map(_number, given), strict=True)) for name, given in table.items()}


def _number(cell):
    found = re.search(r"\d+\.?\d*", cell)
    return float(found[0]) if found else None


def pairs_of(second, part):
    chosen = [row for row in second.values() if in_part(row["id"], part)]
    return [pair for row in chosen for pair in zip(row["first"], row["verdicts"], strict=True)]


def test_a_tenth_was_drawn_by_the_stated_rule(train, second):
    drawn = random.Random(20).sample(sorted(train), round(len(train) / 10))
    assert list(second) == drawn
    assert all(len(row["verdicts"]) == len(train[row["id"]]["verdicts"]) for row in second.values())


@pytest.mark.parametrize("part", PARTS)
def test_agreement_is_as_the_datasheet_says(second, figures, part):
    from sklearn.metrics import cohen_kappa_score

    pairs = pairs_of(second, part)
    first, again = ([RANK[status] for status in side] for side in zip(*pairs, strict=True))
    assert figures["answers labelled twice"][part] == sum(in_part(row, part) for row in second)
    assert figures["verdicts labelled twice"][part] == len(pairs)
    assert figures["differences"][part] == sum(a != b for a, b in pairs)
    assert figures["Cohen's kappa, unweighted"][part] == round(cohen_kappa_score(first, again), 3)
    weighted = cohen_kappa_score(first, again, weights="quadratic")
    assert figures["Cohen's kappa, quadratic"][part] == round(weighted, 3)


@pytest.mark.parametrize("part", PARTS)
def test_only_what_differed_was_settled_and_as_one_of_the_two(train, second, figures, part):
    settled = Counter()
    for row in second.values():
        final = train[row["id"]]["verdicts"]
        for label, one, two in zip(final, row["first"], row["verdicts"], strict=True):
            assert label in (one, two), row["id"]
            if one != two and in_part(row["id"], part):
                settled["first" if label == one else "second"] += 1
    assert settled["first"] == figures["settled as the first"][part]
    assert settled["second"] == figures["settled as the second"][part]


def test_part_b_repeats_the_figures_of_its_part(figures):
    text = " ".join((SETS / "train_zh_b.md").read_text("utf-8").split())
    named = {name: given["part b"] for name, given in figures.items()}
    counts = [named[name] for name in ("answers labelled twice", "verdicts labelled twice", "differences")]
    kappas = [named[f"Cohen's kappa, {kind}"] for kind in ("unweighted", "quadratic")]
    answers, verdicts, differences = map(int, counts)
    assert f"{answers} answers, {verdicts} verdicts, {differences} differences" in text
    assert "Cohen's kappa {:.3f} (quadratic {:.3f})".format(*kappas) in text


@pytest.mark.parametrize("part", ["part a", "part b"])
def test_the_datasheets_count_as_the_file_does(train, part):
    chosen = [row for row in train.values() if in_part(row["id"], part)]
    statuses = Counter(status for row in chosen for status in row["verdicts"])
    changes = Counter(row["change"] for row in chosen)
    shares: dict[str, float | None] = {}
    counts = Counter()
    for row in cells(f"train_zh_{part[-1]}.md"):
        if row[0] in RANK and len(row) == 3 and row[1].endswith("%"):
            shares[row[0]] = _number(row[1])
        for name, count in pairwise(row):
            if name.split(" ")[0] in changes and count.isdigit():
                counts[name.split(" ")[0]] += int(count)
    assert shares == {status: round(100 * statuses[status] / statuses.total(), 1) for status in RANK}
    assert counts == changes
    text = (SETS / f"train_zh_{part[-1]}.md").read_text("utf-8")
    questions = len({row["question_id"] for row in chosen})
    assert f"{len(chosen):,} answers to {questions} shipped questions" in text
    assert f"{statuses.total():,} verdicts" in text
