"""Whether a chunk holds a text, whatever its marks and white space."""

from collections.abc import Mapping, Sequence

from bot.domain.errors import BadInput
from bot.domain.notes import Chunk
from bot.domain.search_keys import search_key
from bot.texts import say
from evals.cases import MAX_PROBLEMS_SHOWN, RetrieveCase


class Matcher:
    """Looks for a case's text in chunks, each normalised once.

    Args:
        chunks: Active chunks of the index.
    """

    def __init__(self, chunks: Sequence[Chunk]) -> None:
        self._keys = {chunk.id: search_key(chunk.text) for chunk in chunks}

    def anywhere(self, wanted: str) -> bool:
        """Whether any chunk holds `wanted`."""
        key = search_key(wanted)
        return bool(key) and any(key in text for text in self._keys.values())

    def holds(self, chunk: Chunk, wanted: str) -> bool:
        """Whether this chunk holds `wanted`."""
        text = self._keys.get(chunk.id)
        return search_key(wanted) in (search_key(chunk.text) if text is None else text)


def wanted_text(case: RetrieveCase, raw: Mapping[str, str]) -> str:
    """What a good chunk holds: the text given, or the characters of the file at the place given."""
    if case.must_contain is not None:
        return case.must_contain
    if case.passage is None:
        return ""
    return raw[case.passage.path][case.passage.start : case.passage.end]


def check_passages(cases: Sequence[RetrieveCase], raw: Mapping[str, str]) -> None:
    """Make sure that every place of the set is in the corpus.

    Raises:
        BadInput: A file is not there, or ends before the passage; names each.
    """
    problems = [
        say("evals.passage_outside", id=case.id, path=case.passage.path, end=case.passage.end)
        for case in cases
        if case.must_contain is None
        and case.passage
        and case.passage.end > len(raw.get(case.passage.path, ""))
    ]
    if problems:
        shown = "\n".join(problems[:MAX_PROBLEMS_SHOWN])
        raise BadInput("evals.bad_passages", count=len(problems), lines=shown)
