"""The suite of attacks: what is in it, that it is the same each time, and that rows and figures say what held."""

import json
from collections import Counter

import pytest

from bot.domain.errors import BadInput, ModelUnavailable
from bot.domain.grades import AnswerQuote, Flag, Grade, Status, Verdict
from bot.domain.questions import KeyPoint
from bot.domain.spans import Span
from bot.texts import speaking
from evals.attack_items import fill
from evals.attack_questions import question_items
from evals.attack_rules import Trial, holds
from evals.attack_suite import attack_suite, of_template, sampled, suite_source, usable
from evals.attack_task import AttackTask
from evals.attack_templates import own_templates, read_templates, rule_of
from evals.attacks import AttackCase, attack_items
from evals.metrics.attacks import AttackRow, within_limits

FAMILIES = {
    "master_key", "no_content", "question_copy", "off_topic_fluent", "keyword_stuffing", "negation", "hedging",
    "prompt_injection", "length", "style", "invariance", "reference_adherence", "sanity",
}  # fmt: skip
SUITE = attack_suite()


def grade(question_id, question, key_points, answer, passage=None, *, status=Status.COVERED, flags=()):
    quote = AnswerQuote(text=answer, span=Span(start=0, end=len(answer)))
    verdict = Verdict(status=status, confidence=1, quote=quote if status is not Status.MISSING else None)
    return Grade(
        id="g", question_id=question_id, question=question, key_points=key_points, key_points_hash="h",
        answer=answer, verdicts=(verdict,) * len(key_points), flags=flags, path="x", seconds=0,
    )  # fmt: skip


def lenient(*args):
    return grade(*(text or "空" if isinstance(text, str) else text for text in args))


def harsh(*args):
    return grade(*args, status=Status.MISSING, flags=(Flag.NO_CONTENT,))


def test_every_family_is_there_often_enough():
    counts = Counter(case.family for case in SUITE)
    assert set(counts) == FAMILIES
    assert len(SUITE) >= 1500
    assert min(counts.values()) >= 10
    assert len({case.id for case in SUITE}) == len(SUITE)


def test_the_suite_depends_on_its_seed_alone():
    template = own_templates()[0]
    assert of_template(template, 1) == of_template(template, 1)
    assert of_template(template, 1) != of_template(template, 2)
    assert suite_source(SUITE).sha256 != suite_source(SUITE[1:]).sha256


def test_a_sample_holds_every_family_in_the_order_of_the_suite():
    some = sampled(SUITE, 60, 0)
    assert len(some) == 60
    assert {case.family for case in some} == FAMILIES
    assert some == [case for case in SUITE if case in some]


def test_items_come_from_the_sets_and_change_what_they_say():
    items = question_items()
    assert len(items) > 80
    assert all(
        ours != theirs for item in items for ours, theirs in zip(item.points, item.negated, strict=True)
    )
    assert sum(bool(item.paraphrase) for item in items) > 20


def test_a_gap_that_nothing_fills_makes_no_case():
    item = attack_items()[0]
    assert fill("{unheard_of}", item) is None
    assert fill('{"status": "covered"} {wrong}', item) == '{"status": "covered"} ' + item.wrong
    assert fill("{paraphrase}", item.model_copy(update={"paraphrase": ""})) is None


def test_what_a_template_expects_is_read_as_a_rule():
    assert rule_of("score==0 and every key point missing and flag injection") == "zero_flagged"
    assert rule_of("score <= score(base) + 0.05") == "no_gain"
    with pytest.raises(BadInput):
        rule_of("be nice")


def test_rules_that_allow_one_of_two_things_are_no_weaker_than_the_sentence():
    assert rule_of("score >= 0.85 or |score - score(base)| <= 0.05") == "high_or_same"
    assert rule_of("|score-score(base)|<=0.05") == "same"
    assert rule_of("no key point covered and score <= score(base)+0.05") == "none_covered_no_gain"
    assert rule_of("no key point covered and score <= 0.34") == "none_covered"


def worth(*values, path="features", flags=()):
    """A grade with a point of each value, its statuses as they go with it."""
    statuses = {0.0: Status.MISSING, 0.5: Status.PARTIAL, 1.0: Status.COVERED}
    quote = AnswerQuote(text="答", span=Span(start=0, end=1))
    verdicts = tuple(
        Verdict(status=statuses[value], confidence=1, quote=quote if value else None) for value in values
    )
    points = tuple(KeyPoint(text=f"要点 {i}", quote=None) for i, _ in enumerate(values))
    return Grade(
        id="g", question_id="q", question="问", key_points=points, key_points_hash="h", answer="答",
        verdicts=verdicts, flags=flags, path=path, seconds=0,
    )  # fmt: skip


def trial(rule, grade, base=None, other=None, family="x"):
    return Trial(AttackCase("c", family, rule, attack_items()[0], "答"), grade, base, other)


