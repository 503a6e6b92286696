"""Key points made without a model: verbatim quotes, atomic statements, at most seven."""

import pytest
from fakes.notes_text import answer
from hypothesis import given
from hypothesis import strategies as st

from bot.questions.key_points import key_points_of_chunk, key_points_of_reference


def points(question, text):
    chunk, raw = answer(question, text)
    return key_points_of_chunk(question, chunk, raw)


def texts(question, text):
    return [point.text for point in points(question, text)]


def test_each_numbered_reason_is_a_key_point_with_its_own_quote() -> None:
    found = points(
        "为什么要做早停？",
        "1.训练过久会记住噪声，验证损失回升。\n2. 它不改动损失函数，几乎没有额外计算。\n（3）省下训练时间。",
    )
    assert [p.quote.text for p in found] == [
        "训练过久会记住噪声，验证损失回升。",
        "它不改动损失函数，几乎没有额外计算。",
        "省下训练时间。",
    ]
    assert all(p.vital and p.weight == 1 for p in found)


def test_a_list_within_one_line_is_taken_apart_below_its_lead() -> None:
    assert texts(
        "梯度裁剪如何实现？作用？", "作用: 1.防止梯度爆炸;\n2.稳定训练;\n实现: ①算出范数 ②超过阈值就缩放"
    ) == [
        "作用：防止梯度爆炸",
        "作用：稳定训练",
        "实现：算出范数",
        "实现：超过阈值就缩放",
    ]


def test_a_terse_entry_gets_the_title_above_it_and_quotes_itself() -> None:
    found = points(
        "怎么调学习率？", "1. 手动调整\n试几个值，选损失降得最快的那个。\n2. 自动调整\n用余弦退火。"
    )
    assert [p.text for p in found] == ["手动调整：试几个值，选损失降得最快的那个", "自动调整：用余弦退火"]
    assert [p.quote.text for p in found] == ["试几个值，选损失降得最快的那个。", "用余弦退火。"]


def test_an_enumeration_that_is_the_answer_becomes_its_entries() -> None:
    assert texts("有哪些优化器？", "SGD; 动量法; AdaGrad;RMSProp；Adam。") == [
        "SGD",
        "动量法",
        "AdaGrad",
        "RMSProp",
        "Adam",
    ]


@pytest.mark.parametrize(
    ("reference", "expected"),
    [
        ("交换机的特点：转发快、端口多、价格低等。", ["转发快", "端口多", "价格低"]),
        ("包括发送方、接收方和信道。", ["发送方", "接收方", "信道"]),
    ],
)
def test_a_reference_that_enumerates_is_held_to_each_entry(reference, expected) -> None:
    assert [p.text for p in key_points_of_reference("有哪些？", reference)] == expected


def test_two_things_told_apart_keep_their_names() -> None:
    found = texts("BN 和 LN 有什么区别？", "BN:\n沿批的方向求均值。\nLN:\n沿特征的方向求均值。")
    assert found == ["BN：沿批的方向求均值", "LN：沿特征的方向求均值"]


def test_training_and_testing_in_one_sentence_are_two_points() -> None:
    assert texts(
        "丢弃法在训练和测试时的区别？", "训练时随机关掉一部分神经元,测试时所有神经元都参加计算。"
    ) == [
        "训练时随机关掉一部分神经元",
        "测试时所有神经元都参加计算",
    ]


def test_a_pronoun_is_replaced_only_where_its_subject_is_beyond_doubt() -> None:
    first, second = texts("什么是动量？", "动量累加历史梯度的方向。它使更新在一致的方向上加快。")
    assert (first, second) == ("动量累加历史梯度的方向", "动量使更新在一致的方向上加快")
    both = texts(
        "VAE 和 GAN 有什么区别？", "VAE 学似然的下界，生成器与判别器的博弈则属于另一类。它更难训练。"
    )
    assert not any(text.startswith(("VAE更", "GAN更")) for text in both)


def test_what_leans_on_the_sentence_before_is_glued_to_it() -> None:
    [only] = texts("为什么要打乱数据？", "相邻样本往往相似。因此不打乱会使梯度有偏。")
    assert "相邻样本" in only and "有偏" in only


