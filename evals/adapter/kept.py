"""A word reader that keeps what it read in a file, so that a stopped or repeated run reads nothing twice."""

import json
from collections.abc import Iterator, Sequence
from pathlib import Path

from bot.domain.spans import digest
from bot.seams import Piece, WordReader


class KeptReader:
    """Implements bot.seams.WordReader over another one.

    Args:
        reader: Asked for what is not kept.
        file: JSONL, one line a closing; delete it when the adapter or the model changes.
    """

    def __init__(self, reader: WordReader, file: Path) -> None:
        self._reader = reader
        self._file = file
        lines = file.read_text("utf-8").splitlines() if file.exists() else []
        self._kept = {row["key"]: tuple(row["logprobs"]) for row in map(json.loads, lines)}

    @property
    def name(self) -> str:
        """Name of the model that is read."""
        return self._reader.name

    def word_logprobs(
        self, opening: Sequence[Piece], closings: Sequence[Sequence[Piece]], words: Sequence[str]
    ) -> Iterator[tuple[float, ...]]:
        """As bot.seams.WordReader.

        Raises:
            ModelUnavailable: As the reader below.
        """
        keys = [_key(opening, closing, words) for closing in closings]
        if any(key not in self._kept for key in keys):
            with self._file.open("a", encoding="utf-8") as out:
                for key, row in zip(keys, self._reader.word_logprobs(opening, closings, words), strict=True):
                    self._kept[key] = row
                    out.write(json.dumps({"key": key, "logprobs": row}) + "\n")
        yield from (self._kept[key] for key in keys)


def _key(opening: Sequence[Piece], closing: Sequence[Piece], words: Sequence[str]) -> str:
    return digest(*(piece.text for piece in (*opening, *closing)), *words)