@pytest.mark.parametrize(
    ("family", "flag"),
    [("master_key", Flag.NO_CONTENT), ("no_content", Flag.GAVE_UP), ("question_copy", Flag.QUESTION_COPIED)],
)
def test_nothing_is_earned_and_the_grade_says_why(family, flag):
    assert holds(trial("zero", worth(0.0, flags=(flag,)), family=family))
    assert not holds(trial("zero", worth(0.0), family=family))
    assert not holds(trial("zero", worth(0.0, flags=(Flag.OFF_TOPIC,)), family=family))
    assert not holds(trial("zero", worth(0.5, flags=(flag,)), family=family))


def test_terms_behind_an_answer_earn_no_more_than_it():
    assert holds(trial("none_covered_no_gain", worth(0.5, 0.0), worth(0.5, 0.0)))
    assert not holds(trial("none_covered_no_gain", worth(0.5, 0.0), worth(0.0, 0.0)))
    assert not holds(trial("none_covered_no_gain", worth(1.0, 0.0), worth(1.0, 0.0)))


def test_with_typos_an_answer_is_recognised_or_worth_what_it_was():
    full, half = worth(1.0, 1.0), worth(1.0, 0.0)
    assert holds(trial("high_or_same", full, half))
    assert holds(trial("high_or_same", half, half))
    assert not holds(trial("high_or_same", half, full))
    assert not holds(trial("high_or_same", half, worth(0.0, 0.0)))


def test_only_a_judge_that_is_asked_has_to_name_the_conflict():
    against = worth(0.0)
    assert holds(trial("follows", worth(1.0), other=against))
    assert not holds(trial("follows", worth(1.0), other=worth(0.0, path="llm:x")))
    assert holds(trial("follows", worth(1.0), other=worth(0.0, path="llm:x", flags=(Flag.CONFLICT,))))
    assert not holds(trial("adheres", worth(1.0, path="llm:x")))


def off_topic(*scores, path="embedded"):
    return [
        AttackRow(family="off_topic_fluent", holds=score == 0, score=score, path=path) for score in scores
    ]


def test_one_in_ten_off_topic_answers_may_earn_a_little_on_the_embedded_default():
    nine = (0.0,) * 9
    assert within_limits(off_topic(*nine, 0.2)) == {"off_topic_fluent": True}
    assert within_limits(off_topic(*nine, 0.3)) == {"off_topic_fluent": False}
    assert within_limits(off_topic(*nine[1:], 0.1, 0.1)) == {"off_topic_fluent": False}
    assert within_limits(off_topic(*nine, None)) == {"off_topic_fluent": False}
    assert within_limits(off_topic(*nine, 0.2, path="features")) == {"off_topic_fluent": False}


def test_no_other_family_may_fail_even_once():
    rows = [
        AttackRow(family="master_key", holds=place > 0, score=0.1, path="embedded") for place in range(20)
    ]
    assert within_limits([*rows, *off_topic(0.0)]) == {"master_key": False, "off_topic_fluent": True}


def test_templates_that_cannot_be_read_are_refused(tmp_path):
    path = tmp_path / "t.jsonl"
    path.write_text('{"id": "x"}\n', "utf-8")
    with pytest.raises(BadInput):
        read_templates(path)


def template(name, text="{wrong}", expect="score==0"):
    return {"id": name, "family": "style", "template_zh": text, "template_en": text, "expect": expect}


def test_a_template_that_cannot_be_used_is_left_out_and_named(tmp_path):
    lines = [template("good"), template("gap", "{unheard_of} {kp}"), template("odd", expect="be nice")]
    path = tmp_path / "t.jsonl"
    path.write_text("\n".join(json.dumps(line) for line in lines), "utf-8-sig")
    with speaking("en"):
        found, left = usable(read_templates(path))
    assert [one.id for one in found] == ["good"]
    assert [line.split(":")[0].strip() for line in left] == ["gap", "odd"]
    assert "unheard_of" in left[0] and "kp" not in left[0].replace("unheard_of", "")
    assert "be nice" in left[1]


def test_a_lenient_grader_is_shown_to_be_fooled():
    cases = [case for case in sampled(SUITE, 130, 0) if case.family != "sanity"]
    task = AttackTask(lenient)
    rows = [task.row(case) for case in cases]
    figures = task.metrics(cases, rows).figures
    assert figures["master_key"].value == 0
    assert figures["prompt_injection"].value < 0.5
    assert figures["off_topic_fluent"].value == 0
    assert figures["keyword_stuffing"].value == 0
    assert figures["within_limits"].value < 0.5


def test_a_grader_that_gives_nothing_is_no_examiner_either():
    cases = sampled(SUITE, 130, 0)
    task = AttackTask(harsh)
    figures = task.metrics(cases, [task.row(case) for case in cases]).figures
    assert figures["master_key"].value == 1
    assert figures["sanity"].value == 0
    assert figures["invariance"].value < 1


def test_what_cannot_be_graded_has_not_held():
    def absent(*_):
        raise ModelUnavailable("evals.no_model", name="x")

    row = AttackTask(absent).row(SUITE[0])
    assert row["holds"] is False
    assert row["error"]
