import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.page.markup import as_quote, one_line, plain_text, safe_markdown

TAG = re.compile("<[A-Za-z/!?]")
ATTACKS = [
    "<img src=x onerror=alert(1)>",
    "<script>alert(1)</script>",
    "</td></tr></table><iframe src='//evil'></iframe>",
    "&lt;b&gt; &amp; <b>",
    "<<b>",
]


@pytest.mark.parametrize("text", ATTACKS)
def test_html_of_others_is_shown_and_never_becomes_a_tag(text):
    assert not TAG.search(safe_markdown(text))
    assert "<" not in plain_text(text)
    assert "<" not in one_line(text)


@pytest.mark.parametrize(
    "text",
    ["![p](http://evil/x.png)", "! [p](http://evil/x.png)", "![p][1]\n\n[1]: http://evil/x.png"],
)
def test_no_picture_is_fetched(text):
    assert "![" not in safe_markdown(text).replace("\\![", "").replace("\\!\\[", "")


@pytest.mark.parametrize(
    "text",
    [
        "[here](javascript:alert(1))",
        "[here](http://evil.example/)",
        "[here](<data:text/html,x>)",
        "[here][1]\n\n[1]: javascript:alert(1)",
        "<javascript:alert(1)>",
    ],
)
def test_a_link_of_a_note_cannot_be_followed(text):
    safe = safe_markdown(text)
    assert "](" not in safe.replace("\\](", "").replace("]\\(", "")
    assert "]:" not in safe.replace("\\]:", "")


def test_code_and_formulas_stay_as_they_are():
    text = "值 `a < b` 与 $x < y$，\n```python\nif a < b: pass\n```"
    assert safe_markdown(text) == text


@pytest.mark.parametrize(
    "text",
    [
        "`a\n<img src=x>",
        "\\`<img src=x>\\`",
        "``<img src=x>`",
        "```x```\n<img src=x>",
        "text\n    ```\n<img src=x>",
        "$<img src=x>$",
        "\\(<img src=x>\\)",
        "$$\n<script>\n$$",
    ],
)
def test_what_only_looks_like_code_or_a_formula_hides_no_tag(text):
    assert not TAG.search(safe_markdown(text))


@pytest.mark.parametrize("text", ["```html\n<b>x</b>\n```\n尾", "``a ` <b>``", "~~~\n<b>\n~~~", "`<b>`"])
def test_real_code_is_shown_as_written(text):
    assert safe_markdown(text) == text


def test_comparisons_and_ampersands_stay_readable():
    assert safe_markdown("a < b & c > d，AT&T") == "a < b & c > d，AT&T"


def test_a_note_cannot_lay_out_the_page():
    assert safe_markdown("# 大标题").startswith("\\#")
    assert safe_markdown("---") == ""


def test_a_quote_stays_one_quote():
    assert as_quote("一\n\n二") == "> 一\n> \n> 二"


@given(st.text())
def test_titles_are_one_line_without_markup(text):
    line = one_line(text)
    assert "\n" not in line
    assert not set(line) & set("<>*`[]|$\\&")


@given(st.text(alphabet="ab<>&`$\\![]()\n #|", max_size=40))
def test_no_tag_survives_outside_code_and_formulas(text):
    safe = safe_markdown(text)
    if "`" not in text and "~" not in text and "$" not in text and "\\" not in text:
        assert not TAG.search(safe)


def test_a_file_name_keeps_its_underscores_in_a_title():
    from bot.page.markup import one_line

    assert one_line("003_notes_v2.txt") == "003_notes_v2.txt"
    assert one_line("_stressed_ and __strong__") == "stressed and strong"
