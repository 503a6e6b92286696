import pytest

from bot.ingest.marks import Style, asks, mark_of, question_length, stands_alone
from bot.ingest.numbering import Numbering


@pytest.mark.parametrize(
    ("line", "style", "number", "title"),
    [
        ("### 3.4.1 为什么要池化？", Style.DOTTED, (3, 4, 1), "为什么要池化？"),
        ("2。7 动量的作用", Style.DOTTED, (2, 7), "动量的作用"),
        ("4.222 如何调参?", Style.DOTTED, (4, 222), "如何调参?"),
        ("5. 框架:选择工具", Style.SINGLE, (5,), "框架:选择工具"),
        ("3、批大小", Style.SINGLE, (3,), "批大小"),
        ("2 循环网络", Style.BARE, (2,), "循环网络"),
        ("十二、部署", Style.CHINESE, (12,), "部署"),
        ("（三）评价", Style.CHINESE_ROUND, (3,), "评价"),
        ("第三章 优化", Style.CHAPTER, (3,), "优化"),
        ("Chapter 4: Networks", Style.CHAPTER, (4,), "Networks"),
        ("Q7: 什么是感受野", Style.ASK, (7,), "什么是感受野"),
        ("问：什么是感受野", Style.ASK, (), "什么是感受野"),
        ("**1.2 归一化**", Style.DOTTED, (1, 2), "归一化"),
        ("## [链接](http://a.b) 与 **重点** ##", Style.NONE, (), "链接 与 重点"),
    ],
)
def test_numbering_is_told_from_words(line: str, style: Style, number: tuple[int, ...], title: str):
    mark = mark_of(line)
    assert (mark.style, mark.number, mark.title) == (style, number, title)


@pytest.mark.parametrize("line", ["0.5 的学习率", "10.5% 的样本", "2.5×10 的核", "2020年的论文", "3.5, 4.5"])
def test_numbers_in_text_are_no_numbering(line: str):
    assert mark_of(line).style is Style.NONE


@pytest.mark.parametrize(
    "title",
    [
        "什么是感受野",
        "BN 与 LN 的区别",
        "如何选择批大小",
        "列举常见的池化方式",
        "动量有用吗",
        "why residual connections help",
        "感受野?作用?",
    ],
)
def test_questions_are_known_without_their_mark(title: str):
    assert asks(title)


@pytest.mark.parametrize(
    "title", ["对比学习", "解释性", "池化层", "区别", "项目背景（解决什么问题？规模）", "Overview of pooling"]
)
def test_subjects_are_no_questions(title: str):
    assert not asks(title)


def test_questions_that_lean_on_the_text_before_do_not_stand_alone():
    assert stands_alone("为什么要用残差连接？")
    assert not stands_alone("那么这个问题怎么解决呢？")
    assert not stands_alone("So what now?")


@pytest.mark.parametrize(
    ("line", "question"),
    [
        ("3. 什么是早停？早停是在验证误差不再下降时结束训练。", "3. 什么是早停？"),
        ("**什么是早停？** 验证误差不再下降时结束训练", "**什么是早停？**"),
        ("什么是早停？它有什么用？", "什么是早停？它有什么用？"),
        ("数据怎么处理?归一化,标准化", "数据怎么处理?归一化,标准化"),
    ],
)
def test_an_answer_on_the_line_of_its_question_is_told_from_it(line: str, question: str):
    assert line[: question_length(line)] == question


def takes(*numbers: tuple[int, ...]) -> list[bool]:
    numbering = Numbering()
    return [numbering.takes(number) for number in numbers]


def test_numbering_goes_to_child_sibling_and_parents_sibling():
    assert all(takes((1,), (1, 1), (1, 2), (1, 4), (2,), (2, 1), (2, 1, 1), (2, 2), (3,)))


def test_numbering_inside_an_answer_is_no_heading():
    assert takes((1, 25), (1, 1), (1, 2), (1, 3), (5, 1), (5, 2), (7, 1), (1, 26)) == [True] + [False] * 6 + [
        True
    ]


def test_a_doubled_digit_is_the_number_it_should_have_been():
    assert takes((1, 10), (1, 111), (1, 12)) == [True, True, True]


def test_a_list_inside_an_answer_does_not_pass_for_the_next_heading():
    assert takes((1,), (1,), (2,), (3,)) == [True, False, False, False]
