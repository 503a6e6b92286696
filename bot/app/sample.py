"""The sample notes that ship with the product."""

from importlib.resources import files
from pathlib import Path

from bot.domain.notes import Collection
from bot.ingest import NoteFile

QUESTIONS = "questions.jsonl"
"""Questions that ship with the sample notes; beside them."""


def sample_directory() -> Path:
    """Where the sample notes are: in the installed package, or at the top of a source tree."""
    package = Path(str(files("bot")))
    installed = package / "corpus"
    return installed if installed.is_dir() else package.parent / "corpus"


def sample_files() -> list[NoteFile]:
    """The sample notes as they ship, by name."""
    return [
        NoteFile(data=path.read_bytes(), source=path.name, collection=Collection.SAMPLE)
        for path in sorted(sample_directory().glob("*.md"))
    ]
