import time

import pytest
from fakes.notes import read

from bot.domain.notes import Collection, Duplicate, ParsedDocument
from bot.domain.search_keys import search_key
from bot.ingest import find_duplicates
from bot.ingest.differences import differ_in_meaning

L1 = "正则化在损失里加上权重的绝对值之和，会把一部分权重压到零，得到稀疏的解，可以用来选特征。"
LR = "学习率决定每一步走多远，太大时损失会震荡，太小时收敛很慢，常常先预热再按余弦衰减。"
BN = "批归一化按批统计均值与方差，训练时用当前批的统计量，测试时用滑动平均得到的统计量。"


def section(heading: str, text: str, source: str = "a.md", **more) -> ParsedDocument:
    return read(f"## {heading}\n\n{text}\n", source, **more)


def kept(duplicates: list[Duplicate]) -> list[tuple[str, str]]:
    return [(one.chunk_id, one.kept_chunk_id) for one in duplicates]


def test_the_same_passage_typed_differently_is_stored_once():
    plain = section("学习率", LR.replace("，", ",").replace("。", "."), "b.txt")
    rich = section(
        "学习率", LR.replace("学习率", "**学习率**") + "\n\n另外，批越大可以用越大的学习率。", "a.md"
    )
    (only,) = find_duplicates([plain, rich])
    assert (only.document_id, only.kept_document_id) == (plain.document.id, rich.document.id)
    assert only.similarity >= 0.85


def test_the_same_passage_twice_in_one_file_is_stored_once():
    document = read(f"## 学习率\n\n{LR}\n\n## 归一化\n\n{BN}\n\n## 复习\n\n{LR}\n", "a.md")
    (only,) = find_duplicates([document])
    assert (only.chunk_id, only.kept_chunk_id) == (document.chunks[2].id, document.chunks[0].id)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (L1, L1.replace("绝对值", "平方").replace("正则", "二次正则")),
        (LR, LR.replace("太大时损失会震荡", "太大时损失不会震荡")),
        (LR, LR.replace("太大", "太小", 1)),
        (BN, BN.replace("测试时用滑动平均", "测试时不用滑动平均")),
        ("L1 " + L1, "L2 " + L1),
        ("阈值取 0.5 时，" + BN, "阈值取 0.7 时，" + BN),
    ],
    ids=["square", "negated", "opposite", "negated later", "L1 and L2", "number"],
)
def test_alike_but_different_statements_both_stay(one: str, other: str):
    assert find_duplicates([section("甲", one, "a.md"), section("乙", other, "b.md")]) == []


def test_one_answer_to_two_questions_stays_for_both():
    first = read(f"## 学习率是什么？\n\n{LR}\n", "a.md")
    second = read(f"## 预热有什么好处？\n\n{LR}\n", "b.md")
    assert find_duplicates([first, second]) == []


def test_of_question_and_section_with_the_same_text_the_question_stays():
    asked, told = read(f"## 学习率是什么？\n\n{LR}\n", "z.txt"), section("调参", LR, "a.md")
    (only,) = find_duplicates([asked, told])
    assert (only.document_id, only.kept_document_id) == (told.document.id, asked.document.id)


def test_the_users_own_note_stays_before_the_sample():
    sample = section("学习率", LR + "更多一些的说明。", "a.md", collection=Collection.SAMPLE)
    own = section("学习率", LR, "z.txt")
    (only,) = find_duplicates([sample, own])
    assert only.kept_document_id == own.document.id


ARTICLE = [("学习率", LR), ("归一化", BN), ("正则化", L1)]


def article(form: str, source: str, extra: str = "") -> ParsedDocument:
    return read("".join(form.format(heading=h, text=t) for h, t in ARTICLE) + extra, source)


def test_of_two_forms_of_an_article_the_richer_stays_whole():
    rich = article("## {heading}\n\n- **要点**：{text}\n\n", "rich.md")
    poor = article("{heading}\n\n  • 要点:{text}\n\n", "poor.txt")
    found = find_duplicates([poor, rich])
    assert {one.chunk_id for one in found} == {chunk.id for chunk in poor.chunks}
    assert {one.kept_document_id for one in found} == {rich.document.id}
    assert find_duplicates([poor]) == []


def test_what_only_the_poorer_form_says_stays():
    rich = article("## {heading}\n\n{text}\n\n", "rich.md")
    extra = "早停\n\n验证误差不再下降时结束训练，相当于限制了模型走出的距离。\n"
    poor = article("{heading}\n\n{text}\n\n", "poor.txt", extra)
    left = {chunk.id for chunk in poor.chunks} - {one.chunk_id for one in find_duplicates([rich, poor])}
    assert [chunk.heading_path for chunk in poor.chunks if chunk.id in left] == [("早停",)]


def test_every_duplicate_points_to_a_chunk_that_stays():
    documents = [section("学习率", LR + "再补一句话。" * n, f"{n}.md") for n in range(5)]
    found = find_duplicates(documents)
    left = {(one.document_id, one.chunk_id) for one in found}
    assert len(found) == 4
    assert all((one.kept_document_id, one.kept_chunk_id) not in left for one in found)


def test_many_chunks_are_compared_in_seconds():
    texts = [
        f"第{n}种方法用{n * 7919 % 1000}个单元，{'甲乙丙丁戊己庚辛'[n % 8]}组的结果记在表{n}里。" * 8
        for n in range(3000)
    ]
    document = read("".join(f"## 方法{n}\n\n{text}\n\n" for n, text in enumerate(texts)), "a.md")
    begun = time.process_time()
    find_duplicates([document])
    assert len(document.chunks) == 3000
    assert time.process_time() - begun < 30


def test_search_keys_forget_typing_and_nothing_else():
    assert search_key("ＢＮ，**批 归一化**\n(Batch\u200b Norm)。") == search_key(
        "bn,批归一化（batch norm）。"
    )
    assert search_key("L1 正则") != search_key("L2 正则")
    assert search_key("[链接](http://a.b)") == search_key("链接")


def test_more_text_around_a_passage_changes_no_meaning():
    assert not differ_in_meaning(search_key(LR), search_key("前言不提。" + LR + "后记也不提 2024 年。"))
