"""What in an answer speaks to each key point: segments, shared words, and closeness of meaning."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bot.grading.alignment import Alignment, Passage, align, passage
from bot.grading.clauses import Segment, clauses, windows, without
from bot.grading.normal import plain
from bot.grading.quotes import echoes
from bot.grading.term_rows import term_rows
from bot.grading.token_space import TokenSpace, TokenText
from bot.grading.topic import BY_CHANCE
from bot.grading.words import unit_set, units
from bot.seams import TokenEmbedder

NEARNESS_WEIGHT = 2.0
"""What likeness in meaning counts beside shared words when the best sentence is chosen."""
ECHO_WEIGHT = 0.3
"""What a unit of the key point counts that stands in the question already."""
OFF_TOPIC = 0.25
"""Likeness to each key point below which a sentence is passed over that shares words only by chance."""
_COMPANIONS = 7
"""Sentences that are tried beside the best one."""
_GAIN = 0.05
"""Recall that a second sentence has to add."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """What one key point finds in an answer; question, point and answer are in normal form.

    Attributes:
        answer: As it was read: blank where something was passed over.
        ranked: Sentences, the one that speaks to the point most first.
        pair: That sentence and the one that adds most to it, as one text.
        quote: The clause of the first one that holds nearly all of what it says about the point.
        recall: Share of the point's units, by rarity and with the question's discounted, found in (the
            answer, the first sentence, pair); plain_recall the same without the discount.
        rivals: Other sentences that speak to the point nearly as much.
        close: Cosine, above the usual closeness of the two texts to anything, of the piece that holds that
            sentence.
        echo: The same between the point and the question.
        alignment: How the point's tokens find their counterparts.
        is_row: Whether the first sentence only strings words of question and key points together.
    """

    question: str
    point: str
    answer: str
    ranked: tuple[Segment, ...]
    pair: str
    quote: Segment
    recall: tuple[float, float, float]
    plain_recall: float
    rivals: tuple[str, ...]
    close: float
    echo: float
    alignment: Alignment
    is_row: bool

    @property
    def best(self) -> Segment:
        """The sentence that speaks to the point most."""
        return self.ranked[0]


class Reader:
    """Finds evidence; what was read of questions and key points is kept.

    Args:
        embedder: The one that the verifier was trained with.
        rarity: Weight of a content unit; 1 for those that are not in it.
        token_rarity: The same for the embedder's tokens, as written.
    """

    def __init__(
        self, embedder: TokenEmbedder, rarity: Mapping[str, float], token_rarity: Mapping[str, float]
    ) -> None:
        self._space = TokenSpace(embedder, token_rarity)
        self._rarity = rarity

    def read(self, question: str, points: Sequence[str], text: str) -> tuple[Evidence, ...]:
        """Evidence for each point, in order.

        Args:
            question: As asked.
            points: Texts of the key points.
            text: The answer in normal form; it must hold at least one segment. Sentences that have nothing to
                do with question or points are passed over, unless there are no others.

        Raises:
            ModelUnavailable: The embedder cannot be loaded.
        """
        found = self._read(question, points, text)
        left = without(text, _off_topic(found))
        return found if left == text else self._read(question, points, left)

    def _read(self, question: str, points: Sequence[str], text: str) -> tuple[Evidence, ...]:
        asked = self._space.read(plain(question))
        wanted = [plain(point) for point in points]
        laid_out = [self._space.read(point) for point in wanted]
        parts = windows(text)
        said = [self._space.read(part.text) for part in parts]
        answer = passage(parts, said, text, asked)
        found = align(laid_out, answer, asked)
        rows = term_rows(text, "\n".join([plain(question), *wanted]))
        return tuple(
            self._evidence(
                _Held(plain(question), point, answer, found[row], rows),
                [_cosine(laid_out[row], piece) for piece in _homes(answer, parts, said)],
                _cosine(laid_out[row], asked),
            )
            for row, point in enumerate(wanted)
        )

    def weight(self, unit: str) -> float:
        """Rarity of a content unit, above 0."""
        return self._rarity.get(unit, 1.0)

    def recall(self, point: str, said: str, asked: str = "") -> float:
        """Weighted share of a point's units that stand in `said`; those in `asked` count less."""
        echoed = {unit.text for unit in units(asked)}
        found = {unit.text for unit in units(said)}
        total = earned = 0.0
        for unit in dict.fromkeys(unit.text for unit in units(point)):  # a set's order moves the last digit
            weight = self.weight(unit) * (ECHO_WEIGHT if unit in echoed else 1.0)
            total += weight
            earned += weight if unit in found else 0.0
        return earned / total if total else float(point.strip() in said)

    def _evidence(self, held: "_Held", close: Sequence[float], echo: float) -> Evidence:
        point, asked, text = held.point, held.asked, held.answer.text
        small = held.answer.sentences
        recalls = [self.recall(point, part.text, asked) for part in small]
        near = held.alignment.by_sentence
        order = sorted(
            range(len(small)),
            key=lambda i: (echoes(asked, small[i].text), -(recalls[i] + NEARNESS_WEIGHT * near[i]), i),
        )
        best = small[order[0]]
        pair, shared = self._pair(held, [small[i] for i in order])
        bar = max(0.4, 0.7 * recalls[order[0]])
        return Evidence(
            question=asked,
            point=point,
            answer=text,
            ranked=tuple(small[i] for i in order),
            pair=pair,
            quote=self._quote(point, best, asked),
            recall=(self.recall(point, text, asked), recalls[order[0]], shared),
            plain_recall=self.recall(point, text),
            rivals=tuple(small[i].text for i in order[1:] if recalls[i] >= bar),
            close=close[order[0]],
            echo=echo,
            alignment=held.alignment,
            is_row=best in held.rows,
        )

    def _pair(self, held: "_Held", ordered: Sequence[Segment]) -> tuple[str, float]:
        """The best sentence with the one that adds most to it, if any does, and their recall."""
        best = ordered[0].text
        alone = self.recall(held.point, best, held.asked)
        texts = [f"{best}\n{other.text}" for other in ordered[1 : 1 + _COMPANIONS]]
        shared = [self.recall(held.point, text, held.asked) for text in texts]
        if not shared or max(shared) <= alone + _GAIN:
            return best, alone
        return texts[shared.index(max(shared))], max(shared)

    def _quote(self, point: str, best: Segment, asked: str) -> Segment:
        """The shortest part of a sentence that holds nearly all of what it says about the point."""
        parts = clauses(best.text)
        whole = self.recall(point, best.text, asked)
        for part in sorted(parts, key=lambda one: len(one.text)):
            if echoes(asked, part.text):
                continue
            if whole and self.recall(point, part.text, asked) >= 0.9 * whole:
                return Segment(part.text, best.start + part.start, best.start + part.end)
        return best


