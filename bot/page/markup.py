"""Text by others, made safe and readable for the page."""

import html
import re
from collections.abc import Callable

LATEX = [
    {"left": "$$", "right": "$$", "display": True},
    {"left": "\\[", "right": "\\]", "display": True},
    {"left": "\\(", "right": "\\)", "display": False},
    {"left": "$", "right": "$", "display": False},
]
"""Delimiters of formulas, as notes write them."""

_CODE = re.compile(r"(?ms)^[ \t]*(```|~~~).*?(?:^[ \t]*\1[ \t]*$|\Z)|`[^`\n]+`")
_FORMULA = re.compile(r"(?s)\$\$.+?\$\$|\\\[.+?\\\]|\\\(.+?\\\)|\$[^$\n]+\$")
_IMAGE = re.compile(r"!(?=\[)")
_HEADING = re.compile(r"(?m)^(\s{0,3})(#{1,6}\s)")
_RULE = re.compile(r"(?m)^\s{0,3}([-*_=])(?:\s*\1){2,}\s*$")


def safe_markdown(text: str) -> str:
    """`text` as Markdown that can fetch nothing, run nothing and break out of nothing.

    Code and formulas stay as they are (the renderer escapes them); elsewhere HTML is shown as text,
    pictures lose their mark, headings and rules are shown as text, so that a note cannot lay out the page.
    """
    return _outside(_CODE, text, lambda prose: _outside(_FORMULA, prose, _tame))


def _tame(prose: str) -> str:
    prose = prose.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    prose = _IMAGE.sub(r"\\!", prose)
    prose = _RULE.sub("", prose)
    return _HEADING.sub(r"\1\\\2", prose)


def _outside(kept: re.Pattern[str], text: str, change: Callable[[str], str]) -> str:
    parts: list[str] = []
    cursor = 0
    for match in kept.finditer(text):
        parts += [change(text[cursor : match.start()]), match[0]]
        cursor = match.end()
    parts.append(change(text[cursor:]))
    return "".join(parts)


def plain_text(text: str) -> str:
    """`text` for an HTML context: no markup survives."""
    return html.escape(text, quote=True)


def as_quote(text: str) -> str:
    """`text` as a Markdown block quote."""
    return "\n".join(f"> {line}" for line in safe_markdown(text).splitlines())


def one_line(text: str) -> str:
    """`text` on one line, for titles: no Markdown, no HTML."""
    bare = re.sub(r"[*_`#$\\<>\[\]|]", "", " ".join(text.split()))
    return bare.replace("&", "＆")
