import numpy as np
import pytest
from fakes.embedder import FakeEmbedder

from bot.grading.features import NAMES
from bot.grading.verifier import softmax
from evals.train_features import SHAPES, Rarity, featurise, rarity_of, table_of
from evals.train_fit import MADE, OF_ALL_SETS, OF_KEY_POINTS, fit, tempered
from evals.train_gather import is_test
from evals.train_line import value_line
from evals.train_made import padded_rows
from evals.train_rows import (
    CONTRADICTED,
    COVERED,
    MISSING,
    PARTIAL_OR_MISSING,
    Point,
    Row,
)

TELLING = NAMES.index("al_recall")
TURNED = NAMES.index("quote_negation")
POINTS = (Point("a"), Point("b"))


def row(number, source="train_zh", targets=(), score=None, points=POINTS):
    return Row(source, f"q{number % 7}", f"a{number}", "why", "because", points, targets, score)


def features(telling, turned=None):
    found = np.zeros((len(telling), len(NAMES) + SHAPES))
    found[:, TELLING] = telling
    found[:, TURNED] = turned or [0.0] * len(telling)
    return found


def probabilities(network, telling, turned=None):
    return softmax(network.logits(features(telling, turned)[:, :-SHAPES]))


def test_verdicts_are_learnt():
    kinds = [((COVERED, MISSING), [1, 0], [0, 0]), ((MISSING, CONTRADICTED), [0, 1], [0, 1])]
    rows = [row(i, targets=kinds[i % 2][0]) for i in range(40)]
    table = table_of(rows, [features(*kinds[i % 2][1:]) for i in range(40)])
    found = probabilities(fit(table, np.ones(40, bool), OF_ALL_SETS), [1, 0, 1], [0, 0, 1])
    assert found.argmax(axis=1).tolist() == [0, 2, 3]


def test_the_line_learns_from_scores_whatever_the_leniency_of_a_set():
    chance = np.random.default_rng(0)
    held = chance.random((90, 2))
    strict, lenient = held.mean(axis=1) * 0.8, 0.2 + held.mean(axis=1) * 0.8
    rows = [row(i, "saf_en", score=float(lenient[i])) for i in range(60)]
    rows += [row(i, "beetle_en", score=float(strict[i])) for i in range(60, 90)]
    table = table_of(rows, [features(list(pair)) for pair in held])
    line = value_line(table, np.ones(90, bool))
    low, high = line.values(features([0.1, 0.9])[:, :-SHAPES])
    assert 0.2 < high - low < 0.7
    assert line.values(features([0.5])[:, :-SHAPES])[0] == pytest.approx(0.6, abs=0.05)


def test_the_line_does_not_know_how_long_an_answer_is():
    rows = [row(i, "saf_en", score=i / 40) for i in range(40)]
    parts = [features([0.5, 0.5]) for _ in rows]
    for number, part in enumerate(parts):
        part[:, NAMES.index("wanted_length")] = number
    line = value_line(table_of(rows, parts), np.ones(40, bool))
    assert not any(line.weights)


def test_an_open_target_gives_nothing_to_the_others():
    single = (Point("a"),)
    rows = [row(i, "scientsbank_en", (PARTIAL_OR_MISSING,), points=single) for i in range(20)]
    rows += [row(i, "scientsbank_en", (COVERED,), points=single) for i in range(20, 40)]
    table = table_of(rows, [features([0.0])] * 20 + [features([1.0])] * 20)
    found = probabilities(fit(table, np.ones(40, bool), OF_ALL_SETS), [0.0])[0]
    assert found[1] + found[2] > 0.9


def test_rows_that_are_not_used_change_nothing():
    rows = [row(i, targets=(COVERED, MISSING)) for i in range(20)]
    table = table_of(rows, [features([1, 0])] * 20)
    more = table_of(
        [*rows, row(21, targets=(MISSING, COVERED))], [features([1, 0])] * 20 + [features([1, 0])]
    )
    used = np.arange(21) < 20
    assert fit(table, np.ones(20, bool), OF_ALL_SETS) == fit(more, used, OF_ALL_SETS)