@dataclass(frozen=True, slots=True)
class _Held:
    """A key point held against an answer; question and point in normal form."""

    asked: str
    point: str
    answer: Passage
    alignment: Alignment
    rows: tuple[Segment, ...]


def _off_topic(found: Sequence[Evidence]) -> list[Segment]:
    """Sentences of an answer that have nothing to do with the question or any of its points."""
    known = unit_set("\n".join([found[0].question, *(one.point for one in found)]))
    near = [max(one.alignment.by_sentence[place] for one in found) for place in range(len(found[0].ranked))]
    said = sorted(found[0].ranked, key=lambda part: part.start)
    return [
        part
        for part, nearest in zip(said, near, strict=True)
        if nearest < OFF_TOPIC and len(known & unit_set(part.text)) <= BY_CHANCE
    ]


def _homes(answer: Passage, parts: Sequence[Segment], said: Sequence[TokenText]) -> list[TokenText]:
    """For each sentence the piece that was embedded with it."""
    pairs = list(zip(parts, said, strict=True))
    return [
        next(read for part, read in pairs if part.start <= one.start < part.end) for one in answer.sentences
    ]


def _cosine(one: TokenText, other: TokenText) -> float:
    """Above the usual closeness of the two to anything."""
    return 2 * float(one.whole @ other.whole) - one.usual - other.usual
