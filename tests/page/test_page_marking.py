"""The passage that was found is marked in its chunk, and nothing else changes."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.spans import Span
from bot.page.marking import marked_markdown
from bot.page.markup import safe_markdown


def marked(text, passage):
    start = text.index(passage)
    return marked_markdown(text, Span(start=start, end=start + len(passage)))


def bare(text):
    return re.sub("</?mark>", "", text)


def test_a_passage_is_marked_line_by_line():
    text = "第一句。第二句。\n第三句。\n\n第四句。"
    assert (
        marked(text, "第二句。\n第三句。")
        == "第一句。<mark>第二句。</mark>\n<mark>第三句。</mark>\n\n第四句。"
    )
    assert marked_markdown(text, None) == text


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("- 一点\n- 二点", "- <mark>一点</mark>\n- <mark>二点</mark>"),
        ("  1. 一点", "  1. <mark>一点</mark>"),
        ("> 引文", "> <mark>引文</mark>"),
        (
            "| 甲 | 乙 |\n|---|---|\n| 1 |  |",
            "| <mark>甲</mark> | <mark>乙</mark> |\n|---|---|\n| <mark>1</mark> |  |",
        ),
        ("前\n```python\nx = 1\n```\n后", "<mark>前</mark>\n```python\nx = 1\n```\n<mark>后</mark>"),
        ("前\n$$\nx\n$$\n后", "<mark>前</mark>\n$$\nx\n$$\n<mark>后</mark>"),
        ("    x = 1", "    x = 1"),
    ],
)
def test_lists_tables_and_code_stay_what_they_are(text, shown):
    assert marked(text, text) == shown


def test_code_and_formulas_in_a_line_are_not_cut_in_two():
    assert marked("值 $x < y$ 与 `a|b` 尾", "y$ 与 `a") == "值 <mark>$x < y$ 与 `a|b`</mark> 尾"


@pytest.mark.parametrize(
    "text", ["<img src=x onerror=alert(1)>", "<mark>x</mark>", "![p](http://evil/x.png)", "&lt;b&gt;x"]
)
def test_what_others_wrote_becomes_no_tag(text):
    for start in range(len(text)):
        for end in range(start, len(text) + 1):
            shown = marked_markdown(text, Span(start=start, end=end))
            assert bare(shown) == safe_markdown(text)
            assert shown.count("<mark>") == shown.count("</mark>") <= 1


@given(st.text(alphabet="ab<>&`$\\![]()\n #|-1.~*;", max_size=40), st.integers(0, 40), st.integers(0, 40))
def test_only_marks_are_added(text, one, other):
    start, end = sorted((min(one, len(text)), min(other, len(text))))
    shown = marked_markdown(text, Span(start=start, end=end))
    # A number sign that follows code or a formula is escaped as if it began a line; a mark between spares it.
    assert bare(shown).replace("\\#", "#") == safe_markdown(text).replace("\\#", "#")
    assert shown.count("<mark>") == shown.count("</mark>")
