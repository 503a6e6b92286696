"""Reads the JSON that a model was asked for: fences and words around it, LaTeX inside it."""

import json
import re
from typing import TypeVar

from pydantic import BaseModel, ValidationError

R = TypeVar("R", bound=BaseModel)
_FENCE = re.compile(r"```(?:json)?[ \t]*\n(.*?)\n?[ \t]*```", re.DOTALL | re.IGNORECASE)
_ESCAPE = re.compile(r'\\(\\|["/]|u[0-9a-fA-F]{4}|[A-Za-z]+|.)', re.DOTALL)
_CONTROL = frozenset("bfnrt")
"""Letters that stand for a control character behind a backslash."""
_LATEX_N = ("nabla", "neq")
"""Commands that begin like a line break; any other letters behind one are the next line's."""


def json_text(text: str) -> str:
    r"""The JSON object of a reply, its backslashes as they were meant; `text` itself if there is none.

    Models write LaTeX as they see it: '\alpha' is no JSON at all, and '\theta' is a tab and 'heta' by its
    rules. A backslash in front of a command is therefore taken as one that should have been doubled.
    """
    fenced = _FENCE.search(text)
    return _object(text) or _object(fenced[1] if fenced else "") or text.strip()


def read_json(schema: type[R], text: str) -> R:
    """The JSON object of a reply as `schema`.

    Raises:
        pydantic.ValidationError: There is no such object.
    """
    return schema.model_validate_json(json_text(text))


def fits(schema: type[BaseModel] | None, text: str) -> bool:
    """Whether a reply keeps to the form asked for, letter by letter; None asks for none."""
    try:
        return schema is None or bool(schema.model_validate_json(text))
    except ValidationError:
        return False


def _object(text: str) -> str | None:
    """The object that begins at the first brace; None where none ends."""
    start = text.find("{")
    if start < 0:
        return None
    body = _ESCAPE.sub(_as_meant, text[start:])
    try:
        _, end = json.JSONDecoder().raw_decode(body)
    except (ValueError, RecursionError):
        return None
    return body[:end]


def _as_meant(escape: re.Match[str]) -> str:
    kept = escape[1]
    if kept in ("\\", '"', "/") or re.fullmatch(r"u[0-9a-fA-F]{4}", kept):
        return escape[0]
    if kept[0] in _CONTROL and (len(kept) == 1 or (kept[0] == "n" and not kept.startswith(_LATEX_N))):
        return escape[0]
    return "\\" + escape[0]