def test_overconfident_weights_are_cooled():
    rows = [row(i, targets=(COVERED if i % 2 else MISSING, MISSING)) for i in range(40)]
    table = table_of(rows, [features([1, 0])] * 40)
    sure = fit(table_of([row(i, targets=(COVERED, MISSING)) for i in range(40)], [features([1, 0])] * 40),
               np.ones(40, bool), OF_ALL_SETS)  # fmt: skip
    assert tempered(sure, table, np.ones(40, bool), OF_ALL_SETS) > 1.5


def test_key_points_are_learnt_from_verdicts_on_key_points_alone():
    assert OF_KEY_POINTS.weight("train_zh") == OF_ALL_SETS.weight("train_zh") > 1
    assert OF_ALL_SETS.weight("beetle_en") > 0 == OF_KEY_POINTS.weight("beetle_en")
    assert OF_ALL_SETS.weight("made:off_topic") == MADE and OF_KEY_POINTS.weight("made:off_topic") == 0
    assert OF_KEY_POINTS.weight("made:typos") > OF_KEY_POINTS.weight("made:negated") == MADE
    assert OF_KEY_POINTS.weight("saf_en") == 0


def test_what_counts_nothing_in_a_mix_changes_nothing():
    rows = [row(i, targets=(COVERED, MISSING)) for i in range(20)]
    rows += [row(i, "beetle_en", (MISSING, COVERED)) for i in range(20, 40)]
    table = table_of(rows, [features([1, 0])] * 40)
    own, both = (fit(table, np.ones(40, bool), mix) for mix in (OF_KEY_POINTS, OF_ALL_SETS))
    assert own == fit(table, np.arange(40) < 20, OF_ALL_SETS) != both


def test_of_alternatives_the_nearest_one_counts():
    rows = [row(0, "beetle_en", score=1.0), row(0, "beetle_en", score=1.0), row(1, "beetle_en", score=0.0)]
    table = table_of(rows, [features([0.2, 0.2]), features([0.9, 0.1]), features([0, 0])])
    assert table.nearest.tolist() == [False, True, True]


def test_features_are_kept_between_runs(tmp_path):
    rows = [row(0), row(1, points=(Point("why because"),))]
    first = FakeEmbedder()
    made = featurise(rows, first, Rarity({}, {}), tmp_path / "kept.npz")
    second = FakeEmbedder()
    again = featurise(rows, second, Rarity({}, {}), tmp_path / "kept.npz")
    assert [part.shape for part in made] == [(2, len(NAMES) + SHAPES), (1, len(NAMES) + SHAPES)]
    assert all(np.array_equal(one, other) for one, other in zip(made, again, strict=True))
    assert second.calls == 0


def test_common_words_weigh_less():
    rows = [row(i, points=(Point(f"teacher layer{i}x"),)) for i in range(30)]
    found = rarity_of(rows, FakeEmbedder())
    assert min(found.units.values()) < 1
    assert found.tokens["teacher"] < 1
    assert "layer3x" not in found.tokens


def test_padding_changes_the_length_and_no_verdict():
    rows = [
        Row("train_zh", f"q{i}", f"a{i}", "问", f"第一句{i}。第二句。", POINTS, (COVERED, MISSING), score=0.5)
        for i in range(5)
    ]
    for before, after in zip(rows, padded_rows(rows, seed=0), strict=True):
        assert before.answer in after.answer
        assert len(after.answer) > len(before.answer) + 20
        assert (after.targets, after.points) == (before.targets, before.points)
        assert after.score is None


@pytest.mark.parametrize("source", ["beetle_en", "saf_en"])
def test_about_a_quarter_of_the_questions_of_a_public_set_is_held_out(source):
    held = [is_test(source, str(number)) for number in range(400)]
    assert 0.18 < sum(held) / 400 < 0.32


def test_our_own_questions_are_not_held_out():
    assert not any(is_test("train_zh", str(number)) for number in range(100))
