"""Prompts: for each one file `<name>.md` and one typed function in `<name>.py` that fills it.

Text by others (notes, learners) enters a prompt through `as_data` only.
"""

import re
import unicodedata
from functools import cache
from importlib.resources import files

from bot.domain.spans import digest

_PLACE = re.compile(r"\{\{(\w+)\}\}")
_LABEL = re.compile(r"[a-z][a-z0-9_]*")
_HIDDEN = {"Cc", "Cf", "Cs", "Co", "Cn"}
_SELECTORS = re.compile("[\ufe00-\ufe0f\U000e0100-\U000e01ef]")
_LINE_ENDS = re.compile("\r\n|[\r\x0b\x0c\x85\u2028\u2029]")
# What chat templates are made of: <|im_end|>, <｜User｜>, <s>, [INST], <<SYS>>, <start_of_turn>, <tool_call>.
_TEMPLATE_MARK = re.compile(
    r"<(?=[|｜])|[|｜](?=>)|<(?=/?(?:s|bos|eos|unk|pad|think|tool_\w+|(?:start|end)_of_\w+)>)"
    r"|<(?=</?SYS>)|\[(?=/?INST\])",
    re.IGNORECASE,
)


@cache
def load(name: str) -> str:
    """Text of the prompt `name`, as it stands in its file.

    Raises:
        FileNotFoundError: There is no such prompt.
    """
    return files(__name__).joinpath(f"{name}.md").read_text("utf-8").strip()


def prompt_hash(name: str) -> str:
    """Version of the prompt `name`: 16 hex digits that change with its file."""
    return digest(load(name))


def fill(template: str, **values: object) -> str:
    """`template` with each `{{name}}` replaced, in one pass: a value that holds `{{name}}` stays as it is.

    Raises:
        KeyError: A place has no value.
        ValueError: A value has no place.
    """
    unused = values.keys() - set(_PLACE.findall(template))
    if unused:
        raise ValueError(f"no place in the prompt for {', '.join(sorted(unused))}")
    return _PLACE.sub(lambda place: str(values[place[1]]), template)


def as_data(label: str, text: str) -> str:
    """`text` as a block that a prompt can call data: it cannot end its own block or speak as another role.

    Invisible characters go, marks of chat templates get a space inside; all else stays verbatim.
    The block's tags carry a mark that depends on the text and does not occur in it.

    Args:
        label: What it is, a lower-case word, e.g. 'answer'.
        text: Anything.
    """
    if not _LABEL.fullmatch(label):
        raise ValueError(f"not a label: {label!r}")
    body = _TEMPLATE_MARK.sub(lambda mark: mark[0] + " ", _visible(text))
    attempt = 0
    while (mark := digest(label, body, str(attempt))[:8]) in body.lower():
        attempt += 1
    return f"<{label}-{mark}>\n{body}\n</{label}-{mark}>"


def _visible(text: str) -> str:
    text = _SELECTORS.sub("", _LINE_ENDS.sub("\n", text))
    return "".join(char for char in text if char in "\n\t" or unicodedata.category(char) not in _HIDDEN)
