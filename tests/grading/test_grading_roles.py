import pytest

from bot.grading.normal import plain
from bot.grading.roles import compared, exchanged

QUESTION = plain("均方误差和平均绝对误差有什么区别？")
POINTS = [plain("均方误差的梯度与误差成正比"), plain("平均绝对误差的梯度大小恒定，对异常值更鲁棒")]


def names(question, points=()):
    return {"".join(name) for name in compared(plain(question), [plain(point) for point in points])}


@pytest.mark.parametrize(
    "answer",
    [
        "MSE 的梯度大小恒定，对异常值鲁棒；MAE 的梯度与误差成正比。",
        "MAE 梯度和误差成正比。MSE 呢，梯度大小恒定，对异常值更鲁棒。",
    ],
)
def test_what_is_said_of_the_other_thing_is_found(answer):
    assert POINTS[1] in exchanged(QUESTION, POINTS, plain(answer))


@pytest.mark.parametrize(
    "answer",
    [
        "MAE 的梯度大小恒定，对异常值鲁棒；MSE 的梯度与误差成正比。",
        "MSE 的梯度与误差成正比。",
        "MSE 的梯度大小不恒定，对异常值不鲁棒；MAE 抗异常点。",
        "梯度大小恒定、对异常值鲁棒的是 MAE；MSE 与误差成正比。",
        "前者的梯度与误差成正比，后者的梯度大小恒定，对异常值更鲁棒。",
        "L1 的梯度大小恒定，对异常值更鲁棒；均方误差的梯度与误差成正比。",
    ],
)
def test_right_answers_and_what_names_nothing_are_let_be(answer):
    assert not exchanged(QUESTION, POINTS, plain(answer))


def test_a_thing_may_be_named_at_the_end():
    question = plain("梯度消失和梯度爆炸的根本原因是什么？")
    points = [plain("奇异值普遍小于 1，即梯度消失"), plain("奇异值普遍大于 1，梯度指数增长，即梯度爆炸")]
    assert points[1] not in exchanged(question, points, plain("。".join(points)))


def test_without_two_things_nothing_can_change_places():
    point = plain("丢弃一部分神经元的输出，减轻共适应")
    assert not exchanged(plain("Dropout 有什么作用？"), [point], point)


def test_things_are_named_as_key_points_name_them():
    averages = ["宏平均先算每一类", "加权平均按样本数加权"]
    assert names("宏平均和加权平均有什么区别？", averages) == {"=宏平均", "加权平均"}
    assert names("Transformer 为什么用 LN 而不用 BN？") == {"=层归一化", "=批归一化"}
    assert not names("什么是 Dropout？")


def test_names_are_what_tells_them_apart():
    points = ["同步更新等所有工作者算完", "异步更新不等别人"]
    assert names("同步更新和异步更新有什么区别？", points) == {"同步", "异步"}
    points = ["学习率预热从小到大", "学习率衰减从大到小"]
    assert names("学习率预热和学习率衰减有什么区别？", points) == {"预热", "衰减"}
    assert len(names("批归一化和层归一化有什么区别？")) == 2


def test_an_answer_may_name_things_for_short():
    question = plain("同步更新和异步更新有什么区别？")
    points = [plain("同步更新每步等所有工作者算完梯度"), plain("异步更新中每个工作者算完就推送")]
    turned = plain("异步的话每步都等所有工作者算完梯度。同步是谁好了谁先走。")
    assert exchanged(question, points, turned) == {points[0]}
    assert not exchanged(question, points, plain("同步的话每步都等所有工作者算完梯度。异步是谁好了谁先走。"))
