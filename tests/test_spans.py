"""Places in a raw file and in the text that is joined from them."""

from hypothesis import given
from hypothesis import strategies as st

from bot.domain.notes import Chunk, ChunkKind
from bot.domain.spans import Span, joined, raw_span, text_span

RAW = "问题？广告。回答一。回答二。"
SPANS = (Span(start=0, end=3), Span(start=6, end=14))
TEXT = joined(RAW, SPANS)


def test_a_range_of_the_file_is_found_in_the_text():
    assert text_span(SPANS, Span(start=6, end=10)).cut(TEXT) == "回答一。"
    assert text_span(SPANS, Span(start=0, end=10)).cut(TEXT) == "问题？\n回答一。"
    assert text_span(SPANS, Span(start=3, end=6)) is None
    assert text_span(SPANS, Span(start=4, end=8)).cut(TEXT) == "回答"


@given(st.integers(0, len(TEXT) - 1), st.integers(1, 5))
def test_there_and_back(start, length):
    place = raw_span(SPANS, start, min(len(TEXT), start + length))
    if TEXT[start] != "\n":  # which no span holds
        back = text_span(SPANS, place)
        assert back.cut(TEXT) == place.cut(RAW)
        assert back.start == start


def test_a_part_of_a_chunk_is_less_than_all_of_it():
    chunk = Chunk(
        id="c", document_id="d", kind=ChunkKind.QA, heading_path=(), question="问题？", question_span=SPANS[0],
        spans=SPANS, text=TEXT, line=1,
    )  # fmt: skip
    assert chunk.part(Span(start=10, end=14)).cut(chunk.text) == "回答二。"
    assert chunk.part(Span(start=0, end=14)) is None
    assert chunk.part(Span(start=3, end=6)) is None
