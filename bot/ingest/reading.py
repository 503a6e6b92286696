"""Bytes of a file into a document."""

import codecs
import hashlib
import re
from pathlib import PurePath

from bot.domain.errors import UnreadableFile
from bot.domain.notes import Collection, Document, Format
from bot.domain.spans import digest
from bot.ingest.front_matter import front_matter, front_matter_end
from bot.ingest.lines import Kind, scan
from bot.ingest.marks import mark_of
from bot.ingest.surroundings import LONGEST_QUESTION, width

MAX_BYTES = 20 * 1024 * 1024
"""Larger files are refused; notes are text."""
STRANGE = 0.01
"""Share of control characters from which a file is not text."""

_MARKS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1a\x1c-\x1f\x7f]")
_MARKDOWN = re.compile(r"^(#{1,6}\s*\S|```|\*\*[^*\n]+\*\*|\s*[-*+] \S|!\[|\|.*\|)", re.MULTILINE)
_SUFFIXES = (".md", ".markdown", ".mdown", ".mkd")


def read_document(data: bytes, source: str, collection: Collection, origin: str | None = None) -> Document:
    """Decode a file of notes.

    Args:
        data: The file's bytes: UTF-8, GB 18030, or UTF-16 with its mark.
        source: Where it came from, as shown to the user.
        collection: Whose notes these are.
        origin: Digest of the place that the file stands at, None where that is not known.

    Raises:
        UnreadableFile: It is empty, too large, or not text; the message says what to do.
    """
    if len(data) > MAX_BYTES:
        raise UnreadableFile(
            "ingest.too_large", file=source, size=f"{len(data) / 2**20:.0f}", most=MAX_BYTES // 2**20
        )
    raw = _decoded(data, source)
    if not raw.strip("\ufeff \t\r\n\u200b\u00a0\u3000"):
        raise UnreadableFile("ingest.empty", file=source)
    fields = front_matter(raw)
    return Document(
        id=digest(collection, source),
        source=source,
        collection=collection,
        format=_format(raw, source),
        title=_title(raw, source, fields.get("title")),
        raw=raw,
        sha256=hashlib.sha256(data).hexdigest(),
        front_matter=fields,
        origin=origin,
    )


def _decoded(data: bytes, source: str) -> str:
    encodings = [name for mark, name in _MARKS if data.startswith(mark)] or ["utf-8", "gb18030"]
    for encoding in encodings:
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if len(_CONTROL.findall(text)) <= STRANGE * len(text) and "\x00" not in text:
            return text
    raise UnreadableFile("ingest.not_text", file=source)


def _format(raw: str, source: str) -> Format:
    if source.lower().endswith(_SUFFIXES) or front_matter_end(raw):
        return Format.MARKDOWN
    headed = sum(1 for line in scan(raw) if line.kind is Kind.TEXT and mark_of(line.text).hashes)
    marked = headed >= 2 or (headed and len(_MARKDOWN.findall(raw)) >= 3)
    return Format.MARKDOWN if marked else Format.TEXT


def _title(raw: str, source: str, given: str | list[str] | None) -> str:
    """Given in the front matter, else the first heading, else a short first line, else the file's name."""
    if isinstance(given, str) and given.strip():
        return given.strip()
    start = front_matter_end(raw)
    texts = [line.text for line in scan(raw) if line.kind is Kind.TEXT and line.start >= start]
    headed = next((mark for mark in map(mark_of, texts) if mark.hashes == 1 and mark.title), None)
    if headed:
        return headed.title
    first = mark_of(texts[0]).title if texts else ""
    fits = first and width(first) <= LONGEST_QUESTION and not first.endswith(("。", "，", "；", ".", ","))
    return first if fits else PurePath(source).stem or source
