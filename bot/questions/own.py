"""Questions that need no language model: the notes' own, and those made from headings."""

from bot.domain.notes import Chunk, ChunkKind
from bot.domain.questions import KeyPoint, Origin, Question
from bot.domain.spans import digest
from bot.questions.context import ASPECT
from bot.questions.headings import question_of_heading
from bot.questions.key_points import key_points_of_chunk
from bot.questions.kinds import difficulty_of, kind_of
from bot.questions.sentence_parts import label_of


def question_id(chunk_id: str, text: str) -> str:
    """Stable identity of a question: of the chunk it was made from and its wording."""
    return digest(chunk_id, text)


def question_of_chunk(chunk: Chunk, raw: str) -> Question | None:
    """The question that the chunk itself asks (verbatim) or that its heading suggests; None without one.

    Args:
        chunk: Of a document.
        raw: Text of that document.
    """
    if chunk.kind is ChunkKind.QA and chunk.question:
        points = key_points_of_chunk(chunk.question, chunk, raw)
        return _question(chunk, chunk.question, points, Origin.NOTES)
    title = chunk.heading_path[-1] if chunk.heading_path else ""
    entries = _names(key_points_of_chunk(title, chunk, raw))
    asked = question_of_heading(chunk.heading_path, _below_heading(chunk), entries)
    if asked is None:
        return None
    return _question(chunk, asked, key_points_of_chunk(asked, chunk, raw), Origin.HEADING)


def _names(points: tuple[KeyPoint, ...]) -> int:
    """How many things with a name of their own the points speak of."""
    labels = {label[0] for point in points if (label := label_of(point.text))}
    return sum(not ASPECT.fullmatch(label) for label in labels)


def _below_heading(chunk: Chunk) -> str:
    first, _, rest = chunk.text.partition("\n")
    return rest if first.lstrip().startswith("#") else chunk.text


def _question(chunk: Chunk, text: str, points: tuple[KeyPoint, ...], origin: Origin) -> Question | None:
    if not points:
        return None
    return Question(
        id=question_id(chunk.id, text),
        text=text,
        kind=kind_of(text),
        difficulty=difficulty_of(text, points),
        origin=origin,
        chunk_ids=(chunk.id,),
        heading_path=chunk.heading_path,
        key_points=points,
    )
