"""Text by others, made safe and readable for the page."""

import html
import re
from collections.abc import Callable

from bot.domain.spans import Span

LATEX = [
    {"left": "$$", "right": "$$", "display": True},
    {"left": "\\[", "right": "\\]", "display": True},
    {"left": "\\(", "right": "\\)", "display": False},
    {"left": "$", "right": "$", "display": False},
]
"""Delimiters of formulas, as notes write them."""

_CODE = re.compile(
    r"(?ms)^ {0,3}(?P<fence>`{3,}(?=[^`\n]*$)|~{3,}).*?(?:^ {0,3}(?P=fence)[`~]*[ \t]*$|\Z)"
    r"|(?<![\\`])(?P<tick>`+)(?!`)[^\n]*?[^`\n](?P=tick)(?!`)"
)
"""Code as Markdown readers find it, never more: what they do not take for code must not stay as it is."""
_FORMULA = re.compile(r"(?s)\$\$.+?\$\$|\\\[.+?\\\]|\\\(.+?\\\)|\$[^$\n]+\$")
_TAG = re.compile(r"<(?=[A-Za-z/!?])")
_ENTITY = re.compile(r"&(?=#?\w+;)")
_IMAGE = re.compile(r"!(?=\[)")
_LINK = re.compile(r"\](?=[(:\[])")
_HEADING = re.compile(r"(?m)^(\s{0,3})(#{1,6}\s)")
_RULE = re.compile(r"(?m)^\s{0,3}([-*_=])(?:\s*\1){2,}\s*$")


def safe_markdown(text: str) -> str:
    """`text` as Markdown that can fetch nothing, run nothing and break out of nothing.

    Code stays as it is (the renderer escapes it), formulas too but for what looks like a tag; elsewhere
    HTML, pictures, links, headings and rules are shown as text, so that a note cannot lay out the page.
    """
    return _outside(_CODE, text, lambda prose: _outside(_FORMULA, prose, _tame, _tame_formula))


def kept_spans(text: str) -> list[Span]:
    """Code and formulas of `text`, which safe_markdown leaves as they are, in order."""
    found: list[Span] = []
    cursor = 0
    codes = [Span(start=match.start(), end=match.end()) for match in _CODE.finditer(text)]
    for code in [*codes, Span(start=len(text), end=len(text))]:
        prose = text[cursor : code.start]
        formulas = _FORMULA.finditer(prose)
        found += [Span(start=cursor + match.start(), end=cursor + match.end()) for match in formulas]
        found.append(code)
        cursor = code.end
    return found[:-1]


def _tame(prose: str) -> str:
    prose = _TAG.sub("&lt;", _ENTITY.sub("&amp;", prose))
    prose = _LINK.sub(r"]\\", _IMAGE.sub(r"\\!", prose))
    prose = _RULE.sub("", prose)
    return _HEADING.sub(r"\1\\\2", prose)


def _tame_formula(formula: str) -> str:
    return _TAG.sub(r"\\lt ", formula)


def _as_it_is(text: str) -> str:
    return text


def _outside(
    kept: re.Pattern[str],
    text: str,
    change: Callable[[str], str],
    keep: Callable[[str], str] = _as_it_is,
) -> str:
    parts: list[str] = []
    cursor = 0
    for match in kept.finditer(text):
        parts += [change(text[cursor : match.start()]), keep(match[0])]
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
    at_an_edge = r"(?<![^\W_])_|_(?![^\W_])"  # an underscore within a name marks nothing
    bare = re.sub(rf"[*`#$\\<>\[\]|]|{at_an_edge}", "", " ".join(text.split()))
    return bare.replace("&", "＆")
