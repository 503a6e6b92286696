import pytest
from fakes.notes import read

from bot.domain.notes import CutReason, IngestReport
from bot.ingest import Kept, Standing, describe, outline
from bot.texts import speaking

REPORT = IngestReport(
    files=3,
    unchanged=1,
    removed=1,
    chunks=12,
    questions=9,
    paired=7,
    open=2,
    topics=5,
    duplicate_documents=1,
    duplicate_chunks=4,
    cuts={CutReason.SHARE: 40, CutReason.RELATED: 900},
    embedded=12,
    problems=("empty.md 是空的。",),
)
NOTE = "## 什么是卷积？\n\n核在输入上滑动，逐点相乘再求和。\n\n## 为什么要池化？\n\n## 网络\n\n### 残差\n\n觉得有用就点个赞吧，谢谢支持！\n"


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_report_says_every_number(language):
    with speaking(language):
        text = describe(REPORT)
    for number in (3, 12, 9, 7, 2, 5, 4, 940, 900, 40):
        assert str(number) in text
    assert "empty.md" in text


def test_the_larger_cut_comes_first():
    with speaking("en"):
        text = describe(REPORT)
    assert text.index("related articles 900") < text.index("other posts 40")


def test_what_did_not_happen_is_not_mentioned():
    quiet = REPORT.model_copy(
        update={"removed": 0, "duplicate_documents": 0, "duplicate_chunks": 0, "cuts": {}, "problems": ()}
    )
    with speaking("en"):
        text = describe(quiet)
    assert "removed" not in text and "left out" not in text and "duplicates" not in text


def test_a_document_is_shown_as_it_was_read():
    parsed = read(NOTE, "note.md")
    with speaking("en"):
        text = outline(parsed, Standing(sources={parsed.chunks[0].id: ("note.md", "copy.txt")}))
    assert "什么是卷积？" in text and "lines 1–3" in text
    assert "in: note.md, copy.txt" in text
    assert "[duplicate]" not in text
    assert (
        text.index("逐点相乘")
        < text.index("[no answer] line 5: 为什么要池化？")
        < text.index("[topic] line 9: 网络 › 残差")
    )
    assert "[left out] line 11, calls to follow and pointers to other posts: 觉得有用" in text


def test_a_chunk_that_is_left_out_for_another_is_marked():
    parsed = read(NOTE, "note.md")
    kept = Kept(chunk_id="k", source="copy.txt", line=7)
    with speaking("en"):
        text = outline(parsed, Standing(kept={parsed.chunks[0].id: kept}))
    assert "[duplicate] not indexed; copy.txt, line 7, stands for it" in text
    assert text.index("[question]") < text.index("[duplicate]") < text.index("逐点相乘")
