"""Key points by code alone: what a passage states, told from its sentences, lists and headings."""

from bot.domain.spans import Span
from bot.questions.kinds import kind_of
from bot.questions.point_making import Made, MadePoint, Passage, point_weight, with_a_vital
from bot.questions.selection import chosen
from bot.questions.statements import LONGEST, Statement, statements_of
from bot.questions.words import plain


class StructureMaker:
    """Needs no model and takes milliseconds; the same passage always gives the same points."""

    name = "structure"

    def make(self, question: str, passage: Passage) -> Made:
        """Key points of `question`, one for each thing that the passage states."""
        statements = statements_of(question, passage.raw, passage.spans)
        kind = kind_of(question)
        found = [_point(s) for s in chosen(question, kind, statements, reference=passage.reference)]
        return Made(points=with_a_vital(found or _all_of(passage)))


def _point(statement: Statement) -> MadePoint:
    return MadePoint(
        text=statement.text,
        weight=statement.marks or point_weight(vital=not statement.extra),
        vital=not statement.extra,
        place=Span(start=statement.start, end=statement.end),
    )


def _all_of(passage: Passage) -> list[MadePoint]:
    """A reference as one point, where no statement could be told from it."""
    words = plain(passage.text)[:LONGEST] if passage.reference else ""
    return [MadePoint(text=words)] if words else []
