"""Weighing two opinions: the fit goes all the way."""

import numpy as np
import pytest

from evals.adapter.reads import Read
from evals.adapter.stack import (
    CONTRADICTED,
    error,
    evened,
    fit_kindness,
    fit_verdicts,
    judged,
    kinder,
    likeliest,
)


@pytest.fixture
def rows():
    """Answers whose verdicts one reader guesses well, the other badly; both call too much covered."""
    chance = np.random.default_rng(0)

    def row(place):
        labels = chance.integers(0, 4, size=5)
        right = np.eye(4)[labels]
        kind = np.array([1.5, 0.0, 0.0, -1.0])
        read, felt = (_log_softmax(sharp * right + kind + chance.normal(size=(5, 4))) for sharp in (3.0, 0.3))
        score = float((np.array([1.0, 0.5, 0.0, 0.0])[labels]).mean())
        return Read("set", f"q{place}", read, felt, np.ones(5), labels, score)

    return [row(place) for place in range(60)]


def _log_softmax(logits):
    return logits - np.log(np.exp(logits).sum(axis=1, keepdims=True))


def test_the_better_opinion_weighs_more_and_what_both_overrate_is_taken_back(rows):
    stack = fit_verdicts(rows)
    assert stack.read > 2 * stack.felt
    covered, *others = stack.bias
    assert covered < min(others)


def test_the_fit_ends_at_the_least_loss(rows):
    """A number added to all biases changes no probability, so at the least of loss and penalty their sum is 0."""
    stack = likeliest(rows)
    assert abs(sum(stack.bias)) < 0.02
    likely = np.concatenate([judged(stack, row)[np.arange(5), row.labels] for row in rows])
    for place in range(4):
        for step in (-0.3, 0.3):
            bias = [one + step * (place == index) for index, one in enumerate(stack.bias)]
            moved = stack.model_copy(update={"bias": bias})
            other = np.concatenate([judged(moved, row)[np.arange(5), row.labels] for row in rows])
            assert np.log(other).mean() < np.log(likely).mean() + 0.01


def test_contradicted_is_called_as_often_as_it_is(rows):
    shy = likeliest(rows)
    shy = shy.model_copy(update={"bias": [*shy.bias[:CONTRADICTED], shy.bias[CONTRADICTED] - 0.6]})
    known = sum(int((row.labels == CONTRADICTED).sum()) for row in rows)
    assert called(shy, rows) < known
    heavier = evened(shy, rows)
    assert heavier.bias[:CONTRADICTED] == shy.bias[:CONTRADICTED]
    lighter = heavier.model_copy(
        update={"bias": [*shy.bias[:CONTRADICTED], heavier.bias[CONTRADICTED] - 0.05]}
    )
    assert called(lighter, rows) < known <= called(heavier, rows)
    assert evened(heavier, rows) == heavier


def called(stack, rows):
    return sum(int((judged(stack, row).argmax(axis=1) == CONTRADICTED).sum()) for row in rows)


def test_kindness_makes_the_mean_error_of_the_sets_small(rows):
    strict = fit_verdicts(rows)
    generous = [Read(**{**_fields(row), "score": min(1.0, row.score + 0.2)}) for row in rows]
    kind = kinder(strict, fit_kindness(generous, strict))
    assert abs(error(kind, generous)) < abs(error(strict, generous))


def test_people_who_only_say_right_or_wrong_tell_nothing_of_part_of_the_marks(rows):
    strict = fit_verdicts(rows)
    generous = [Read(**{**_fields(row), "score": min(0.95, row.score + 0.2)}) for row in rows]
    binary = [Read(**{**_fields(row), "source": "binary", "score": 0.0}) for row in rows]
    assert fit_kindness(generous + binary, strict) == fit_kindness(generous, strict) > 0


def _fields(row):
    return {name: getattr(row, name) for name in row.__dataclass_fields__}
