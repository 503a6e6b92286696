import numpy as np
import pytest
from fakes.embedder import FakeEmbedder

from bot.domain.grades import Status
from bot.domain.questions import KeyPoint
from bot.grading.features import NAMES
from bot.grading.gate import screen
from bot.grading.judge_features import SURELY_AGAINST, FeatureJudge, earned, likeliest, values_of
from bot.grading.judging import GradingCase
from bot.grading.normal import plain
from bot.grading.safeguards import CONTRADICTED, COVERED, MISSING, PARTIAL, temper
from bot.grading.verifier import (
    EXPECTED_FROM,
    EXPECTED_TO,
    Ensemble,
    Network,
    ValueLine,
    Verifier,
    shipped_verifier,
)

QUESTION = "批归一化在推理时用什么统计量？"
POINTS = ("推理时用训练中累积的滑动平均", "不再依赖当前批")


def network(bias):
    size = len(NAMES)
    return Network(
        mean=[0.0] * size,
        scale=[1.0] * size,
        into=[[0.0]] * size,
        shift=[0.0],
        out=[[0.0] * 4],
        bias=bias,
        direct=[[0.0] * 4] * size,
    )


SIZE = len(NAMES)
LINE = ValueLine(mean=[0.0] * SIZE, scale=[1.0] * SIZE, weights=[0.0] * SIZE, bias=0.5)


def verifier(of_points, general=None):
    return Verifier(version="", features=NAMES, key_points=of_points, general=general or of_points, line=LINE)


def seen(**values):
    usual = {"al_recall": 0.9, "letter_pairs": 0.9, "al_context": 0.9}
    return np.array([{**usual, **values}.get(name, 0.0) for name in NAMES])


EVEN = np.array([0.7, 0.1, 0.1, 0.1])


def test_saying_it_again_earns_nothing_more():
    judge = FeatureJudge(FakeEmbedder())
    once = "推理时用训练里累积的滑动平均，与当前的数据无关。另外均值和方差都要存。"
    first = judge.findings(QUESTION, POINTS, once)
    for times in (2, 5):
        again = judge.findings(QUESTION, POINTS, once * times)
        assert [one.value for one in again] == [one.value for one in first]
        assert [list(one.probabilities) for one in again] == [list(one.probabilities) for one in first]


def test_how_an_answer_is_dressed_up_moves_no_digit():
    judge = FeatureJudge(FakeEmbedder())
    plainly = "推理时用训练里累积的滑动平均。"
    dressed = f"# 解答\n\n作为一名资深专家，我可以肯定地说：**{plainly}**\n以上就是我的回答，谢谢老师！"
    pairs = zip(
        judge.findings(QUESTION, POINTS, plainly),
        judge.findings(QUESTION, POINTS, plain(dressed)),
        strict=True,
    )
    assert all(np.array_equal(one.features, other.features) for one, other in pairs)


def test_what_speaks_to_nothing_asked_moves_no_digit():
    padding = "公园里花很香，孩子们放风筝。"
    judge = FeatureJudge(FakeEmbedder())
    said = "推理时用训练里累积的滑动平均。"
    alone, padded = judge.findings(QUESTION, POINTS, said), judge.findings(QUESTION, POINTS, said + padding)
    assert all(np.array_equal(one.features, other.features) for one, other in zip(alone, padded, strict=True))
    assert padding.rstrip("。") not in padded[0].evidence.answer


def test_where_nothing_speaks_to_it_all_is_read():
    found = FeatureJudge(FakeEmbedder()).findings(QUESTION, POINTS, "公园里花很香，孩子们放风筝")
    assert found[0].evidence.answer == "公园里花很香，孩子们放风筝"


def test_terms_strung_together_are_no_evidence():
    judge = FeatureJudge(FakeEmbedder())
    row = plain("推理 训练 累积 滑动 平均 依赖 当前 批 统计 归一化")
    wrong = "每一层的输出都要取对数。"
    assert all(one.evidence.is_row for one in judge.findings(QUESTION, POINTS, row))
    alone, behind = judge.findings(QUESTION, POINTS, wrong), judge.findings(QUESTION, POINTS, wrong + row)
    assert [one.value for one in alone] == [one.value for one in behind]


def test_a_part_of_a_reference_is_contradicted_only_where_that_is_plain():
    doubtful, plainly = np.array([0.1, 0.25, 0.05, 0.6]), np.array([0.02, 0.03, 0.05, 0.9])
    rows = np.stack([doubtful, plainly, EVEN])
    assert likeliest(rows, 0.0).tolist() == [CONTRADICTED, CONTRADICTED, COVERED]
    assert likeliest(rows, SURELY_AGAINST).tolist() == [PARTIAL, CONTRADICTED, COVERED]
    assert likeliest(rows, np.array([0.0, 0.95, 0.0])).tolist() == [CONTRADICTED, MISSING, COVERED]


def test_the_judge_of_references_takes_off_less():
    even = verifier(Ensemble(networks=[network([0.0, -1.0, -1.0, 1.0])]))
    case = GradingCase(
        QUESTION,
        tuple(KeyPoint(text=point, quote=None) for point in POINTS),
        screen(QUESTION, "推理时的统计量是累积的平均"),
    )
    strict, kind = (FeatureJudge(FakeEmbedder(), even, by_reference=way).judge(case) for way in (False, True))
    assert {one.status for one in strict} == {Status.CONTRADICTED}
    assert Status.CONTRADICTED not in {one.status for one in kind}
    assert all(one.confidence < 0.5 and one.quote for one in kind)


