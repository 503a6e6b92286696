"""Folders of notes: which of their files are taken, and which notes have lost theirs."""

import re
from collections.abc import Iterator, Sequence
from pathlib import Path

from bot.domain.notes import Document
from bot.domain.spans import digest

SUFFIXES = (".md", ".markdown", ".txt")
"""Files of a folder that are taken; a file named on its own is taken whatever it is called."""

_NUMBER = re.compile(r" #\d+(?=(?:\.[A-Za-z]\w{0,8})?$)")


def notes_below(folder: Path) -> list[Path]:
    """Notes of a folder, in order; hidden files, and folders that are hidden inside it, are left out."""
    return [path for path in _below(folder) if path.suffix.lower() in SUFFIXES and path.is_file()]


def origin_of(path: Path) -> str:
    """Digest of the place of a file, as NoteFile.origin; the path is taken as it is."""
    return digest("file", str(path))


def gone_from(folder: Path, stored: Sequence[Document]) -> list[Document]:
    """Notes that were read from files in `folder` which are not there any more.

    Only the digest of a note's place is stored: it is compared with those of the places at which a note of
    this name can have stood, seen from every folder that it may have been named from.

    Args:
        folder: Symbolic links resolved.
        stored: In the order in which they are told.
    """
    bases = [folder, *folder.parents, *(path for path in _below(folder) if path.is_dir())]
    return [one for one in stored if one.origin and _is_gone(one, folder, bases)]


def _is_gone(document: Document, folder: Path, bases: Sequence[Path]) -> bool:
    names = {document.source, _NUMBER.sub("", document.source)}
    places = (base / name for base in bases for name in names)
    stood = (path for path in places if path.is_relative_to(folder) and origin_of(path) == document.origin)
    place = next(stood, None)
    return place is not None and not place.exists()


def _below(folder: Path) -> Iterator[Path]:
    """Files and folders inside a folder, in order, nothing hidden and nothing below what is hidden."""
    for path in sorted(folder.rglob("*")):
        if not any(part.startswith(".") for part in path.relative_to(folder).parts):
            yield path
