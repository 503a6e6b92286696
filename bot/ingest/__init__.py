"""Notes in: files are read, cleaned, cut into chunks, compared, embedded and indexed."""

from bot.ingest.parsing import parse
from bot.ingest.reading import read_document

__all__ = ["parse", "read_document"]
