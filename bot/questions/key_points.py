"""Key points of a question about the notes, and of an eval case that has only a reference."""

import logging

from bot.domain.notes import Chunk
from bot.domain.questions import KeyPoint, Quote
from bot.domain.spans import Span
from bot.questions.point_making import DropReason, KeyPointMaker, MadePoint, Passage, whole
from bot.questions.structure_points import StructureMaker

STRUCTURE = StructureMaker()
"""The maker that is always there."""
_log = logging.getLogger(__name__)


def key_points_of_chunk(
    question: str, chunk: Chunk, raw: str, maker: KeyPointMaker = STRUCTURE
) -> tuple[KeyPoint, ...]:
    """Key points of `question` from the chunk that answers it; none when the chunk says nothing.

    Args:
        question: As it will be asked.
        chunk: Of a QA chunk, the line of the question is left out.
        raw: Text of the chunk's document.
        maker: With a language model or without one.

    Raises:
        ModelUnavailable: The maker's language model does not answer.
    """
    made = maker.make(question, Passage(raw=raw, spans=answer_spans(chunk)))
    return tuple(_quoted(point, point.place, chunk, raw) for point in made.points if point.place)


def key_points_of_reference(
    question: str, reference: str, maker: KeyPointMaker = STRUCTURE
) -> tuple[KeyPoint, ...]:
    """Key points of an eval case that has only a reference answer; none when that says nothing.

    What a reference says beyond the room of its key points is left out, with a warning in the log.

    Raises:
        ModelUnavailable: The maker's language model does not answer.
    """
    made = maker.make(question, whole(reference))
    lost = sum(len(one.text) for one in made.dropped if one.reason is DropReason.TOO_LONG)
    if lost:
        _log.warning(
            "%d of %d characters of a reference found no room in its key points", lost, len(reference)
        )
    return tuple(KeyPoint(text=p.text, weight=p.weight, vital=p.vital, quote=None) for p in made.points)


def answer_spans(chunk: Chunk) -> tuple[Span, ...]:
    """The chunk's spans without the line of its question."""
    if chunk.question_span is None:
        return chunk.spans
    asked = chunk.question_span
    found: list[Span] = []
    for span in chunk.spans:
        if not span.overlaps(asked):
            found.append(span)
        elif asked.end < span.end:
            found.append(Span(start=asked.end, end=span.end))
    return tuple(found)


def _quoted(point: MadePoint, place: Span, chunk: Chunk, raw: str) -> KeyPoint:
    quote = Quote(text=place.cut(raw), document_id=chunk.document_id, chunk_id=chunk.id, span=place)
    return KeyPoint(text=point.text, weight=point.weight, vital=point.vital, quote=quote)
