"""Key points by code alone: what a passage states, told from its sentences, lists and headings."""

import sys
import unicodedata

from bot.domain.spans import Span
from bot.questions.gathering import in_at_most
from bot.questions.kinds import kind_of
from bot.questions.point_making import (
    MOST_POINTS,
    Dropped,
    DropReason,
    Made,
    MadePoint,
    Passage,
    point_weight,
    with_a_vital,
)
from bot.questions.selection import chosen
from bot.questions.statements import LONGEST, Statement, statements_of
from bot.questions.words import plain


class StructureMaker:
    """Needs no model and takes milliseconds; the same passage always gives the same points."""

    name = "structure"

    def make(self, question: str, passage: Passage) -> Made:
        """Key points of `question`, one for each thing that the passage states."""
        longest = sys.maxsize if passage.reference else LONGEST
        statements = statements_of(question, passage.raw, passage.spans, longest)
        held, over = chosen(question, kind_of(question), statements, reference=passage.reference)
        if passage.reference and not held:
            held, over = in_at_most(_all_of(passage), MOST_POINTS)
        dropped = tuple(Dropped(text=s.text, reason=DropReason.TOO_LONG) for s in over)
        return Made(points=with_a_vital([_point(s) for s in held]), dropped=dropped)


def _point(statement: Statement) -> MadePoint:
    return MadePoint(
        text=statement.text,
        weight=statement.marks or point_weight(vital=not statement.extra),
        vital=not statement.extra,
        place=Span(start=statement.start, end=statement.end),
    )


def _all_of(passage: Passage) -> list[Statement]:
    """A reference as one statement, where none could be told from it; none where it says nothing at all."""
    words = plain(passage.text)
    said = any(char.isalnum() or _is_sign(char) for char in words)
    end = len(passage.raw)
    one = Statement(words, words, 0, end, region=0, node=0, rank=0, item=False, extra=False)
    return [one] if said else []


def _is_sign(char: str) -> bool:
    """Whether it is a sign of formulas, which may be all of an answer."""
    return unicodedata.category(char) == "Sm" and char not in "|~"
