"""Questions that need no language model."""

import pytest
from fakes.notes_text import note

from bot.domain.questions import Origin, QuestionKind
from bot.questions.headings import question_of_heading
from bot.questions.key_points import key_points_of_reference
from bot.questions.kinds import difficulty_of, kind_of
from bot.questions.own import question_of_chunk

RAW = """# 正则化

## 为什么要做早停？
训练过久会记住噪声。停下来可以防止过拟合。

## 常见的正则化方法
1. 早停：验证损失回升时停止训练。
2. 权重衰减：每一步把权重乘以略小于 1 的数。

## 早停
早停是一种正则化方法。它通过监视验证损失来决定何时结束训练，从而防止过拟合。

## 空标题
"""


def made():
    parsed = note("r.md", RAW)
    return [question_of_chunk(chunk, RAW) for chunk in parsed.chunks]


def test_the_notes_own_question_is_kept_verbatim() -> None:
    question = made()[0]
    assert (question.text, question.origin) == ("为什么要做早停？", Origin.NOTES)
    assert question.kind is QuestionKind.WHY
    assert question.heading_path == ("正则化",)


def test_a_heading_becomes_a_question_that_its_text_answers() -> None:
    _, several, term, empty = made()
    assert several.text == "常见的正则化方法有哪些？"
    assert [p.text.split("：")[0] for p in several.key_points] == ["早停", "权重衰减"]
    assert several.origin is Origin.HEADING
    assert term.text == "早停的原理和作用是什么？"
    assert empty is None


def test_ids_depend_on_the_chunk_and_the_wording_only() -> None:
    assert [q and q.id for q in made()] == [q and q.id for q in made()]
    assert len({q.id for q in made() if q}) == 3


@pytest.mark.parametrize(
    ("path", "text", "asked"),
    [
        (("正则化", "概念"), "正则化是一种约束模型复杂度的做法，防止它记住噪声。", "什么是正则化？"),
        (("GAN", "优势"), "高质量：图像清晰。多样性：样本丰富，覆盖各种模式。", "GAN 的优势有哪些？"),
        (("过拟合与欠拟合",), "过拟合：训练好测试差。欠拟合：训练就差，模型太简单。", "过拟合和欠拟合有什么区别？"),
        (("反向传播的推导",), "由链式法则 $a=b$，$c=d$，逐层相乘就得到各层的梯度。", "请推导反向传播。"),
        (("Dropout", "常见误区"), "说测试时也要丢弃：其实测试时所有神经元都参加计算。", "关于 Dropout，常见的误区有哪些？"),
        (("概念",), "没有上级标题的概念不知道说的是什么东西。", None),
        (("深度学习面试速览",), "准备面试的时候，你也许会感到不知所措，别担心。", None),
        (("Early stopping",), "Early stopping is a way to prevent overfitting: it ends training by watching the "
         "validation loss.", "How does Early stopping work, and what is it for?"),
    ],
)  # fmt: skip
def test_only_forms_that_the_text_answers(path, text, asked) -> None:
    assert question_of_heading(path, text, entries=0) == asked


@pytest.mark.parametrize(
    ("question", "kind"),
    [
        ("什么是注意力？", "define"),
        ("为什么要除以根号 d？", "why"),
        ("L1 和 L2 有什么区别？", "compare"),
        ("如何选择学习率？", "how"),
        ("请推导交叉熵的梯度。", "derive"),
        ("什么时候用 SGD？", "apply"),
        ("有哪些激活函数？", "list"),
        ("Why does ReLU help?", "why"),
    ],
)
def test_kinds(question, kind) -> None:
    assert kind_of(question) == kind


def test_derivations_are_hard_and_single_facts_easy() -> None:
    one = key_points_of_reference("什么是批？", "一次更新所用的样本。")
    assert difficulty_of("什么是批？", one) == 1
    assert difficulty_of("请推导 Softmax 的梯度。", one * 3) == 3
