import itertools

from hypothesis import given
from hypothesis import strategies as st

from bot.domain.sentences import sentences
from bot.explaining.explainer import whole_sentences


def cut(text):
    return [span.cut(text) for span in sentences(text)]


def test_chinese_and_english_ends():
    assert cut("先算均值。再算方差！Then scale it. Done?") == [
        "先算均值。",
        "再算方差！",
        "Then scale it.",
        "Done?",
    ]


def test_decimal_points_and_list_numbers_end_nothing():
    assert cut("取 0.9 即可\n1. 使用 ReLU\n2. 用 BN") == ["取 0.9 即可", "1. 使用 ReLU", "2. 用 BN"]


def test_code_and_formulas_stay_whole():
    text = "如下：\n```python\nx = 1\n# 注释。\n```\n其中 $$a。\nb$$ 是常数。"
    assert "```python\nx = 1\n# 注释。\n```" in cut(text)
    assert "$$a。\nb$$" in cut(text)


@given(st.text(alphabet="ab。.！?\n 1`$”（", max_size=60))
def test_sentences_are_in_order_apart_and_lose_no_letter(text):
    spans = sentences(text)
    assert all(a.end <= b.start for a, b in itertools.pairwise(spans))
    kept = "".join(span.cut(text) for span in spans)
    assert [c for c in kept if c.isalnum()] == [c for c in text if c.isalnum()]


@given(st.text(alphabet="ab。.！\n 1", max_size=60), st.integers(1, 7))
def test_arriving_in_pieces_changes_no_sentence(text, size):
    pieces = [text[i : i + size] for i in range(0, len(text), size)]
    streamed = "".join("".join(whole_sentences(pieces)).split())
    assert [c for c in streamed if c.isalnum()] == [c for c in text if c.isalnum()]
