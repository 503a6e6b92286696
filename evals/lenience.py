"""Lines of other people's sets, taken for what they plainly mean: a number for its text, null for absent."""

import json
import math
from typing import Annotated, TypeVar

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, JsonValue, ValidationError
from pydantic_core import ErrorDetails

from bot.domain.validation import why_not
from bot.texts import say

M = TypeVar("M", bound=BaseModel)


class Lenient(BaseModel):
    """A frozen value from somebody else's file."""

    model_config = ConfigDict(frozen=True, extra="ignore", allow_inf_nan=False)


def as_text(value: object) -> object:
    """A number or a truth value as JSON writes it; anything else as it is."""
    plain = isinstance(value, int) or (isinstance(value, float) and math.isfinite(value))
    return json.dumps(value) if plain else value


def absent(value: object) -> object:
    """None for a blank text; anything else as it is."""
    return None if isinstance(value, str) and not value.strip() else value


def listed(value: object) -> object:
    """A list for one value that stands alone, without what is null; anything else as it is."""
    if value is None:
        return []
    values = value if isinstance(value, list | tuple) else [value]
    return [item for item in values if item is not None]


def _as_id(value: object) -> object:
    return value if isinstance(value, int) and not isinstance(value, bool) else as_text(value)


def _as_words(value: object) -> object:
    return "" if value is None else as_text(value)


def _as_status(value: object) -> object:
    return absent(value.strip().lower() if isinstance(value, str) else value)


def _known_text(value: object) -> object:
    return value if isinstance(value, str) else None


RowId = Annotated[Annotated[str, Field(min_length=1)] | int, BeforeValidator(_as_id)]
"""Whole numbers stay numbers, so that a row carries the id that its line had."""
Text = Annotated[str, BeforeValidator(as_text), Field(min_length=1, pattern=r"\S")]
Words = Annotated[str, BeforeValidator(_as_words)]
"""May be blank, and is where there is none."""
Folded = BeforeValidator(_as_status)
"""Before a word of a closed list: in capitals or not; blank is none."""
OrNone = BeforeValidator(absent)
"""Before a value that may be absent."""
TextOrNone = Annotated[str | None, BeforeValidator(_known_text)]
"""None for what is no text."""


def read_line(line: str, number: int, kind: type[M]) -> tuple[dict[str, JsonValue], M]:
    """The fields of a line, and what they say; without an id it gets one by its number.

    Raises:
        ValueError: It cannot be used; says why.
    """
    try:
        fields = json.loads(line)
    except json.JSONDecodeError as error:
        raise ValueError(say("evals.not_json", why=error.msg, column=error.colno)) from error
    if not isinstance(fields, dict):
        raise ValueError(say("evals.not_object"))
    if absent(fields.get("id")) is None:
        fields["id"] = f"line-{number}"
    try:
        return fields, kind.model_validate(fields)
    except ValidationError as error:
        raise ValueError("; ".join(map(_told, error.errors()))) from error


def _told(error: ErrorDetails) -> str:
    return ": ".join(filter(None, (".".join(map(str, error["loc"])), why_not(error))))
