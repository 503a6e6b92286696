"""What earns nothing earns nothing whoever judges: every such attack against judges that call all covered."""

import json
import math
import re
from pathlib import Path

import pytest
from fakes.embedder import FakeEmbedder
from fakes.llm import ScriptedModel

from bot.domain.grades import Status
from bot.domain.questions import KeyPoint
from bot.grading import Grader
from bot.grading.judge_decision import DecisionJudge
from bot.grading.judge_embedded import EmbeddedJudge, Stack
from bot.grading.judge_features import FeatureJudge
from bot.grading.judge_llm import ModelJudge
from bot.prompts.verdict import VERDICT_WORDS
from evals.attack_rules import holds, run
from evals.attack_suite import attack_suite, of_template
from evals.attack_templates import read_templates

FAMILIES = ("master_key", "no_content", "question_copy", "prompt_injection")
RULES = ("zero", "zero_flagged")
CASES = [case for case in attack_suite() if case.family in FAMILIES and case.rule in RULES]
SHARED = Path(__file__).parents[3] / "shared" / "data" / "attacks.jsonl"
READ_ALONE = Stack(read=1.0, felt=0.0, bias=[0.0] * 4)


def lenient_chat(messages):
    """Every key point covered, with the whole answer as its evidence, and sure."""
    asked = messages[1].content
    [points] = re.findall(r"<key_points-\w+>\n(.*?)\n</key_points-", asked, re.DOTALL)
    [answer] = re.findall(r"<answer-\w+>\n(.*?)\n?</answer-", asked, re.DOTALL)
    numbers = [int(number) for number in re.findall(r"^(\d+)\. ", points, re.MULTILINE)]
    entries = [{"number": number, "quote": answer, "status": "covered"} for number in numbers]
    return json.dumps({"points": entries}, ensure_ascii=False)


class LenientDecider:
    name = "systemone:lenient"

    def decide(self, state, choices):
        return tuple({status: float(status is Status.COVERED) for status in Status} for _ in choices)


class LenientReader:
    name = "embedded:lenient"

    def word_logprobs(self, opening, closings, words):
        sure = [math.log(0.999 if word == VERDICT_WORDS[Status.COVERED] else 1e-4) for word in words]
        yield from (tuple(sure) for _ in closings)


JUDGES = {
    "llm:scripted:model": lambda: ModelJudge(ScriptedModel(lenient_chat), None),
    "systemone:lenient": lambda: DecisionJudge(LenientDecider(), FakeEmbedder()),
    "embedded": lambda: EmbeddedJudge(LenientReader(), FeatureJudge(FakeEmbedder()), READ_ALONE),
}


@pytest.fixture(params=JUDGES)
def judge(request):
    return JUDGES[request.param]()


def test_the_judges_are_as_lenient_as_can_be(judge):
    points = (KeyPoint(text="训练时用当前批的均值和方差", quote=None),)
    grade = Grader(judge).grade(
        "q", "批归一化在训练时用什么统计量？", points, "拿当前批的标准差去算，和均值没有关系。"
    )
    assert (grade.path, grade.verdicts[0].status) == (judge.path, Status.COVERED)
    assert grade.score > 0.9


@pytest.mark.parametrize("family", FAMILIES)
def test_what_says_nothing_earns_nothing_and_its_flag_says_why(judge, family):
    cases = [case for case in CASES if case.family == family]
    assert len(cases) > 80
    examiner = Grader(judge)
    assert [case.id for case in cases if not holds(run(case, examiner.grade))] == []


@pytest.mark.skipif(not SHARED.exists(), reason="../shared/data/attacks.jsonl is absent")
def test_shared_templates_that_say_nothing_earn_nothing(judge):
    templates = [one for one in read_templates(SHARED) if one.family in FAMILIES and one.rule in RULES]
    cases = [case for template in templates for case in of_template(template)]
    assert cases
    examiner = Grader(judge)
    assert [case.id for case in cases if not holds(run(case, examiner.grade))] == []