def test_a_bare_no_says_what_is_denied() -> None:
    assert texts("是否有必要对偏置做正则化？", "没必要。偏置只有很少几个参数。")[0] == "没必要对偏置做正则化"


def test_examples_history_and_restatements_are_a_bonus() -> None:
    found = points(
        "什么是残差连接？",
        "残差连接把输入直接加到输出上。\n例如 34 层的网络里每两层加一次。\n最早由何恺明等人在 2015 年提出。\n"
        "通俗地说，就是给梯度修一条近路。",
    )
    assert [p.vital for p in found] == [True, False, False, False]
    assert {p.weight for p in found if not p.vital} == {0.5}


def test_filler_is_no_key_point() -> None:
    found = texts(
        "什么是池化？",
        "池化缩小特征图。\n详见知乎：https://example.org/p/1\n希望这些能帮到你，点赞关注我。\n如下图所示",
    )
    assert found == ["池化缩小特征图"]


def test_a_stray_remark_after_a_list_is_dropped() -> None:
    assert "今晚吃火锅" not in " ".join(texts("有哪些池化方式？", "1.最大池化\n2.平均池化\n今晚吃火锅比较好"))


def test_more_than_seven_short_entries_share_key_points() -> None:
    words = ["剪枝", "量化", "蒸馏", "低秩分解", "参数共享", "轻量结构", "稀疏化", "算子融合", "缓存"]
    found = points("有哪些压缩手段？", "\n".join(f"{i}. {word}" for i, word in enumerate(words, 1)))
    assert len(found) == 7
    assert all(any(word in p.text for p in found) for word in words)


def test_formulas_code_and_brackets_are_never_cut() -> None:
    text = r"损失是 $L=\sum_i (y_i-f(x_i))^2; \lambda=0.1$，见 `loss.py; v2`（均值；不是和）。"
    [only] = points("损失是什么？", text)
    assert only.quote.text == text


def test_english_sentences_and_lists() -> None:
    found = [p.text for p in key_points_of_reference(
        "What is dropout?",
        "Dropout switches off random units during training. It reduces overfitting, e.g. in wide layers.\n"
        "- No unit is dropped at test time\n- For example, a rate of 0.5 is common",
    )]  # fmt: skip
    assert found[0] == "Dropout switches off random units during training"
    assert found[1].endswith("reduces overfitting, e.g. in wide layers")
    assert "No unit is dropped at test time" in found


def test_a_reference_of_one_fact_has_one_key_point() -> None:
    [only] = key_points_of_reference("Why is the bulb off?", "There is a gap in the circuit")
    assert only.text == "There is a gap in the circuit"
    assert only.quote is None and only.vital


def test_a_blank_answer_has_no_key_point() -> None:
    assert key_points_of_reference("什么？", " \n") == ()
    assert points("什么？", "![](a.png)") == ()


PIECES = st.sampled_from(
    ["1. ", "① ", "- ", "• ", "作用：", "例如", "它", "，并且", "；", "。", "\n", "\n\n", "    ", "**粗体**", "$x^2$",
     "```\ncode\n```", "| a | b |\n", "batch norm", "归一化使训练稳定", "(括号", "）", "没必要。", "https://x.y", "## 标题\n"]
)  # fmt: skip


@given(st.lists(PIECES | st.text(max_size=8), max_size=30).map("".join))
def test_whatever_the_notes_hold_each_quote_is_verbatim_inside_the_chunk(text) -> None:
    chunk, raw = answer("归一化有什么作用？", text)
    found = key_points_of_chunk("归一化有什么作用？", chunk, raw)
    assert len(found) <= 7
    assert not found or any(point.vital for point in found)
    for point in found:
        assert point.quote.span.cut(raw) == point.quote.text
        assert any(span.contains(point.quote.span) for span in chunk.spans)
        assert point.quote.span.start >= chunk.question_span.end
        assert point.text.strip()


@given(st.text(max_size=300))
def test_any_reference_gives_at_most_seven_points_and_the_same_ones_each_time(reference) -> None:
    found = key_points_of_reference("这是什么？", reference)
    assert len(found) <= 7
    assert found == key_points_of_reference("这是什么？", reference)
    assert bool(found) == bool(" ".join(reference.split())) or not any(c.isalnum() for c in reference)
