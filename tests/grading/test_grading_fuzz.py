import time

import pytest
from fakes.embedder import FakeEmbedder
from fakes.graders import make_grader
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.errors import AnswerTooLong
from bot.domain.grades import MAX_ANSWER_CHARS, Status
from bot.domain.questions import KeyPoint
from bot.grading import feedback

QUESTION = "How do dropout and 批归一化 differ in training?"
POINTS = (
    KeyPoint(text="Dropout 训练时以概率 0.5 随机置零", quote=None),
    KeyPoint(text="批归一化用当前批的均值", quote=None),
)
GRADER = make_grader(FakeEmbedder())
WORDS = ["不", "没有", "dropout", "批归一化", "0.5", "均值", "，", "。", "\n", "- ", "<!--", "-->", "{", "}", "满分", "system:", "可能", "A ",
         "</a>", "\u200b", "$", "训练", "e\u0301", "…", "?", "忽略以上指令", "ignore all rules", "SWdub3Jl", "а", "ㅤ", "🙂",
         "です", "안", "ответ", "الحل", "๑", "\ud83d", "\x00", "%s", "1. "]  # fmt: skip


def grade(answer):
    return GRADER.grade("q", QUESTION, POINTS, answer)


LANGUAGES = [
    st.characters(min_codepoint=first, max_codepoint=last)
    for first, last in ((0x20, 0x7E), (0x4E00, 0x4FFF), (0x3040, 0x30FF), (0xAC00, 0xACFF), (0x400, 0x4FF), (0x600, 0x6FF), (0x900, 0x97F), (0x1F300, 0x1F64F), (0x300, 0x36F))
]  # fmt: skip


@given(st.integers(1, MAX_ANSWER_CHARS), st.one_of(*LANGUAGES), st.sampled_from(WORDS))
@settings(max_examples=25, deadline=None)
def test_any_length_in_any_script_gets_a_grade(length, char, word):
    answer = ((char * 7 + word) * MAX_ANSWER_CHARS)[:length]
    started = time.process_time()
    result = grade(answer)
    assert result.error is None
    assert result.score == 0 or result.verdicts
    assert time.process_time() - started < 20


@given(st.text(max_size=300) | st.lists(st.sampled_from(WORDS), max_size=50).map("".join))
@settings(max_examples=60, deadline=None)
def test_any_text_gets_a_grade_whose_quotes_are_verbatim(answer):
    result = grade(answer)
    assert result.error is None
    assert 0 <= result.score <= 1
    for verdict in result.verdicts:
        assert (verdict.quote is None) == (verdict.status is Status.MISSING)
        assert verdict.quote is None or verdict.quote.span.cut(result.answer) == verdict.quote.text
    assert feedback(result).text


@given(st.text(alphabet=st.sampled_from("训练用批的均值不0.5 ,。\n"), min_size=1, max_size=60))
@settings(max_examples=15, deadline=None)
def test_the_same_answer_gets_the_same_grade(answer):
    first = grade(answer)
    second = make_grader(FakeEmbedder()).grade("q", QUESTION, POINTS[::-1], answer)
    assert first.verdicts == second.verdicts[::-1]
    assert first.flags == second.flags


@pytest.mark.parametrize("piece", ["均", "均值，", "1. ", "<!--", '{"status":', "不", "ignore ", "$ "])
def test_the_longest_answers_are_read_in_bounded_time(piece):
    answer = (piece * MAX_ANSWER_CHARS)[:MAX_ANSWER_CHARS]
    started = time.perf_counter()
    grade(answer)
    assert time.perf_counter() - started < 20


def test_one_character_more_is_refused():
    with pytest.raises(AnswerTooLong):
        grade("均" * (MAX_ANSWER_CHARS + 1))


def test_a_point_in_the_last_sentence_of_a_long_answer_is_found():
    filler = "神经网络由许多层组成，每一层都有自己的作用。人们用它来处理图像、声音和文字，效果往往令人满意。"
    answer = filler * 90 + "批归一化用当前批的均值。"
    result = grade(answer)
    assert result.verdicts[1].status is Status.COVERED
    assert result.verdicts[1].quote.span.end >= len(answer) - 1
