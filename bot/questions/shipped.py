"""Questions that ship with the sample notes, found again in the notes as they were read here."""

from collections.abc import Iterator, Sequence

from pydantic import Field, ValidationError

from bot.domain.notes import Chunk, Collection, Document
from bot.domain.questions import Difficulty, KeyPoint, Origin, Question, QuestionKind, Quote, Weight
from bot.domain.spans import Frozen, Span
from bot.seams import Store


class ShippedPoint(Frozen):
    """A key point as it ships."""

    text: str = Field(min_length=1, max_length=400)
    weight: Weight = 1.0
    vital: bool = True
    quote: str = Field(min_length=1)
    """Verbatim in the note."""


class ShippedQuestion(Frozen):
    """One line of the file: a question about one note."""

    id: str
    note: str
    """Name of the note's file, such as 'dropout.md'."""
    question: str
    kind: QuestionKind
    difficulty: Difficulty
    key_points: tuple[ShippedPoint, ...] = Field(min_length=1, max_length=7)
    same_as: str | None = None
    """Id of the question that this one asks in another language."""


def read_shipped(lines: str) -> list[ShippedQuestion]:
    """The questions of a JSON Lines file.

    Raises:
        ValueError: A line is not a question; the message names the line.
    """
    found: list[ShippedQuestion] = []
    for number, line in enumerate(lines.splitlines(), start=1):
        if line.strip():
            try:
                found.append(ShippedQuestion.model_validate_json(line))
            except ValidationError as error:
                raise ValueError(f"line {number}: {error}") from error
    return found


def versions_of(shipped: Sequence[ShippedQuestion]) -> dict[str, str]:
    """Ids of questions that ship in two languages, each with the id of its other version."""
    pairs = [(line.id, line.same_as) for line in shipped if line.same_as]
    return dict(pairs) | {other: one for one, other in pairs}


def load_shipped(store: Store, shipped: Sequence[ShippedQuestion]) -> list[Question]:
    """Store the shipped questions whose notes are in; an id the learner corrected or deleted is left alone.

    Returns:
        Those that were stored now: new ones, and ones whose place in the notes has moved.
    """
    notes = {document.source: document for document in store.notes.documents(Collection.SAMPLE)}
    known = {question.id: question for question in store.questions.questions()}
    deleted = store.questions.deleted_ids()
    chunks = {source: store.notes.parsed(note.id).chunks for source, note in notes.items()}
    stored: list[Question] = []
    for line in shipped:
        old = known.get(line.id)
        if line.note not in notes or line.id in deleted or (old and old.origin is not Origin.SHIPPED):
            continue
        question = resolve(line, notes[line.note], chunks[line.note])
        if question is not None and question != old:
            store.questions.save(question)
            stored.append(question)
    return stored


def resolve(line: ShippedQuestion, note: Document, chunks: Sequence[Chunk]) -> Question | None:
    """The question with each quote's place in the note; None when a quote is not in any chunk of it."""
    asked = [chunk for chunk in chunks if chunk.question and _same(chunk.question, line.question)]
    points: list[KeyPoint] = []
    for point in line.key_points:
        place = next(_places(point.quote, note, [*asked, *chunks]), None)
        if place is None:
            return None
        points.append(KeyPoint(text=point.text, weight=point.weight, vital=point.vital, quote=place))
    ids = [chunk.id for chunk in asked[:1]] + [point.quote.chunk_id for point in points if point.quote]
    home = next(chunk for chunk in chunks if chunk.id == ids[0])
    return Question(
        id=line.id,
        text=line.question,
        kind=line.kind,
        difficulty=line.difficulty,
        origin=Origin.SHIPPED,
        chunk_ids=tuple(dict.fromkeys(ids)),
        heading_path=home.heading_path,
        key_points=tuple(points),
    )


def _places(quote: str, note: Document, chunks: Sequence[Chunk]) -> Iterator[Quote]:
    """Where the quote stands inside one span of a chunk."""
    for chunk in chunks:
        for span in chunk.spans:
            start = note.raw.find(quote, span.start, span.end)
            if start >= 0:
                place = Span(start=start, end=start + len(quote))
                yield Quote(text=quote, document_id=note.id, chunk_id=chunk.id, span=place)


def _same(one: str, other: str) -> bool:
    return "".join(one.split()).rstrip("?？") == "".join(other.split()).rstrip("?？")
