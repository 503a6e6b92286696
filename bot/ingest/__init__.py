"""Notes in: files are read, cleaned, cut into chunks, compared, embedded and indexed."""

from bot.ingest.accounting import accounted
from bot.ingest.duplicates import find_duplicates
from bot.ingest.ingester import Calibrator, Ingester
from bot.ingest.naming import NoteFile
from bot.ingest.parsing import parse
from bot.ingest.reading import read_document
from bot.ingest.report import Kept, Standing, describe, outline
from bot.ingest.windows import windows

__all__ = [
    "Calibrator",
    "Ingester",
    "Kept",
    "NoteFile",
    "Standing",
    "accounted",
    "describe",
    "find_duplicates",
    "outline",
    "parse",
    "read_document",
    "windows",
]
