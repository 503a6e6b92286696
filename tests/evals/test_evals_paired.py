"""Two runs over the same answers, repeats, lengths, attacks."""

import numpy as np
import pytest

from bot.domain.grades import Status
from evals.cases import GradeCase
from evals.metrics.attacks import AttackRow, pass_rates, share
from evals.metrics.lengths import length_bias
from evals.metrics.paired import differences, spread
from evals.metrics.rows import Row, VerdictRow

GOLD = [0, 0.5, 1] * 8


def cases(lengths=None):
    return [
        GradeCase(
            id=i,
            question=f"问题 {i % 6}",
            question_id=i % 6,
            answer="答" * (lengths[i] if lengths else 5),
            score=gold,
            max_score=1,
            key_points=[{"text": "要点"}],
            verdicts=["covered" if gold == 1 else "missing"],
        )
        for i, gold in enumerate(GOLD)
    ]


def rows(scores, **fields):
    base = {"key_points": [], "flags": [], "path": "features", "seconds": 0.1, "error": None}
    return [
        Row.model_validate(
            base
            | {
                "score": score,
                "verdicts": [VerdictRow(status=_status(score), confidence=0.8, quote=None)],
            }
            | fields
        )
        for score in scores
    ]


def _status(score):
    return Status.COVERED if score == 1 else Status.MISSING


def test_a_run_does_not_differ_from_itself():
    same = rows([0, 1, 1] * 8)
    for name, found in differences(same, same, cases()).items():
        if found.value is not None:
            assert (found.value, found.low, found.high) == (0, 0, 0), name


def test_the_second_minus_the_first():
    first, second = rows([0, 0, 1] * 8), rows(GOLD)
    found = differences(first, second, cases())
    assert found["mae"].value == pytest.approx(-0.5 / 3)
    assert found["exact"].value == pytest.approx(1 / 3)
    assert found["mae"].low < found["mae"].value < found["mae"].high <= 0
    assert found["verdict_accuracy"].value == 0
    assert found["qwk"].value > 0


def test_pairs_leave_out_what_either_run_could_not_grade():
    first, second = rows([None, 0.5, 1, *GOLD[3:]]), rows([0.5, None, 1, *GOLD[3:]])
    assert differences(first, second, cases())["mae"].value == pytest.approx(0)
    assert differences(rows([None] * 24), second, cases()) == {}


def test_paired_intervals_are_narrower_than_those_of_the_runs():
    """What both runs get wrong on the same answers falls out of their difference."""
    rng = np.random.default_rng(0)
    noise = rng.choice([0.0, 0.5, 1.0], 24)
    first = rows(list(noise))
    second = rows([min(1.0, score + 0.1) for score in noise])
    found = differences(first, second, cases())["bias"]
    assert found.value > 0
    assert found.high - found.low < 0.1


def test_spread_of_repeats():
    found = spread([rows([0, 0.5, None]), rows([0, 1.0, 1.0]), rows([0, 0.5, 1.0])])
    assert found["identical"].value == pytest.approx(0.5)
    assert found["spread_mean"].value == pytest.approx(0.25)
    assert found["spread_most"].value == pytest.approx(0.5)
    assert spread([rows([None]), rows([1])]) == {}


def test_a_grader_that_pays_for_length_is_seen():
    lengths = [3 + i for i in range(24)]
    gold = np.array(GOLD, float)
    paid = length_bias(cases(lengths), gold, np.linspace(0, 1, 24))
    assert paid["length_score"].value == pytest.approx(1)
    assert paid["length_error"].value > 0.5 > abs(paid["length_gold"].value)
    fair = length_bias(cases(lengths), gold, gold)
    assert fair["length_error"].value is None
    assert fair["length_score"] == fair["length_gold"]
    assert length_bias(cases(lengths), gold, np.full(24, np.nan)) == {}


def test_wilson_interval_by_hand():
    found = share([True] * 8 + [False] * 2)
    assert (found.value, found.low, found.high) == pytest.approx((0.8, 0.4902, 0.9433), abs=1e-4)
    assert share([True] * 10).low == pytest.approx(0.7225, abs=1e-4)
    assert share([]).value is None


def test_pass_rates_by_family():
    made = [
        AttackRow(family="a", held=True),
        AttackRow(family="b", held=False),
        AttackRow(family="a", held=False),
    ]
    found = pass_rates(made)
    assert {name: (rate.value, count) for name, (rate, count) in found.items()} == {
        "a": (0.5, 2),
        "b": (0, 1),
    }
