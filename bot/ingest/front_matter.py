"""The block of metadata between --- lines at the top of a Markdown file."""

import re

import yaml

_BLOCK = re.compile(
    r"\ufeff?\s*---[ \t]*\r?\n(.*?)(?:\r?\n)?^(?:---|\.\.\.)[ \t]*(?:\r?\n|$)", re.DOTALL | re.MULTILINE
)
_FIELD = re.compile(r"^([A-Za-z_][\w-]*)\s*:[ \t]*(.*?)[ \t]*$", re.MULTILINE)
_OTHER = re.compile(r"^(#|[^\s#\-:][^:\n]{30,}$)", re.MULTILINE)
LONGEST = 8000
"""Characters after which it is no front matter."""

Fields = dict[str, str | list[str]]


def _block(raw: str) -> re.Match[str] | None:
    match = _BLOCK.match(raw, 0, LONGEST)
    return match if match and _FIELD.search(match.group(1)) and not _OTHER.search(match.group(1)) else None


def front_matter_end(raw: str) -> int:
    """Where the text after the front matter starts; 0 without one."""
    match = _block(raw)
    return match.end() if match else 0


def front_matter(raw: str) -> Fields:
    """Fields of the front matter; of broken YAML, the lines that read like fields."""
    match = _block(raw)
    if match is None:
        return {}
    try:
        loaded: object = yaml.load(match.group(1), Loader=yaml.BaseLoader)  # noqa: S506 - BaseLoader makes only strings
    except yaml.YAMLError:
        loaded = dict(_FIELD.findall(match.group(1)))
    if not isinstance(loaded, dict):
        return {}
    return {str(key): _value(value) for key, value in loaded.items()}


def _value(value: object) -> str | list[str]:
    return [str(item) for item in value] if isinstance(value, list) else str(value).strip("\"'")
