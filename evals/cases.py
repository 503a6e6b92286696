"""The formats a set may have. Fields that are not named here are ignored.

docs/evals.md describes them for people who write sets.
"""

import hashlib
import math
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Generic, Self, TypeVar

from pydantic import (
    AliasChoices,
    BeforeValidator,
    Field,
    JsonValue,
    field_validator,
    model_validator,
)

from bot.domain.errors import BadInput
from bot.domain.grades import Status
from bot.domain.questions import BONUS_WEIGHT, VITAL_WEIGHT
from bot.texts import say
from evals.conversations import queries_of
from evals.lenience import (
    Folded,
    Lenient,
    OrNone,
    RowId,
    Text,
    TextOrNone,
    Words,
    absent,
    as_text,
    listed,
    read_line,
)
from evals.points_case import PointsCase

MAX_PROBLEMS_SHOWN = 20


class KeyPointCase(Lenient):
    """A key point as a set gives it."""

    text: Text
    weight: Annotated[float, Field(gt=0)] | None = None
    """None: 1 for a vital point, 0.5 for a bonus point."""
    vital: bool = True
    quote: Annotated[str | None, BeforeValidator(as_text)] = None

    @model_validator(mode="before")
    @classmethod
    def _fields(cls, value: object) -> object:
        if isinstance(value, KeyPointCase):
            return value
        given = value if isinstance(value, dict) else {"text": value}
        return {name: item for name, item in given.items() if item is not None}

    @property
    def effective_weight(self) -> float:
        """The weight given, or the default of its sort."""
        return self.weight or (VITAL_WEIGHT if self.vital else BONUS_WEIGHT)


class GradeCase(Lenient):
    """An answer that people (or the authors of the set) have graded."""

    id: RowId
    question: Text
    answer: Words = ""
    score: Annotated[Annotated[float, Field(ge=0)] | None, OrNone] = None
    """None: nobody has graded it. Above max_score: with bonus marks."""
    max_score: Annotated[float, Field(gt=0)]
    key_points: Annotated[tuple[KeyPointCase, ...], BeforeValidator(listed)] = ()
    reference: tuple[str, ...] = ()
    """Alternatives; the one that gives the best score counts. Not used where there are key points."""
    question_id: Annotated[RowId | None, OrNone] = None
    """None: answers to the same question text belong together."""
    lang: TextOrNone = None
    passage: Annotated[str | None, BeforeValidator(as_text)] = None
    verdicts: tuple[Annotated[Status | None, Folded], ...] | None = None
    """In the order of key_points; None where nobody judged that point."""
    raters: tuple[float, ...] = ()
    """Scores of the single raters, where the set has them."""

    @model_validator(mode="before")
    @classmethod
    def _fields(cls, value: object) -> object:
        """Without verdicts that belong to no key point; what nobody has graded needs no highest score."""
        if not isinstance(value, dict):
            return value
        given = value if value.get("key_points") else value | {"verdicts": None}
        ungraded = absent(given.get("score")) is None and given.get("max_score") is None
        return given | {"max_score": 1.0} if ungraded else given

    @field_validator("reference", mode="before")
    @classmethod
    def _alternatives(cls, value: object) -> object:
        given = listed(value)
        texts = [as_text(item) for item in given] if isinstance(given, list) else []
        if not all(isinstance(text, str) for text in texts):
            raise ValueError(say("evals.reference_form"))
        return tuple(text for text in texts if isinstance(text, str) and text.strip())

    @field_validator("raters", mode="before")
    @classmethod
    def _numbers(cls, value: object) -> object:
        usable = isinstance(value, list) and all(
            isinstance(item, int | float) and math.isfinite(item) for item in value
        )
        return value if usable else ()

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        if not self.key_points and not self.reference:
            raise ValueError(say("evals.needs_points"))
        if self.key_points and not any(point.vital for point in self.key_points):
            raise ValueError(say("evals.needs_vital"))
        if self.verdicts is not None and len(self.verdicts) != len(self.key_points):
            raise ValueError(say("evals.verdict_count"))
        return self

    @property
    def gold(self) -> float:
        """The score as a share of the highest one, 0..1, bonus marks left out; NaN where there is none."""
        return math.nan if self.score is None else min(1.0, self.score / self.max_score)

    @property
    def group(self) -> str:
        """What answers to one question have in common."""
        return self.question if self.question_id is None else str(self.question_id)


