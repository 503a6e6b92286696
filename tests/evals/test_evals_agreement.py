"""Figures against scikit-learn, scipy and hand-computed values."""

import math
import time

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evals.metrics.agreement import (
    Pairs,
    agreement,
    binned,
    levels_of,
    weighted_correlation,
    weighted_kappa,
    weighted_ranks,
)
from evals.metrics.bootstrap import draws, estimate, mean_of

LEVELS = np.array([0.0, 0.5, 1.0])


def pairs(gold, given, groups=None, levels=LEVELS):
    groups = groups or list(range(len(gold)))
    return Pairs(np.array(gold, float), np.array(given, float), groups, levels)


def test_figures_by_hand():
    figures = agreement(pairs([0, 0, 0.5, 1], [0, 0.5, 0.5, 0.5]))
    # Confusion: (0,0) (0,1) (1,1) (2,1); quadratic penalties observed 1 + 1 = 2.
    # Expected: rows 2,1,1, columns 1,3,0: (2*3*1 + 1*1*1 + 1*1*4 + 1*3*1) / 4 = 14/4; kappa = 1 - 2/3.5.
    assert figures["qwk"].value == pytest.approx(1 - 2 / 3.5)
    assert figures["mae"].value == pytest.approx(0.25)
    assert figures["rmse"].value == pytest.approx(math.sqrt(0.125))
    assert figures["bias"].value == pytest.approx(0.0)
    assert figures["exact"].value == pytest.approx(0.5)
    assert figures["adjacent"].value == pytest.approx(1.0)


def test_levels_that_are_never_given_still_count():
    """The trap of sklearn: without labels= the weights use the index among the labels present."""
    gold, given = [0, 0.25, 1, 1, 0.25, 0], [0, 1, 1, 0.25, 0.25, 0]
    figures = agreement(pairs(gold, given, levels=np.linspace(0, 1, 5)))
    assert figures["qwk"].value == pytest.approx(0.481, abs=5e-4)


def test_levels_are_the_golds_own_up_to_eleven():
    assert levels_of(np.array([0, 0.7, 0.7, 1])).tolist() == [0, 0.7, 1]
    many = levels_of(np.linspace(0, 1, 12))
    assert many == pytest.approx(np.arange(11) / 10)


def test_nearest_level_lower_when_equally_near():
    assert binned(np.array([0.25, 0.26, 0.75, 1.0]), LEVELS).tolist() == [0, 1, 1, 2]


def test_adjacent_says_nothing_with_two_levels():
    figures = agreement(pairs([0, 1, 1], [0, 0, 1], levels=np.array([0.0, 1.0])))
    assert figures["adjacent"].value is None


def test_constant_scores_have_no_correlation_and_no_kappa_above_chance():
    figures = agreement(pairs([0, 0.5, 1], [0.5, 0.5, 0.5]))
    assert figures["pearson"].value is None
    assert figures["spearman"].value is None
    assert figures["qwk"].value == pytest.approx(0.0)


def test_one_level_has_no_kappa():
    assert agreement(pairs([1, 1], [1, 1], levels=np.array([1.0])))["qwk"].value is None


def test_within_question_ignores_differences_between_questions():
    gold = [0, 0.5, 0.5, 1]
    given = [0.5, 1, 0, 0.5]
    figures = agreement(pairs(gold, given, ["a", "a", "b", "b"]))
    assert figures["pearson_within"].value == pytest.approx(1.0)
    assert figures["pearson"].value == pytest.approx(0.0)


def test_equal_scores_within_a_question_count_as_no_correlation():
    figures = agreement(pairs([0, 1, 0, 1], [0, 1, 0.5, 0.5], ["a", "a", "b", "b"]))
    assert figures["pearson_within"].value == pytest.approx(0.5)


def test_no_interval_for_one_question():
    figure = agreement(pairs([0, 1], [0, 1], ["a", "a"]))["mae"]
    assert (figure.low, figure.high) == (None, None)


def test_nothing_to_compare():
    assert agreement(pairs([], [])) == {}


sizes = st.integers(2, 30)


@settings(max_examples=40, deadline=None)
@given(st.data())
def test_resampled_figures_equal_those_of_the_repeated_rows(data):
    """A statistic of weights w equals sklearn's or scipy's on rows repeated w times."""
    from scipy.stats import pearsonr, rankdata, spearmanr
    from sklearn.metrics import cohen_kappa_score

    n = data.draw(st.integers(4, 25))
    level = st.sampled_from([0, 1, 2, 3])
    gold = np.array(data.draw(st.lists(level, min_size=n, max_size=n)))
    made = np.array(data.draw(st.lists(level, min_size=n, max_size=n)))
    counts = np.array(data.draw(st.lists(st.integers(0, 3), min_size=n, max_size=n)))
    x, y = np.repeat(gold, counts).astype(float), np.repeat(made, counts).astype(float)
    if len(x) < 2:
        return
    weights = counts[None, :].astype(float)
    assert np.repeat(weighted_ranks(weights, gold)[0], counts) + 0.5 == pytest.approx(rankdata(x))
    if np.ptp(x) and np.ptp(y):
        r = weighted_correlation(weights, gold, made)[0]
        assert r == pytest.approx(pearsonr(x, y).statistic, abs=1e-9)
        ranks = (weighted_ranks(weights, gold), weighted_ranks(weights, made))
        assert weighted_correlation(weights, *ranks)[0] == pytest.approx(spearmanr(x, y).statistic, abs=1e-9)
    if np.ptp(np.concatenate([x, y])):
        table = np.zeros((1, 4, 4))
        np.add.at(table[0], (x.astype(int), y.astype(int)), 1)
        wanted = cohen_kappa_score(x.astype(int), y.astype(int), weights="quadratic", labels=[0, 1, 2, 3])
        assert weighted_kappa(table)[0] == pytest.approx(wanted, abs=1e-9)


@settings(max_examples=30, deadline=None)
@given(st.lists(st.integers(0, 4), min_size=1, max_size=40), st.integers(0, 5))
def test_resamples_draw_whole_questions(groups, seed):
    """A question that is drawn t times gives t times as many rows as it has."""
    for weights in draws(groups, resamples=7, seed=seed):
        for group in set(groups):
            here = np.array([other == group for other in groups])
            drawn = weights[:, here].sum(axis=1)
            assert np.all(drawn % here.sum() == 0)


def test_intervals_are_wider_when_answers_come_in_few_questions():
    values = np.repeat([0.0, 1.0, 0.0, 1.0], 50)
    single = estimate(0.5, mean_of(values), list(range(200)))
    clustered = estimate(0.5, mean_of(values), list(np.repeat(range(4), 50)))
    assert clustered.high - clustered.low > 3 * (single.high - single.low)


def test_interval_of_a_mean_agrees_with_theory():
    values = np.random.default_rng(0).normal(size=400)
    figure = estimate(float(values.mean()), mean_of(values), list(range(400)))
    assert figure.high - figure.low == pytest.approx(2 * 1.96 * values.std() / 20, rel=0.15)


def test_four_thousand_answers_take_seconds():
    random = np.random.default_rng(1)
    gold = random.integers(0, 5, 4000) / 4
    given = np.clip(gold + random.normal(0, 0.3, 4000), 0, 1)
    started = time.perf_counter()
    figures = agreement(Pairs(gold, given, list(random.integers(0, 50, 4000)), levels_of(gold)))
    assert time.perf_counter() - started < 30
    assert all(figure.low <= figure.value <= figure.high for figure in figures.values())
