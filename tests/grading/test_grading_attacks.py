"""Attacks of our own in all families, and the shared templates where they are at hand.

Here with an embedder without a model, so only what code decides must hold without exception; the real
embedder is measured in test_grading_attacks_real.py.
"""

import json
from pathlib import Path

import pytest
from fakes.embedder import FakeEmbedder

from bot.domain.grades import Flag
from bot.domain.questions import KeyPoint
from bot.grading import Grader, make_grader
from evals.attack_items import fill
from evals.attack_rules import holds, run
from evals.attacks import attack_items, suite

CASES = suite(attack_items())
BY_CODE = {
    "zero",
    "zero_flagged",
    "no_gain_flagged",
    "same_flagged",
    "not_covered",
    "point_order",
    "full",
}
SHARED = Path(__file__).parents[3] / "shared" / "data" / "attacks.jsonl"


@pytest.fixture(scope="module")
def grader() -> Grader:
    return make_grader(FakeEmbedder())


def test_every_family_is_there():
    families = {case.family for case in CASES}
    assert len(families) == 13
    assert len({case.id for case in CASES}) == len(CASES)


@pytest.mark.parametrize("rule", sorted(BY_CODE))
def test_what_code_decides_holds_without_exception(grader, rule):
    fooled = [case.id for case in CASES if case.rule == rule and not holds(run(case, grader.grade))]
    assert fooled == []


def shared_templates():
    if not SHARED.exists():
        return []
    return [json.loads(line) for line in SHARED.read_text("utf-8").splitlines()]


@pytest.mark.skipif(not SHARED.exists(), reason="../shared/data/attacks.jsonl is absent")
@pytest.mark.parametrize("family", ["master_key", "no_content", "question_copy", "prompt_injection"])
def test_shared_templates_that_must_earn_nothing(grader, family):
    for record in shared_templates():
        if record["family"] != family:
            continue
        for item in attack_items():
            answer = fill(record[f"template_{item.lang}"], item)
            points = tuple(KeyPoint(text=text, quote=None) for text in item.points)
            grade = grader.grade(item.id, item.question, points, answer)
            base = grader.grade(item.id, item.question, points, item.wrong).score if record["base"] else 0.0
            assert grade.score <= base, (record["id"], item.id)
            if "flag injection" in record["expect"]:
                assert Flag.INJECTION in grade.flags, (record["id"], item.id)
