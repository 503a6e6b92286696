"""Key points made by code alone: what an answer in the notes states, ordered and weighed."""

from bot.domain.notes import Chunk
from bot.domain.questions import BONUS_WEIGHT, VITAL_WEIGHT, KeyPoint, Quote
from bot.domain.spans import Span
from bot.questions.kinds import kind_of
from bot.questions.selection import chosen
from bot.questions.statements import LONGEST, Statement, statements_of
from bot.questions.words import plain


def key_points_of_chunk(question: str, chunk: Chunk, raw: str) -> tuple[KeyPoint, ...]:
    """Key points of `question` from the chunk that answers it; none when the chunk says nothing.

    Args:
        question: As it will be asked.
        chunk: Of a QA chunk, the line of the question is left out.
        raw: Text of the chunk's document.
    """
    points: list[KeyPoint] = []
    for statement in _statements(question, raw, answer_spans(chunk)):
        span = Span(start=statement.start, end=statement.end)
        quote = Quote(text=span.cut(raw), document_id=chunk.document_id, chunk_id=chunk.id, span=span)
        points.append(_point(statement, quote))
    return _with_a_vital(points)


def key_points_of_reference(question: str, reference: str) -> tuple[KeyPoint, ...]:
    """Key points of an eval case that has only a reference answer; none when that is blank."""
    whole = (Span(start=0, end=len(reference)),)
    found = _statements(question, reference, whole)
    points = [_point(statement, None) for statement in found]
    if not points and plain(reference):
        points = [KeyPoint(text=plain(reference)[:LONGEST], quote=None)]
    return _with_a_vital(points)


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


def _statements(question: str, raw: str, spans: tuple[Span, ...]) -> list[Statement]:
    return chosen(question, kind_of(question), statements_of(question, raw, spans))


def _point(statement: Statement, quote: Quote | None) -> KeyPoint:
    weight = BONUS_WEIGHT if statement.extra else VITAL_WEIGHT
    return KeyPoint(text=statement.text, weight=weight, vital=not statement.extra, quote=quote)


def _with_a_vital(points: list[KeyPoint]) -> tuple[KeyPoint, ...]:
    """The points; where all are a bonus, all are vital instead."""
    if not any(point.vital for point in points):
        points = [point.model_copy(update={"vital": True, "weight": VITAL_WEIGHT}) for point in points]
    return tuple(points)
