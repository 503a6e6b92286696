"""The lexical index: BM25 over words, and how much of a query a text holds."""

import json
import math
from collections import Counter
from collections.abc import Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from bot.adapters.index.cutting import Cutter, folded, is_han, latin_words, names_of
from bot.adapters.index.plain_words import ASKING
from bot.domain.errors import StorageBroken
from bot.domain.search_keys import search_key
from bot.seams import LexicalHit

if TYPE_CHECKING:
    from bm25s import BM25

CATALOGUE = "catalogue.json"


class WordIndex:
    """seams.LexicalIndex over the words of some texts."""

    def __init__(
        self, cutter: Cutter, ids: Sequence[str], holders: Mapping[str, int], scorer: "BM25 | None"
    ) -> None:
        self._cutter = cutter
        self._ids = ids
        self._holders = holders
        self._scorer = scorer
        self._asked = lru_cache(maxsize=512)(self._weights)

    def search(self, query: str, k: int) -> list[LexicalHit]:
        """At most `k` hits, best first, equal ones in the order of the texts; none where no word matches."""
        known = [word.text for word in self._cutter.words(query) if word.text in self._holders]
        if self._scorer is None or not known or k < 1:
            return []
        scores = self._scorer.get_scores(known)
        best: list[int] = np.argsort(-scores, kind="stable")[:k].tolist()
        return [LexicalHit(id=self._ids[i], score=float(scores[i])) for i in best if scores[i] > 0]

    def coverage(self, query: str, text: str) -> float:
        """Share of the query's words, weighted by rarity in this build, that `text` holds; 0..1.

        A word that the notes never use weighs most, but a guess at a word counts only where they use it.
        0 where the query names no matter at all.
        """
        weights = self._asked(query)
        if not weights:
            return 0.0
        run, others = search_key(text), {*latin_words(folded(text)), *names_of(text)}
        held = sum(weight for word, weight in weights.items() if word in (run if is_han(word) else others))
        return held / sum(weights.values())

    def _weights(self, query: str) -> dict[str, float]:
        words = [word.text for word in self._cutter.matters(query) if word.sure or word.text in self._holders]
        return {word: self._rarity(word) for word in dict.fromkeys(words) if word not in ASKING}

    def _rarity(self, word: str) -> float:
        """ln(1 + (N - n + 0.5) / (n + 0.5)), as Lucene's BM25 weighs a word that n of N texts hold."""
        holders = self._holders.get(word, 0)
        return math.log(1 + (len(self._ids) - holders + 0.5) / (holders + 0.5))

    def save(self, folder: Path) -> None:
        """Write everything that `load_words` needs into a new folder."""
        folder.mkdir()
        if self._scorer is not None:
            self._scorer.save(folder / "bm25", show_progress=False)
        catalogue = {"ids": list(self._ids), "holders": dict(self._holders)}
        (folder / CATALOGUE).write_text(json.dumps(catalogue, ensure_ascii=False), "utf-8")


def index_words(cutter: Cutter, texts: Mapping[str, str]) -> WordIndex:
    """A lexical index of `texts` (id to text) in memory."""
    cut = [[word.text for word in cutter.words(text)] for text in texts.values()]
    holders = Counter(word for words in cut for word in set(words))
    return WordIndex(cutter, list(texts), holders, _scorer(cut) if holders else None)


def load_words(cutter: Cutter, folder: Path) -> WordIndex:
    """A lexical index as it was saved.

    Raises:
        StorageBroken: It is there and cannot be read.
    """
    from bm25s import BM25

    try:
        catalogue = json.loads((folder / CATALOGUE).read_text("utf-8"))
        scorer = BM25.load(folder / "bm25", mmap=True) if catalogue["holders"] else None
        return WordIndex(cutter, catalogue["ids"], catalogue["holders"], scorer)
    except (ValueError, KeyError, TypeError) as error:
        raise StorageBroken("store.index_broken", folder=folder.parents[1], why=folder.name) from error


def _scorer(cut: list[list[str]]) -> "BM25":
    from bm25s import BM25

    scorer = BM25(method="lucene", k1=1.5, b=0.75)
    scorer.index(cut, show_progress=False)
    return scorer
