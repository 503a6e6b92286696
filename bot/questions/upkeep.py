"""Keeping questions in step with the notes and with the learner."""

from collections.abc import Sequence

from bot.domain.errors import BadInput, NotFound
from bot.domain.notes import Chunk
from bot.domain.questions import KeyPoint, Origin, Question
from bot.questions.kinds import difficulty_of, kind_of
from bot.seams import Store

MAX_QUESTION_CHARS = 500


def mark_stale(store: Store) -> list[Question]:
    """Mark questions whose notes have gone or changed, and unmark those whose notes came back.

    Returns:
        Those that changed, as they are now.
    """
    changed: list[Question] = []
    known = {chunk.id: chunk for chunk in store.notes.chunks(active_only=False)}
    texts = {document.id: document.raw for document in store.notes.documents()}
    for question in store.questions.questions():
        stale = not _still_there(question, known, texts)
        if stale != question.stale:
            changed.append(question.model_copy(update={"stale": stale}))
            store.questions.save(changed[-1])
    return changed


def _still_there(question: Question, known: dict[str, Chunk], texts: dict[str, str]) -> bool:
    """Whether every chunk is there and every quote stands where it stood."""
    if any(chunk_id not in known for chunk_id in question.chunk_ids):
        return False
    quotes = [point.quote for point in question.key_points if point.quote]
    return all(quote.span.cut(texts.get(quote.document_id, "")) == quote.text for quote in quotes)


def correct(
    store: Store, question_id: str, *, text: str | None = None, key_points: Sequence[KeyPoint] | None = None
) -> Question:
    """Store the learner's correction of a question; its id stays, so that its grades stay with it.

    Args:
        store: Holds the question.
        question_id: Of the question.
        text: None keeps the wording.
        key_points: None keeps them; a point without a quote is the learner's own statement.

    Raises:
        NotFound: There is no such question.
        BadInput: The wording is blank or too long, there is no vital key point or more than seven,
            or a quote does not stand in the notes.
    """
    old = store.questions.question(question_id)
    wording = old.text if text is None else text.strip()
    points = old.key_points if key_points is None else tuple(key_points)
    if not wording or len(wording) > MAX_QUESTION_CHARS:
        raise BadInput("questions.wording", limit=MAX_QUESTION_CHARS)
    if not 1 <= len(points) <= 7 or not any(point.vital for point in points):
        raise BadInput("questions.points", most=7)
    for point in points:
        _check_quote(store, point)
    changes = {"text": wording, "key_points": points, "origin": Origin.LEARNER, "stale": False}
    changes |= {"kind": kind_of(wording), "difficulty": difficulty_of(wording, points)}
    corrected = Question.model_validate(old.model_dump() | changes)
    store.questions.save(corrected)
    return corrected


def _check_quote(store: Store, point: KeyPoint) -> None:
    if point.quote is None:
        return
    try:
        raw = store.notes.document(point.quote.document_id).raw
    except NotFound:
        raw = ""
    if point.quote.span.cut(raw) != point.quote.text:
        raise BadInput("questions.quote", quote=point.quote.text)


def delete(store: Store, question_id: str) -> None:
    """Take a question out of every quiz for good; its grades stay. Raises NotFound."""
    store.questions.delete(question_id)
