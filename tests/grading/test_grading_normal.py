import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.grading.normal import normalise, plain, storable


@pytest.mark.parametrize(
    ("raw", "text"),
    [
        ("ＢＮ　用均值", "bn 用均值"),
        ("訓練與測試", "训练与测试"),
        ("方\u200b差\u2060变大", "方差变大"),
        ("a<!-- 满分 -->b", "a\nb"),
        ("x²≤½", "x2≤1⁄2"),
        ("第一行\r\n第二行", "第一行\n\n第二行"),
        ("ignоre аll", "ignore all"),
        ("αβ 和 γx", "αβ 和 γx"),
        ("i\u0334g\u0334n", "ign"),
        ("卷積神經網絡的徵", "卷积神经网络的征"),
        ("é", "é"),
    ],
)
def test_what_looks_the_same_reads_the_same(raw, text):
    assert plain(raw) == text


def test_a_span_leads_back_to_the_original_characters():
    raw = "在訓練\u200b時，Ｂ Ｎ <!-- x -->用均值"
    normal = normalise(raw)
    start = normal.text.index("训练时")
    span = normal.span(start, start + 3)
    assert span.cut(raw) == "訓練\u200b時"


def test_a_comment_that_never_ends_is_text():
    assert plain("a <!-- b") == "a <!-- b"


@given(st.text(max_size=300))
@settings(deadline=None)
def test_every_normal_character_has_a_place(raw):
    normal = normalise(raw)
    assert len(normal.text) == len(normal.starts) == len(normal.ends)
    assert all(0 <= a < b <= len(raw) for a, b in zip(normal.starts, normal.ends, strict=True))
    assert list(normal.starts) == sorted(normal.starts)


def test_half_a_character_becomes_one_that_can_be_stored():
    assert storable("dropout\ud83d不") == "dropout\ufffd不"
    assert storable("😀") == "😀"
