from bot.ingest.lines import Kind, scan


def kinds(text: str) -> list[Kind]:
    return [line.kind for line in scan(text)]


def test_lines_know_their_place_with_any_line_end():
    raw = "\ufeff一\r\n  二\n三"
    lines = scan(raw)
    assert [raw[line.at : line.at + len(line.text)] for line in lines] == ["一", "二", "三"]
    assert [line.number for line in lines] == [1, 2, 3]
    assert lines[1].indent == 2


def test_code_formulas_and_tables_are_blocks():
    text = "```python\n# no heading\n\nx = 1\n```\n$$\na = b\n$$\n| a | b |\n|---|---|\n| 1 | 2 |\nend"
    assert kinds(text) == [Kind.CODE] * 5 + [Kind.MATH] * 3 + [Kind.TABLE] * 3 + [Kind.TEXT]
    assert len({line.block for line in scan(text)}) == 4


def test_latex_in_other_notations_is_a_block():
    assert kinds("\\[\nx\n\\]") == [Kind.MATH] * 3
    assert kinds("\\begin{align}\nx &= 1\n\\end{align}") == [Kind.MATH] * 3
    assert kinds("$$ x = 1 $$") == [Kind.MATH]


def test_what_is_never_closed_does_not_swallow_the_file():
    assert kinds("```\ntext goes on") == [Kind.TEXT, Kind.TEXT]
    assert kinds("price $$\n\nmore\n# heading") == [Kind.TEXT, Kind.BLANK, Kind.TEXT, Kind.TEXT]


def test_marks_without_words_are_rules():
    assert kinds("---\n***\n[TOC]\n- \n<!-- more -->\n******") == [Kind.RULE] * 6
    assert kinds("![](a.png)\n<img src='b.png'>") == [Kind.IMAGE] * 2
