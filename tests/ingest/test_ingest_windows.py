import itertools

import pytest
from fakes.embedder import FakeEmbedder
from fakes.notes import note, read
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.ingest import parse, windows

LONG = "## 什么是卷积？\n\n" + "核在输入上滑动，逐点相乘再求和。\n\n" * 30
BY_CHARACTERS = FakeEmbedder(window=120)


def covered(raw: str, spans, found) -> bool:
    places = {at for window in found for at in range(window.start, window.end)}
    return all(at in places or raw[at].isspace() for span in spans for at in range(span.start, span.end))


def test_a_short_chunk_is_one_window_with_its_headings():
    parsed = read("# 网络\n\n## 卷积\n\n核在输入上滑动，逐点相乘再求和。\n", "a.md")
    (window,) = windows(parsed.chunks[0], parsed.document.raw, FakeEmbedder())
    assert window.text == "网络 > 卷积\n核在输入上滑动，逐点相乘再求和。"
    assert parsed.document.raw[window.start : window.end] == "核在输入上滑动，逐点相乘再求和。"


def test_each_window_of_a_long_answer_carries_the_question():
    parsed = read(LONG, "a.md")
    found = windows(parsed.chunks[0], parsed.document.raw, BY_CHARACTERS)
    assert len(found) > 3
    assert all("什么是卷积？" in window.text for window in found)
    assert max(BY_CHARACTERS.count_tokens([window.text for window in found])) <= BY_CHARACTERS.window


def test_neighbouring_windows_overlap_and_ids_differ():
    parsed = read(LONG, "a.md")
    found = windows(parsed.chunks[0], parsed.document.raw, BY_CHARACTERS)
    assert all(later.start < earlier.end for earlier, later in itertools.pairwise(found))
    assert len({window.id for window in found}) == len(found)


def test_nothing_of_a_long_sentence_without_joints_is_cut_off():
    parsed = read("## 什么是卷积？\n\n" + "核" * 1000 + "\n", "a.md")
    (chunk,) = parsed.chunks
    found = windows(chunk, parsed.document.raw, BY_CHARACTERS)
    assert covered(parsed.document.raw, chunk.spans, found)
    assert max(BY_CHARACTERS.count_tokens([window.text for window in found])) <= BY_CHARACTERS.window


def test_what_was_cut_is_embedded_in_no_window():
    text = (
        "## 什么是卷积？\n\n核在输入上滑动。\n\n觉得有用就点个赞吧，谢谢支持！\n\n"
        + "逐点相乘再求和。\n\n" * 30
    )
    parsed = read(text, "a.md")
    found = windows(parsed.chunks[0], parsed.document.raw, BY_CHARACTERS)
    assert not any("点个赞" in window.text for window in found)


@settings(max_examples=80, deadline=None)
@given(
    body=st.text(alphabet="核在输入。，上\n abc.", min_size=1, max_size=900),
    heading=st.text(alphabet="卷积ab", min_size=1, max_size=90),
    window=st.integers(min_value=40, max_value=300),
)
def test_windows_fit_and_together_hold_all_of_the_chunk(body: str, heading: str, window: int):
    document = note(f"## {heading}\n\n{body}", "a.md")
    embedder = FakeEmbedder(window=window)
    for chunk in parse(document).chunks:
        found = windows(chunk, document.raw, embedder)
        assert covered(document.raw, chunk.spans, found)
        assert max(embedder.count_tokens([one.text for one in found])) <= window


@pytest.mark.real
def test_windows_fit_the_real_encoder(embedder):
    mixed = "批归一化 $\\hat{x}=\\frac{x-\\mu}{\\sqrt{\\sigma^2+\\epsilon}}$ keeps `gamma` and beta，训练与测试不同。\n"
    parsed = read("## 什么是批归一化？\n\n" + mixed * 60 + "连" * 900 + "\n", "a.md")
    found = windows(parsed.chunks[0], parsed.document.raw, embedder)
    assert len(found) > 2
    assert max(embedder.count_tokens([window.text for window in found])) <= embedder.window
    assert covered(parsed.document.raw, parsed.chunks[0].spans, found)
