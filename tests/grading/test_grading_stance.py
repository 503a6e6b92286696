import pytest

from bot.grading import stance

POINT = "训练时使用当前批的均值"


@pytest.mark.parametrize(
    "said",
    [
        "训练时不使用当前批的均值",
        "训练时并没有使用当前批的均值",
        "训练时使用当前批的均值是错误的",
        "训练时无法使用当前批的均值",
    ],
)
def test_a_negated_statement_is_in_conflict(said):
    assert stance.negation_conflict(POINT, said) > 0.5


@pytest.mark.parametrize(
    "said",
    [
        POINT,
        "训练时使用当前批的均值，而不是滑动平均",
        "训练时不断使用当前批的均值",
        "不同的是，训练时使用当前批的均值",
    ],
)
def test_other_uses_of_no_are_not(said):
    assert stance.negation_conflict(POINT, said) == 0


@pytest.mark.parametrize("less", ["没那么", "没有那么", "不那么", "不太"])
def test_less_is_no_denial(less):
    assert not stance.shows_conflict("降低对初始化的敏感", f"对初始化也{less}敏感")


def test_one_word_in_common_is_no_denial():
    point = "测试时不再看批内统计，而是用累积的全局均值和方差"
    assert stance.negation_conflict(point, "训练用小批量的统计量，测试用全局的") < 0.3
    assert stance.negation_conflict(point, "测试时还是看批内统计") > 0.5


def test_opposites_of_different_things_do_not_oppose():
    assert stance.opposition("训练时用批内均值做归一化", "测试用全局方差") == 0
    assert stance.opposition("训练时用批内均值做归一化", "测试时用批内均值") > 0


def test_what_is_said_of_a_case_is_not_negated_with_its_condition():
    point = "没有缓存时，每一步都要重新计算整个前缀"
    assert stance.negation_conflict(point, "没有缓存时每一步都要重新算一遍前缀") == 0
    assert stance.negation_conflict(point, "没有缓存的话每一步都要重新计算") == 0
    assert stance.negation_conflict(point, "没有缓存时每一步都不用重新计算整个前缀") > 0.5
    assert stance.negation_conflict("参数及时更新", "参数不及时更新") > 0.5


def test_english_negation_is_read():
    assert stance.negation_conflict("dropout is active in training", "dropout isn't active in training") > 0.5
    assert stance.negation_conflict("it keeps all weights", "it keeps all weights, not only some") == 0


@pytest.mark.parametrize(
    ("point", "said"),
    [
        ("方差增大", "方差减小"),
        ("提高学习率", "降低学习率"),
        ("bias increases", "bias decreases"),
        ("训练误差低", "验证误差低"),
    ],
)
def test_opposite_directions_oppose(point, said):
    assert stance.opposition(point, said) > 0
    assert stance.opposition(point, point) == 0


def test_not_the_opposite_is_the_same():
    assert stance.opposition("方差增大", "方差不会减小") == 0


def test_numbers_of_the_question_do_not_count():
    assert stance.number_conflict("", "导数最大是 0.25", "导数最大是 0.5") == 1
    assert stance.number_conflict("", "导数最大是 0.25", "导数最大是 0.25，不是 0.5") == 0
    assert stance.number_conflict("取 0.25 时呢", "取 0.25 时收敛", "取 0.5 时收敛") == 0
    assert stance.numbers("分成三步，共 2.50 秒") == {"3", "2.5"}


def test_exchanged_partners_are_noticed():
    point = "训练时用批统计量，推理时用滑动平均"
    kept, crossed = stance.binding(point, "推理时用批统计量，训练时用滑动平均")
    assert kept < stance.binding(point, "推理时用滑动平均，训练时用批统计量")[0]
    assert crossed > 0


def test_doubt_and_lists_of_candidates_are_noticed():
    assert stance.hedges("可能是均值吧，不太确定") >= 2
    assert stance.hedges("is it perhaps the mean") == 1
    assert stance.shotgun("a 均值；b 方差；c 中位数")
    assert not stance.shotgun("用均值和方差")


@pytest.mark.parametrize(
    "text",
    [
        "可能的答案:a 均值;b 方差",
        "要么用均值,要么用方差",
        "either the mean, or the variance",
        "候选:均值、方差",
        "选项有以下几个:均值,方差",
        "有两种可能:一是均值;二是方差",
        "it could be: the mean; the variance",
    ],
)
def test_offering_choices_is_no_answer(text):
    assert stance.shotgun(text)


@pytest.mark.parametrize(
    "text",
    [
        "gru 的候选状态由重置门算出",
        "rpn 给出候选框,再分类",
        "学习率太大可能有震荡",
        "原因可能有以下几个:学习率太大,数据里有 nan",
        "原因可能是:学习率太大",
        "长序列上梯度要么消失要么爆炸",
        "the candidate state is computed first, and there are two options for the gate",
        "a neuron either fires or stays silent",
        "k-means 先任选 k 个点作中心",
        "数据不足是其中之一",
    ],
)
def test_the_fields_own_words_offer_no_choices(text):
    assert not stance.shotgun(text)


@pytest.mark.parametrize(
    ("point", "said"),
    [
        (POINT, "训练时不使用当前批的均值"),
        ("方差增大", "方差减小"),
        ("dropout is active in training", "dropout isn't active in training"),
        ("测试时不再看批内统计，而是用累积的全局均值", "测试时还是看批内统计"),
    ],
)
def test_words_can_show_that_the_opposite_is_said(point, said):
    assert stance.shows_conflict(point, said)


@pytest.mark.parametrize(
    ("point", "said"),
    [
        (POINT, POINT),
        ("测试时不再看批内统计，而是用累积的全局均值", "训练用小批量的统计量，测试用全局的"),
        ("训练时用批内均值做归一化", "测试用全局方差"),
        (POINT, "猫喜欢晒太阳"),
    ],
)
def test_what_may_be_said_of_something_else_shows_nothing(point, said):
    assert not stance.shows_conflict(point, said)
