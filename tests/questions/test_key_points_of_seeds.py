"""Key points of real, messy notes; skipped where those are not at hand."""

from pathlib import Path

import pytest

from bot.domain.notes import Collection
from bot.domain.questions import Origin
from bot.ingest import parse, read_document
from bot.questions.own import question_of_chunk

SEEDS = sorted((Path(__file__).parents[3] / "shared" / "seeds").glob("*.txt"))


@pytest.mark.skipif(not SEEDS, reason="../shared/seeds is not here; these tests read real notes")
@pytest.mark.parametrize("path", SEEDS, ids=[path.name[:3] for path in SEEDS])
def test_every_answer_gives_verbatim_key_points(path) -> None:
    document = read_document(path.read_bytes(), path.name, Collection.OWN)
    parsed = parse(document)
    asked = [question for chunk in parsed.chunks if (question := question_of_chunk(chunk, document.raw))]
    assert asked
    unasked = {question.text for question in parsed.open_questions}
    for question in asked:
        assert question.text not in unasked or question.origin is Origin.HEADING
        [home] = [chunk for chunk in parsed.chunks if chunk.id == question.chunk_ids[0]]
        for point in question.key_points:
            assert point.quote.span.cut(document.raw) == point.quote.text
            assert any(span.contains(point.quote.span) for span in home.spans)
            assert not point.text.startswith(("点赞", "http"))
