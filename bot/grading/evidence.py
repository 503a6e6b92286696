"""What in an answer speaks to each key point: segments, shared words, and closeness of meaning."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from bot.grading.clauses import Segment, clauses, sentences, windows
from bot.grading.lexicon import longest_first
from bot.grading.normal import plain
from bot.grading.words import units
from bot.seams import Embedder, Vectors

COSINE_DECIMALS = 3
"""Cosines are rounded to this: the batch a text is embedded in can move the digits behind."""
WHOLE_CHARS = 600
"""Answers up to this length are embedded as a whole as well."""
ECHO_WEIGHT = 0.3
"""What a unit of the key point counts that stands in the question already."""
_KEPT_VECTORS = 2000
_kept: dict[tuple[str, str], Vectors] = {}
"""By embedder and text, for all readers: a grader lives for one answer, its questions come back."""
_COMPANIONS = 7
"""Sentences that are tried beside the best one."""
_GAIN = 0.05
"""Recall that a second sentence has to add."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """What one key point finds in an answer.

    Attributes:
        best: The sentence that speaks to the point most.
        pair: That sentence and the one that adds most to it, as one text.
        quote: The clause of `best` that carries it.
        recall: Share of the point's units, by rarity and with the question's discounted, found in (the
            answer, best, pair); plain_recall the same without the discount.
        opposing: Other sentences that speak to the point nearly as much.
        close: Cosine, above the usual closeness of the two texts to anything, of (best, whole answer).
        echo: The same between the point and the question.
    """

    question: str
    point: str
    answer: str
    best: Segment
    pair: str
    quote: Segment
    recall: tuple[float, float, float]
    plain_recall: float
    opposing: tuple[str, ...]
    close: tuple[float, float]
    echo: float


class Reader:
    """Finds evidence; vectors of questions and key points are kept.

    Args:
        embedder: Any; closeness is measured against a background, so that scales cancel out.
        rarity: Weight of a content unit; 1 for those that are not in it.
    """

    def __init__(self, embedder: Embedder, rarity: Mapping[str, float]) -> None:
        self._embedder = embedder
        self._rarity = rarity

    def read(self, question: str, points: Sequence[str], text: str) -> tuple[Evidence, ...]:
        """Evidence for each point, in order.

        Args:
            question: As asked.
            points: Texts of the key points.
            text: The answer in normal form; it must hold at least one segment.

        Raises:
            ModelUnavailable: The embedder cannot be loaded.
        """
        asked = plain(question)
        wanted = [plain(point) for point in points]
        parts = windows(text)
        background = self._keep(longest_first("background"))
        fixed = self._keep((asked, *wanted))
        said = self._embed(
            [part.text for part in parts] + ([text] if len(parts) > 1 and len(text) <= WHOLE_CHARS else [])
        )
        usual = _round(fixed @ background.T).mean(axis=1)
        usual_said = _round(said @ background.T).mean(axis=1)
        close = 2 * _round(fixed[1:] @ said.T) - usual[1:, None] - usual_said[None, :]
        echo = 2 * _round(fixed[1:] @ fixed[0]) - usual[1:] - usual[0]
        read = _Answer(asked, text, parts)
        return tuple(
            self._evidence(read, point, close[row], float(echo[row])) for row, point in enumerate(wanted)
        )

    def weight(self, unit: str) -> float:
        """Rarity of a content unit, above 0."""
        return self._rarity.get(unit, 1.0)

    def recall(self, point: str, said: str, asked: str = "") -> float:
        """Weighted share of a point's units that stand in `said`; those in `asked` count less."""
        echoed = {unit.text for unit in units(asked)}
        found = {unit.text for unit in units(said)}
        total = earned = 0.0
        for unit in {unit.text for unit in units(point)}:
            weight = self.weight(unit) * (ECHO_WEIGHT if unit in echoed else 1.0)
            total += weight
            earned += weight if unit in found else 0.0
        return earned / total if total else float(point.strip() in said)

    def _evidence(self, read: "_Answer", point: str, close: Vectors, echo: float) -> Evidence:
        small = sentences(read.text) or read.parts
        recalls = [self.recall(point, part.text, read.asked) for part in small]
        near = [_nearness(one, read.parts, close) for one in small]
        order = sorted(range(len(small)), key=lambda i: (-(recalls[i] + 2 * near[i]), i))
        best = small[order[0]]
        pair, shared = self._pair(read, point, [small[i] for i in order])
        bar = max(0.4, 0.7 * recalls[order[0]])
        whole = float(close[len(read.parts)]) if len(close) > len(read.parts) else float(close.max())
        return Evidence(
            question=read.asked,
            point=point,
            answer=read.text,
            best=best,
            pair=pair,
            quote=self._quote(point, best, read.asked),
            recall=(self.recall(point, read.text, read.asked), recalls[order[0]], shared),
            plain_recall=self.recall(point, read.text),
            opposing=tuple(small[i].text for i in order[1:] if recalls[i] >= bar),
            close=(near[order[0]], whole),
            echo=echo,
        )

    def _pair(self, read: "_Answer", point: str, ordered: Sequence[Segment]) -> tuple[str, float]:
        """The best sentence with the one that adds most to it, if any does, and their recall."""
        best = ordered[0].text
        alone = self.recall(point, best, read.asked)
        texts = [f"{best}\n{other.text}" for other in ordered[1 : 1 + _COMPANIONS]]
        shared = [self.recall(point, text, read.asked) for text in texts]
        if not shared or max(shared) <= alone + _GAIN:
            return best, alone
        return texts[shared.index(max(shared))], max(shared)

    def _quote(self, point: str, best: Segment, asked: str) -> Segment:
        """The shortest part of a sentence that holds nearly all of what it says about the point."""
        parts = clauses(best.text)
        whole = self.recall(point, best.text, asked)
        for part in sorted(parts, key=lambda one: len(one.text)):
            if whole and self.recall(point, part.text, asked) >= 0.9 * whole:
                return Segment(part.text, best.start + part.start, best.start + part.end)
        return best

    def _keep(self, texts: Sequence[str]) -> Vectors:
        """Vectors of texts that come again; each is embedded alone, so that its vector never varies."""
        if len(_kept) > _KEPT_VECTORS:
            _kept.clear()
        return np.stack([self._kept_or_new(text) for text in texts])

    def _kept_or_new(self, text: str) -> Vectors:
        key = (self._embedder.identity, text)
        vector = _kept.get(key)
        if vector is None:
            vector = _kept[key] = self._embedder.embed_queries([text])[0]
        return vector

    def _embed(self, texts: Sequence[str]) -> Vectors:
        return self._embedder.embed_queries(list(texts))


@dataclass(frozen=True, slots=True)
class _Answer:
    """What is read: the question and the answer in normal form, and the segments that were embedded."""

    asked: str
    text: str
    parts: tuple[Segment, ...]


def _nearness(one: Segment, parts: Sequence[Segment], close: Vectors) -> float:
    """Closeness of the segment that a sentence lies in."""
    return max(float(close[i]) for i, part in enumerate(parts) if part.start <= one.start < part.end)


def _round(cosines: Vectors) -> Vectors:
    return np.round(cosines, COSINE_DECIMALS)
