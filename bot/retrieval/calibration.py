"""What near and far mean in one index, learnt from the notes themselves.

Similarities of one embedder crowd in a band of their own (0.83 to 0.93 for multilingual-e5-small),
and the band moves with the notes. Each build is therefore asked its own questions and headings twice:
with the passage they belong to, and without it. The second is what a near miss looks like.
"""

import re
from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from bot.domain.glossary import retellings
from bot.domain.notes import Chunk
from bot.domain.sentences import sentences
from bot.domain.spans import Frozen, digest
from bot.seams import Embedder, LexicalIndex, Vectors, Window

SAMPLE = 200
"""Most queries that are asked of a new build."""

FEWEST = 5
"""Below this many passages the near misses are too few to learn from."""

FOREIGN = (
    "明天下午去机场要带雨伞吗？",
    "红烧排骨怎么做才不会腥？",
    "这座城市的地铁末班车是几点？",
    "猫咪打喷嚏需要看医生吗？",
    "How do I renew my passport abroad?",
    "Which team won the football final in 1998?",
    "What is a good recipe for onion soup?",
    "When should tomatoes be planted in spring?",
)
"""Questions that no notes on a technical field answer."""


_HAN = re.compile(r"[\u4e00-\u9fff]")


def is_han(text: str) -> bool:
    """Whether a text is written in Chinese characters, if only in part."""
    return bool(_HAN.search(text))


class Calibration(Frozen):
    """Similarities that mean something in one build."""

    foreign: float
    """Closest similarity that nine of ten questions from other worlds stay below."""
    absent: float
    """Mean closest similarity of the notes' own queries when their passage is taken away."""
    present: float
    """Mean similarity of the notes' own queries to their passage."""
    latin_to_han: float = 0.0
    """What a query without Chinese loses against Chinese passages for its language alone."""
    han_to_latin: float = 0.0
    """What a Chinese query loses against passages without Chinese for its language alone."""

    def lift(self, query: str, passage: str) -> float:
        """Similarity to add so that passages of both languages can be compared for `query`."""
        asked, said = is_han(query), is_han(passage)
        if asked == said:
            return 0.0
        return self.latin_to_han if said else self.han_to_latin

    @property
    def far(self) -> float:
        """Similarity that means nothing: what near misses or other worlds reach."""
        return max(self.absent, self.foreign)

    @property
    def tells(self) -> bool:
        """Whether the embedder tells the notes' own queries from foreign ones and near misses at all."""
        return self.present > self.far

    @property
    def room(self) -> float:
        """Similarity between far and present, above 0."""
        return max(self.present - self.far, 1e-3)

    def nearness(self, similarity: float) -> float:
        """0 at `far`, 1 at `present`, linear, clipped to -1..2; 0 where the embedder tells nothing."""
        if not self.tells:
            return 0.0
        return float(np.clip((similarity - self.far) / self.room, -1.0, 2.0))


def calibrate(
    chunks: Sequence[Chunk],
    windows: Sequence[Window],
    vectors: Mapping[str, Vectors],
    words: LexicalIndex,
    embedder: Embedder,
) -> dict[str, float]:
    """Calibration of one build, as stored in IndexBuild.calibration; empty for an empty build.

    Args:
        chunks: Active chunks of the build.
        windows: Their windows.
        vectors: Vector of shape (dimension,) by window id.
        words: Lexical index of the build.
        embedder: Embeds at most 208 queries, each in up to three ways.
    """
    if not windows:
        return {}
    matrix = np.stack([np.asarray(vectors[window.id], dtype=np.float32).reshape(-1) for window in windows])
    owners = np.array([window.chunk_id for window in windows])
    others = _closeness(embedder, FOREIGN, matrix)
    foreign = float(np.quantile(others.max(axis=1), 0.9))
    asked = sorted(chunks, key=lambda chunk: digest(chunk.id))[:SAMPLE]
    similarities = _closeness(embedder, [own_query(chunk) for chunk in asked], matrix)
    own = np.array([[owner == chunk.id for owner in owners] for chunk in asked])
    present = float(np.where(own, similarities, -1.0).max(axis=1).mean())
    absent = _absent(similarities, own, foreign, present)
    found = Calibration(foreign=foreign, absent=absent, present=present, **_losses(others, windows))
    return found.model_dump()


def _closeness(embedder: Embedder, queries: Sequence[str], windows: Vectors) -> Vectors:
    """Similarity of queries (rows) to windows (columns), each query told as the retriever tells it."""
    told = [(query, *retellings(query)) for query in queries]
    similarities = embedder.embed_queries([text for texts in told for text in texts]) @ windows.T
    firsts = np.cumsum([0, *(len(texts) for texts in told[:-1])])
    return np.maximum.reduceat(similarities, firsts, axis=0)


def _losses(similarities: Vectors, windows: Sequence[Window]) -> dict[str, float]:
    """What language alone costs, from queries (rows) that no passage (columns) answers."""
    asked = np.array([is_han(query) for query in FOREIGN])
    said = np.array([is_han(window.text) for window in windows])

    def mean(asked_han: bool, said_han: bool) -> float:
        return float(similarities[np.ix_(asked == asked_han, said == said_han)].mean())

    losses: dict[str, float] = {}
    if said.any():
        losses["latin_to_han"] = max(0.0, mean(True, True) - mean(False, True))
    if not said.all():
        losses["han_to_latin"] = max(0.0, mean(False, False) - mean(True, False))
    return losses


def _absent(similarities: Vectors, own: NDArray[np.bool_], foreign: float, present: float) -> float:
    if own.shape[0] < FEWEST:
        return (foreign + present) / 2
    return float(np.where(own, -1.0, similarities).max(axis=1).mean())


def own_query(chunk: Chunk) -> str:
    """What a reader would ask to find `chunk`: its question, its heading, or its first sentence."""
    if chunk.question:
        return chunk.question
    if chunk.heading_path:
        return chunk.heading_path[-1]
    first = sentences(chunk.text)
    return first[0].cut(chunk.text) if first else chunk.text
