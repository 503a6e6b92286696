"""What a language model replies when it is asked for key points."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from bot.questions.point_making import MOST_POINTS
from bot.questions.proposals import ProposedPoint, parsed

_Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]


class _Point(BaseModel):
    """The quote comes first, so that the statement follows from it."""

    model_config = ConfigDict(extra="ignore")

    quote: Annotated[_Text, Field(max_length=400)]
    point: Annotated[_Text, Field(max_length=300)]
    bonus: bool = False


class PointsReply(BaseModel):
    """The whole reply."""

    model_config = ConfigDict(extra="ignore")

    key_points: Annotated[list[_Point], Field(min_length=1, max_length=MOST_POINTS)]


def read_points(text: str, *, finished: bool) -> list[ProposedPoint]:
    """The key points of a reply; nothing in them has been checked.

    Raises:
        ValueError: The reply is cut off or not of the schema; the message says why, fit to be sent back.
    """
    reply = parsed(PointsReply, text, finished=finished)
    return [ProposedPoint(quote=p.quote, text=p.point, bonus=p.bonus) for p in reply.key_points]