class Passage(Lenient):
    """A place in a file of the corpus."""

    path: Text
    """Relative to the corpus, with slashes."""
    start: Annotated[int, Field(ge=0)]
    end: int
    """Characters of the raw file, half open."""

    @model_validator(mode="after")
    def _ordered(self) -> Self:
        if self.end <= self.start:
            raise ValueError(say("evals.end_above"))
        return self


class RetrieveCase(Lenient):
    """A query and the text that a good retriever returns for it."""

    id: RowId
    query: Text
    must_contain: Annotated[Text | None, OrNone] = None
    passage: Passage | None = None
    conversation: Annotated[
        tuple[Text, ...], Field(validation_alias=AliasChoices("conversation", "history"))
    ] = ()
    """Earlier queries, or messages of which only the learner's count; oldest first."""
    follow_up: Text | None = None
    """The words as typed, where `query` is what somebody resolved them to; None: `query` is as typed."""

    @field_validator("conversation", mode="before")
    @classmethod
    def _queries(cls, value: object) -> object:
        return queries_of(value)

    @model_validator(mode="after")
    def _either(self) -> Self:
        if self.must_contain is None and self.passage is None:
            raise ValueError(say("evals.needs_place"))
        return self

    @property
    def group(self) -> str:
        """Each probe stands for itself."""
        return str(self.id)


class RefuseCase(Lenient):
    """A query that the notes answer, or do not."""

    id: RowId
    query: Text
    answerable: bool

    @property
    def group(self) -> str:
        """Each probe stands for itself."""
        return str(self.id)


AnyCase = GradeCase | RetrieveCase | RefuseCase | PointsCase
C = TypeVar("C", bound=AnyCase)


@dataclass(frozen=True)
class CaseSet(Generic[C]):
    """A set that was read and checked."""

    name: str
    sha256: str
    """Of the file's bytes."""
    cases: tuple[C, ...]
    raw: dict[str, dict[str, JsonValue]]
    """Each line as it stood in the file, by str(id); with the id that it got where it had none."""


def read_set(path: Path, kind: type[C]) -> CaseSet[C]:
    """All cases of a JSONL file, in order; blank lines do not count.

    Raises:
        BadInput: The file cannot be read, is empty, or has lines that cannot be used; names each.
    """
    try:
        data = path.read_bytes()
        text = data.decode("utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise BadInput("evals.set_unreadable", file=path.name, why=error) from error
    cases: list[C] = []
    raw: dict[str, dict[str, JsonValue]] = {}
    problems: list[str] = []
    for number, line in enumerate(text.split("\n"), start=1):
        if not line.strip():
            continue
        try:
            fields, case = read_line(line, number, kind)
        except ValueError as error:
            problems.append(say("evals.line", line=number, why=error))
            continue
        cases.append(case)
        raw[str(case.id)] = fields | {"id": case.id}
    problems += _duplicates(cases)
    if problems:
        shown = "\n".join(problems[:MAX_PROBLEMS_SHOWN])
        raise BadInput("evals.bad_lines", file=path.name, count=len(problems), lines=shown)
    if not cases:
        raise BadInput("evals.set_empty", file=path.name)
    return CaseSet(path.name, hashlib.sha256(data).hexdigest(), tuple(cases), raw)


def _duplicates(cases: list[C]) -> list[str]:
    counts = Counter(str(case.id) for case in cases)
    return [say("evals.id_twice", id=name, count=count) for name, count in counts.items() if count > 1]
