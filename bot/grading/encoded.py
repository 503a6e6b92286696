"""Runs of letters that nobody reads: base64 and hexadecimal, and what they say where they say something."""

import base64
import binascii
import re

from bot.domain.spans import Span

_RUN = re.compile(r"(?<![A-Za-z0-9+/_-])[A-Za-z0-9+/_-]{20,}={0,2}")
_HEX = re.compile(r"(?:0x)?(?:[0-9a-fA-F]{2}){10,}")
_PRINTABLE_SHARE = 0.9


def encoded(raw: str) -> tuple[Span, ...]:
    """Places of `raw` that are a text in base64 or hexadecimal digits."""
    return tuple(
        Span(start=match.start(), end=match.end()) for match in _RUN.finditer(raw) if decoded(match[0])
    )


def decoded(run: str) -> str | None:
    """The text that a run of characters encodes, or None where it encodes none."""
    if _HEX.fullmatch(run):
        digits = run.removeprefix("0x")
        return _text(bytes.fromhex(digits))
    if not re.search(r"[0-9A-Z+/=]", run[1:]) or run.isdigit():
        return None
    body = run.rstrip("=").translate(str.maketrans("-_", "+/"))
    try:
        return _text(base64.b64decode(body + "=" * (-len(body) % 4), validate=True))
    except binascii.Error:
        return None


def _text(data: bytes) -> str | None:
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        return None
    fit = sum(char.isprintable() or char.isspace() for char in text)
    return text if len(text) >= 6 and fit >= _PRINTABLE_SHARE * len(text) else None
