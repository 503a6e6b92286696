"""Reads the JSON that a model was asked for: fences and words around it, LaTeX inside it."""

import re
from typing import TypeVar

from pydantic import BaseModel

R = TypeVar("R", bound=BaseModel)
_ESCAPE = re.compile(r'\\(\\|["/]|u[0-9a-fA-F]{4}|[A-Za-z]+|.)', re.DOTALL)
_CONTROL = frozenset("bfnrt")
"""Letters that stand for a control character behind a backslash."""
_LATEX_N = ("nabla", "neq")
"""Commands that begin like a line break; any other letters behind one are the next line's."""


def read_json(schema: type[R], text: str) -> R:
    r"""The outermost JSON object of a reply as `schema`.

    Models write LaTeX as they see it: '\alpha' is no JSON at all, and '\theta' is a tab and 'heta' by its
    rules. A backslash in front of a command is therefore taken as one that should have been doubled.

    Raises:
        pydantic.ValidationError: There is no such object.
    """
    start, end = text.find("{"), text.rfind("}")
    body = text[start : end + 1] if 0 <= start < end else text
    return schema.model_validate_json(_ESCAPE.sub(_as_meant, body))


def _as_meant(escape: re.Match[str]) -> str:
    kept = escape[1]
    if kept in ("\\", '"', "/") or re.fullmatch(r"u[0-9a-fA-F]{4}", kept):
        return escape[0]
    if kept[0] in _CONTROL and (len(kept) == 1 or (kept[0] == "n" and not kept.startswith(_LATEX_N))):
        return escape[0]
    return "\\" + escape[0]
