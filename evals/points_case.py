"""A question with the passage that answers it and the key points that its authors wrote."""

import hashlib
from collections.abc import Iterator, Sequence
from pathlib import Path

from bot.domain.errors import BadInput
from bot.domain.notes import Collection
from bot.domain.spans import Frozen
from bot.ingest import parse, read_document
from bot.questions.key_points import answer_spans
from bot.questions.point_making import Passage
from bot.questions.shipped import ShippedPoint, ShippedQuestion, read_shipped, resolve

PARTS = ("dev", "test")


class PointsCase(Frozen):
    """What a maker is given, and what it is held to."""

    id: str
    question: str
    passage: Passage
    written: tuple[ShippedPoint, ...]
    """By the authors of the set, each with its quote."""
    others: tuple[str, ...]
    """Other questions about the same note."""

    @property
    def group(self) -> str:
        """Each question stands for itself."""
        return self.id


def part_of(question_id: str) -> str:
    """'dev' for the half of the questions that makers are improved on, 'test' for the rest, by a hash."""
    return "dev" if hashlib.sha256(question_id.encode()).digest()[0] % 2 == 0 else "test"


def shipped_cases(questions: Path, part: str) -> tuple[PointsCase, ...]:
    """The questions of one part, with the passages of the notes beside `questions`.

    Raises:
        BadInput: The file cannot be read, or a question of it is not in the notes.
    """
    try:
        lines = read_shipped(questions.read_text("utf-8"))
    except (OSError, UnicodeDecodeError, ValueError) as error:
        raise BadInput("evals.set_unreadable", file=questions.name, why=error) from error
    found = [
        case for note in dict.fromkeys(line.note for line in lines) for case in _cases(questions, note, lines)
    ]
    return tuple(case for case in found if part_of(case.id) == part)


def _cases(questions: Path, note: str, lines: Sequence[ShippedQuestion]) -> Iterator[PointsCase]:
    path = questions.parent / note
    if not path.is_file():
        raise BadInput("evals.set_unreadable", file=questions.name, why=note)
    document = read_document(path.read_bytes(), note, Collection.SAMPLE)
    chunks = parse(document).chunks
    about = [line for line in lines if line.note == note]
    for line in about:
        question = resolve(line, document, chunks)
        if question is None:
            raise BadInput("evals.set_unreadable", file=questions.name, why=line.id)
        homes = [chunk for chunk in chunks if chunk.id in question.chunk_ids]
        yield PointsCase(
            id=line.id,
            question=line.question,
            passage=Passage(raw=document.raw, spans=tuple(s for chunk in homes for s in answer_spans(chunk))),
            written=line.key_points,
            others=tuple(other.question for other in about if other.id != line.id),
        )
