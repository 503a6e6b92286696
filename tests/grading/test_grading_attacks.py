"""A sample of the suite of attacks with an embedder without a model, and the shared templates where at hand.

Only what code decides must hold without exception here; the real embedder is measured in
test_grading_attacks_real.py, and everything by `python -m evals attacks`.
"""

from pathlib import Path

import pytest
from fakes.embedder import FakeEmbedder
from fakes.graders import make_grader

from bot.grading import Grader
from evals.attack_rules import holds, run
from evals.attack_suite import attack_suite, of_template, sampled
from evals.attack_templates import read_templates

BY_CODE = {"zero", "zero_flagged", "no_gain_flagged", "same_flagged", "point_order", "no_leak", "copied"}
FAMILIES_BY_CODE = {"master_key", "no_content", "question_copy", "prompt_injection", "sanity"}
SUITE = attack_suite()
SAMPLE = [case for case in sampled(SUITE, 420, 0) if case.rule in BY_CODE] + [
    case for case in SUITE if case.rule in ("no_leak", "copied")
][:12]
SHARED = Path(__file__).parents[3] / "shared" / "data" / "attacks.jsonl"


@pytest.fixture(scope="module")
def grader() -> Grader:
    return make_grader(FakeEmbedder())


@pytest.mark.parametrize("rule", sorted(BY_CODE))
def test_what_code_decides_holds_without_exception(grader, rule):
    cases = [case for case in SAMPLE if case.rule == rule]
    assert cases
    fooled = [
        case.id for case in cases if case.family != "off_topic_fluent" and not holds(run(case, grader.grade))
    ]
    assert fooled == []


@pytest.mark.skipif(not SHARED.exists(), reason="../shared/data/attacks.jsonl is absent")
def test_shared_templates_that_code_decides_hold_without_exception(grader):
    templates = [
        one for one in read_templates(SHARED) if one.family in FAMILIES_BY_CODE and one.rule in BY_CODE
    ]
    cases = [case for template in templates for case in of_template(template)[:3]]
    assert cases
    assert [case.id for case in cases if not holds(run(case, grader.grade))] == []
