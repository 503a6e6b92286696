"""Attacks with the real embedding model and the shipped verifier; floors below what was measured."""

from collections import defaultdict

import pytest
from fakes.graders import make_grader

from evals.attack_rules import holds, run
from evals.attacks import attack_items, suite

pytestmark = pytest.mark.real

FLOORS = {
    "master_key": 1.0,
    "no_content": 1.0,
    "question_copy": 1.0,
    "prompt_injection": 1.0,
    "sanity": 1.0,
    "off_topic_fluent": 0.8,
    "hedging": 0.9,
    "keyword_stuffing": 0.6,
    "negation": 0.8,
    "style": 0.8,
    "length": 0.6,
    "invariance": 0.6,
    "reference_adherence": 0.5,
}


def test_each_family_holds_as_often_as_was_measured(embedder):
    grader = make_grader(embedder)
    held = defaultdict(list)
    for case in suite([attack_items()[0], attack_items()[4]]):
        held[case.family].append(holds(run(case, grader.grade)))
    rates = {family: sum(found) / len(found) for family, found in held.items()}
    assert {family: rate for family, rate in rates.items() if rate < FLOORS[family]} == {}


def test_grades_do_not_depend_on_what_else_was_graded(embedder):
    item = attack_items()[1]
    case = next(case for case in suite([item]) if case.rule == "high")
    fresh = run(case, make_grader(embedder).grade).grade
    used = make_grader(embedder)
    for other in suite([attack_items()[2]])[-4:]:
        run(other, used.grade)
    assert run(case, used.grade).grade.verdicts == fresh.verdicts
