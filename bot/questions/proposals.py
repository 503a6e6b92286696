"""What a language model proposes: its reply's schema and how a reply is read."""

from collections.abc import Sequence
from typing import Annotated, Literal, TypeVar

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError, create_model

from bot.domain.questions import QuestionKind
from bot.domain.spans import Frozen
from bot.prompts.replies import read_json

_Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]
R = TypeVar("R", bound=BaseModel)
_LEVELS = {"easy": 1, "medium": 2, "hard": 3}


class ProposedPoint(Frozen):
    """A key point as a model proposed it."""

    quote: str
    text: str
    bonus: bool = False


class Proposal(Frozen):
    """A question as a model proposed it; nothing in it has been checked."""

    question: str
    kind: QuestionKind
    difficulty: int
    points: tuple[ProposedPoint, ...]


class _Point(BaseModel):
    """In a reply; the quote comes first, so that the statement follows from it."""

    model_config = ConfigDict(extra="ignore")

    quote: Annotated[_Text, Field(max_length=300)]
    point: Annotated[_Text, Field(max_length=200)]
    bonus: bool = False


class _Question(BaseModel):
    model_config = ConfigDict(extra="ignore")

    kind: Literal["define", "why", "compare", "how", "derive", "apply"]
    question: Annotated[_Text, Field(max_length=200)]
    difficulty: Literal["easy", "medium", "hard"]
    key_points: Annotated[list[_Point], Field(min_length=1, max_length=7)]


class QuestionsReply(BaseModel):
    """The whole reply."""

    model_config = ConfigDict(extra="ignore")

    questions: Annotated[list[_Question], Field(min_length=1, max_length=6)]


def schema_for(kinds: Sequence[QuestionKind]) -> type[BaseModel]:
    """The reply's schema with no other kinds than these: a small model would fall back on its favourite."""
    allowed = Field(json_schema_extra={"enum": [kind.value for kind in kinds]})
    question = create_model("AskedQuestion", __base__=_Question, kind=(str, allowed))
    several = Field(min_length=1, max_length=len(kinds))
    return create_model(
        "AskedQuestions",
        __base__=QuestionsReply,
        questions=(list[question], several),  # pyright: ignore[reportInvalidTypeForm]
    )


def parsed(schema: type[R], text: str, *, finished: bool) -> R:
    """A model's reply as `schema`, whatever fence stands around it.

    Raises:
        ValueError: The reply is cut off or not of the schema; the message says why, fit to be sent back.
    """
    if not finished:
        raise ValueError("the reply was cut off; write fewer and shorter key points")
    try:
        return read_json(schema, text)
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(str(part) for part in first["loc"])
        raise ValueError(f"{place or 'the reply'}: {first['msg']}") from error


def read_reply(text: str, *, finished: bool) -> list[Proposal]:
    """The proposals of a reply.

    Raises:
        ValueError: The reply is cut off or not of the schema; the message says why, fit to be sent back.
    """
    reply = parsed(QuestionsReply, text, finished=finished)
    return [_proposal(question) for question in reply.questions]


def _proposal(question: _Question) -> Proposal:
    points = tuple(ProposedPoint(quote=p.quote, text=p.point, bonus=p.bonus) for p in question.key_points)
    kind, level = QuestionKind(question.kind), _LEVELS[question.difficulty]
    return Proposal(question=question.question, kind=kind, difficulty=level, points=points)