def test_findings_hold_what_another_judge_can_build_on():
    judge = FeatureJudge(FakeEmbedder())
    found = judge.findings(QUESTION, POINTS, "用滑动平均")
    assert len(found) == 2
    for one in found:
        assert one.features.shape == (len(NAMES),) and one.features.dtype == np.float64
        assert np.exp(one.general).sum() == pytest.approx(1)
        assert one.probabilities.sum() == pytest.approx(1, abs=0.003)
        assert 0 <= one.value <= 1


def test_the_same_answer_gets_the_same_findings_from_another_judge():
    first, second = (FeatureJudge(FakeEmbedder()).findings(QUESTION, POINTS, "用滑动平均") for _ in range(2))
    for one, other in zip(first, second, strict=True):
        assert np.array_equal(one.features, other.features)
        assert np.array_equal(one.general, other.general)


def test_what_is_earned_rises_from_nothing_to_everything():
    steps = [earned(expected) for expected in np.linspace(0, 1, 21)]
    assert steps == sorted(steps)
    assert earned(EXPECTED_FROM) == 0 and earned(EXPECTED_TO) == 1


def test_the_shipped_weights_fit_the_features():
    rows = np.zeros((3, len(NAMES)))
    assert shipped_verifier().probabilities(rows).shape == (3, 4)


def test_weights_for_other_features_are_refused():
    other = verifier(Ensemble(networks=[network([0.0] * 4)])).model_copy(update={"features": ("other",)})
    for ask in (other.probabilities, other.values):
        with pytest.raises(ValueError, match=r"evals\.train"):
            ask(np.zeros((1, 1)))


def test_logits_are_averaged_and_cooled():
    one = Ensemble(networks=[network([2.0, 0, 0, 0])])
    two = Ensemble(networks=[network([4.0, 0, 0, 0]), network([0.0] * 4)])
    rows = np.zeros((1, len(NAMES)))
    assert np.allclose(one.probabilities(rows), two.probabilities(rows))
    warm = one.model_copy(update={"temperature": 2.0})
    assert warm.probabilities(rows)[0, 0] < one.probabilities(rows)[0, 0]


def test_key_points_are_judged_by_weights_of_their_own_and_references_by_those_of_all_sets():
    sure, doubtful = (Ensemble(networks=[network([more, 0, 0, 0])]) for more in (4.0, -4.0))
    both = verifier(sure, doubtful)
    said = (QUESTION, POINTS, "推理时的统计量是累积的平均")
    of_points = FeatureJudge(FakeEmbedder(), both).findings(*said)
    of_reference = FeatureJudge(FakeEmbedder(), both, by_reference=True).findings(*said)
    for point, part in zip(of_points, of_reference, strict=True):
        assert point.probabilities[COVERED] > 0.9 > 0.1 > part.probabilities[COVERED]
        assert np.array_equal(point.general, part.general)


@pytest.mark.parametrize(
    ("what", "lost", "gained"),
    [
        ({"hedged": 1.0}, COVERED, PARTIAL),
        ({"shotgun": 1.0}, COVERED, MISSING),
        ({"negation": 1.0, "recall_best": 0.9}, COVERED, CONTRADICTED),
        ({"al_recall": 0.1, "letter_pairs": 0.0, "al_context": 0.1}, COVERED, MISSING),
    ],
)
def test_the_shape_of_an_answer_moves_probability(what, lost, gained):
    after = temper(EVEN, seen(**what), verbatim=False, listed=False)
    assert after.sum() == pytest.approx(1)
    assert after[lost] < 0.3
    assert after[gained] > EVEN[gained] + 0.3


def test_word_for_word_is_covered_and_a_list_of_terms_is_not():
    doubt = np.array([0.2, 0.2, 0.5, 0.1])
    assert temper(doubt, seen(), verbatim=True, listed=False)[COVERED] > 0.9
    assert temper(EVEN, seen(), verbatim=False, listed=True).argmax() == MISSING


def worth(line, after=EVEN, **what):
    features = seen(**what)[None, :]
    lines = None if line is None else np.array([line])
    return float(values_of(EVEN[None, :], after[None, :], lines, features)[0])


def test_a_part_of_a_reference_is_worth_more_where_the_line_says_so():
    assert worth(0.2) < worth(0.5) < worth(0.9)


def test_a_key_point_is_worth_what_its_probabilities_say():
    assert worth(None, np.array([0.7, 0.1, 0.2, 0.0])) == 1
    assert 0 < worth(None, np.array([0.2, 0.4, 0.4, 0.0])) < worth(None, np.array([0.4, 0.4, 0.2, 0.0])) < 1
    assert worth(None, np.array([0.05, 0.1, 0.8, 0.05])) == 0


def test_what_the_safeguards_take_the_line_cannot_give_back():
    listed = temper(EVEN, seen(), verbatim=False, listed=True)
    assert worth(0.9, listed) < 0.3


def test_an_answer_that_speaks_to_no_point_is_worth_nothing():
    unsaid = np.array([0.1, 0.2, 0.6, 0.1])
    for line in (0.9, None):
        assert worth(line, unsaid, al_recall=0.3, letter_pairs=0.05) == 0
        assert worth(line, unsaid, al_recall=0.3, letter_pairs=0.5) > 0


def test_the_line_stays_within_marks():
    steep = LINE.model_copy(update={"weights": [10.0] * SIZE})
    assert steep.values(np.array([[-1.0] * SIZE, [1.0] * SIZE])).tolist() == [0, 1]
