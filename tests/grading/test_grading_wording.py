from fakes.embedder import FakeEmbedder
from fakes.llm import ScriptedModel

from bot.domain.questions import KeyPoint
from bot.grading import feedback, make_grader
from bot.grading.wording import worded

POINTS = (
    KeyPoint(text="训练时用当前批的均值和方差", quote=None),
    KeyPoint(text="推理时用累积的滑动平均统计量", quote=None),
)
GRADE = make_grader(FakeEmbedder()).grade(
    "q", "批归一化在训练和推理时有什么不同？", POINTS, "训练时用当前批的均值和方差。"
)


def test_words_that_the_table_holds_are_let_through():
    model = ScriptedModel(["训练时用当前批的均值和方差，这一点答到了。要点 2 没有答到。"])
    text = worded(model, GRADE, feedback(GRADE, reveal=False))
    assert "答到了" in text
    assert "没有答到" in text


def test_sentences_that_add_a_fact_or_a_number_are_left_out():
    model = ScriptedModel(
        ["训练时用当前批的均值和方差，这一点答到了。批大小一般取 256。残差网络还用了瓶颈结构和宽度缩放。"]
    )
    text = worded(model, GRADE, feedback(GRADE, reveal=False))
    assert "256" not in text
    assert "瓶颈" not in text
    assert "答到了" in text


def test_a_hidden_key_point_does_not_show_through():
    model = ScriptedModel(["没有答到的要点是推理时用累积的滑动平均统计量。"])
    assert worded(model, GRADE, feedback(GRADE, reveal=False)) is None
