"""What is derived from the notes to find them again: vectors in Chroma, words in bm25s, one build of both."""

from bot.adapters.index.local import LocalIndex, open_index

__all__ = ["LocalIndex", "open_index"]
