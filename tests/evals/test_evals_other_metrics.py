"""Verdicts, retrieval, refusal and floors against scikit-learn and hand-computed values."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.grades import Status
from evals.cases import GradeCase
from evals.metrics.floors import floors
from evals.metrics.ranking import weighted_auc
from evals.metrics.refusal import Decision, refusal_figures, risk_coverage
from evals.metrics.retrieval import Found, length_figures, retrieval_figures
from evals.metrics.verdicts import Judged, calibration_error, confusion, macro_f1, verdict_figures

STATUSES = list(Status)
statuses = st.sampled_from(STATUSES)


@settings(max_examples=50, deadline=None)
@given(st.lists(st.tuples(statuses, statuses), min_size=1, max_size=30))
def test_macro_f1_as_sklearn_counts_it(found):
    from sklearn.metrics import f1_score

    table = np.zeros((1, 4, 4))
    for gold, made in found:
        table[0, STATUSES.index(gold), STATUSES.index(made)] += 1
    gold, made = zip(*found, strict=True)
    assert macro_f1(table)[0] == pytest.approx(f1_score(gold, made, average="macro", zero_division=0))


def judged(gold, made, confidence=0.8, group="q"):
    return Judged(Status(gold), Status(made), confidence, group)


def test_contradicted_by_hand():
    rows = [
        judged("contradicted", "contradicted"),
        judged("contradicted", "missing"),
        judged("covered", "contradicted"),
        judged("covered", "contradicted"),
        judged("covered", "covered"),
    ]
    figures = verdict_figures(rows)
    assert figures["contradicted_recall"].value == pytest.approx(1 / 2)
    assert figures["contradicted_precision"].value == pytest.approx(1 / 3)
    assert figures["verdict_accuracy"].value == pytest.approx(2 / 5)
    assert confusion(rows)[0] == {
        "gold": "covered",
        "covered": 1,
        "partial": 0,
        "missing": 0,
        "contradicted": 2,
    }


def test_recall_of_a_status_that_never_occurs_is_undefined():
    figures = verdict_figures([judged("covered", "covered")])
    assert figures["contradicted_recall"].value is None
    assert figures["contradicted_precision"].value is None


def test_calibration_error_by_hand():
    confidence, right = np.array([0.95, 0.95, 0.15, 0.15]), np.array([1.0, 0.0, 0.0, 0.0])
    assert calibration_error(confidence, right) == pytest.approx((0.45 * 2 + 0.15 * 2) / 4)


def test_retrieval_by_hand():
    ranks = [(1, 400), (3, 1500), (4, 1501), (None, None)]
    figures = retrieval_figures([Found(rank, chars, i) for i, (rank, chars) in enumerate(ranks)])
    assert figures["recall@1"].value == pytest.approx(1 / 4)
    assert figures["recall@3"].value == pytest.approx(2 / 4)
    assert figures["recall@10"].value == pytest.approx(3 / 4)
    assert figures["mrr"].value == pytest.approx((1 + 1 / 3 + 1 / 4) / 4)
    assert figures["recall_1500_chars"].value == pytest.approx(2 / 4)


def test_chunk_lengths():
    figures = length_figures(list(range(1, 102)))
    assert figures["chunk_chars_median"].value == pytest.approx(51)
    assert figures["chunk_chars_p95"].value == pytest.approx(96)


def decide(answerable, answered, evidence):
    return Decision(answerable, answered, evidence, f"{answerable}{answered}{evidence}")


DECISIONS = [
    decide(True, True, 0.9),
    decide(False, True, 0.8),
    decide(True, True, 0.7),
    decide(True, False, 0.2),
    decide(False, False, 0.1),
]


def test_refusal_by_hand():
    figures = refusal_figures(DECISIONS)
    assert figures["refusal"].value == pytest.approx(1 / 2)
    assert figures["false_refusal"].value == pytest.approx(1 / 3)
    assert figures["balanced_accuracy"].value == pytest.approx((1 / 2 + 2 / 3) / 2)
    assert figures["evidence_auc"].value == pytest.approx((2 + 1 + 1) / 6)
    assert figures["aurc"].value == pytest.approx((0 + 1 / 2 + 1 / 3 + 1 / 4 + 2 / 5) / 5)


def test_risk_coverage_by_hand():
    assert [round(risk, 4) for _, risk in risk_coverage(DECISIONS)] == [0, 0.5, 0.3333, 0.25, 0.4]
    assert [coverage for coverage, _ in risk_coverage(DECISIONS)] == [0.2, 0.4, 0.6, 0.8, 1.0]


@given(st.permutations([decide(True, True, 0.5), decide(False, True, 0.5), decide(True, True, 0.9)]))
def test_equal_evidence_is_shared_whatever_the_order(decisions):
    assert [risk for _, risk in risk_coverage(decisions)] == pytest.approx([0.0, 0.25, 1 / 3])


def test_refusal_with_answerable_queries_only():
    figures = refusal_figures([decide(True, True, 0.9), decide(True, False, 0.1)])
    assert figures["refusal"].value is None
    assert figures["evidence_auc"].value is None
    assert figures["false_refusal"].value == pytest.approx(0.5)


@settings(max_examples=50, deadline=None)
@given(st.lists(st.tuples(st.booleans(), st.integers(0, 4), st.integers(0, 3)), min_size=2, max_size=20))
def test_weighted_auc_as_sklearn_counts_it(rows):
    from sklearn.metrics import roc_auc_score

    positive, scores, counts = (np.array(column, float) for column in zip(*rows, strict=True))
    drawn = np.repeat(positive, counts.astype(int))
    value = weighted_auc(counts[None, :], positive, scores)[0]
    if len(set(drawn)) == 2:
        assert value == pytest.approx(roc_auc_score(drawn, np.repeat(scores, counts.astype(int))))
    else:
        assert np.isnan(value)


def case(question, answer, score):
    return GradeCase(
        id=f"{question}/{answer}",
        question=question,
        answer=answer,
        score=score,
        max_score=1,
        reference="the gap separates the terminal",
    )


def test_floors_learn_from_other_questions_only():
    """A question whose scores run against its overlap must not pull its own floor."""
    good, poor = "the gap separates the terminal", "no idea at all here"
    cases = [
        case(f"question {i}", answer, float(answer == good)) for i in range(5) for answer in (good, poor)
    ]
    cases += [case("upside down", good, 0.0), case("upside down", poor, 1.0)]
    gold = np.array([item.gold for item in cases])
    made = floors(cases, gold)
    assert made["length_and_overlap"][-2] > 0.9 > 0.1 > made["length_and_overlap"][-1]
    assert set(made["constant_mean"]) == {gold.mean()}
    assert set(made["always_full_marks"]) == {1.0}


def test_too_few_questions_for_the_fitted_floor():
    cases = [case("one", "a b c", 1.0), case("two", "d e", 0.0)]
    assert "length_and_overlap" not in floors(cases, np.array([1.0, 0.0]))
