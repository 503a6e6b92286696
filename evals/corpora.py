"""The notes that an eval is run on."""

import hashlib
from pathlib import Path

from bot.domain.errors import BadInput
from bot.ingest.folders import notes_below
from evals.records import Source


def note_files(corpus: Path) -> dict[str, Path]:
    """Notes of a folder, those that `kaodian ingest` takes (or the one file), by relative path, in order.

    Raises:
        BadInput: There is no such folder, or it holds no notes.
    """
    if corpus.is_file():
        return {corpus.name: corpus}
    found = {path.relative_to(corpus).as_posix(): path for path in notes_below(corpus)}
    if not found:
        raise BadInput("evals.no_corpus", path=corpus.name)
    return found


def source_of(corpus: Path) -> Source:
    """Name, content hash and number of files.

    Raises:
        BadInput: There is no such folder, or it holds no notes.
    """
    state = hashlib.sha256()
    notes = note_files(corpus)
    for name, path in notes.items():
        state.update(f"{name}\0".encode() + hashlib.sha256(path.read_bytes()).digest())
    return Source(name=corpus.resolve().name, sha256=state.hexdigest(), size=len(notes))
