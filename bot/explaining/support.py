"""Whether a sentence of a model's is said by the passages, and where."""

import re
from collections.abc import Callable, Sequence

from bot.domain.answers import Hit
from bot.domain.sentences import sentences
from bot.domain.spans import Frozen, Span, raw_span
from bot.explaining.polarity import numbers, opposite
from bot.explaining.subjects import is_silent_about, mentioned, subjects
from bot.retrieval.evidence import Words, readable

SUPPORTED = 0.6
"""Share of a sentence's words, weighted by rarity, that one passage has to hold."""

CLAUSE_SUPPORTED = 0.5
"""Share of a clause's words that one sentence of the passage has to hold."""

SHORTEST_CLAUSE = 4
"""Letters, digits and characters from which a part between commas is checked on its own."""

CLOSE = 0.85
"""Nearness (0..1 scale of the index) that stands in for shared words across languages."""

SAME_MATTER = 0.6
"""Word overlap from which two sentences are taken to be about the same thing."""

_MARKER = re.compile(r"\s*(?:\[\^?\d{1,3}\]|【\d{1,3}】|［\d{1,3}］|\(\[?\d{1,3}\]\))")
_ITEM = re.compile(r"^\s*(?:[-*•]|\d{1,2}[.、)）])\s*(?=\S)")
_HEADING = re.compile(r"#{1,6}\s")
_CLAUSE_END = re.compile(r"[，,；;：:。！!？?]+")
_CJK = re.compile(r"[\u4e00-\u9fff]")


class Support(Frozen):
    """Where a sentence is said."""

    number: int
    """Of the hit, from 1."""
    span: Span
    """Of the raw file: the sentence that says it."""
    quote: str
    """The characters at `span`."""
    strength: float


class SupportChecker:
    """Checks sentences against the hits of one question.

    Args:
        hits: Passages, in the order of their numbers.
        words: Lexical index of the build.
        nearness: Nearness (0..1 scale) of a sentence to hit `i`, for sentences in another language
            than the passage; None: such sentences are never supported.
    """

    def __init__(
        self, hits: Sequence[Hit], words: Words, nearness: Callable[[str, int], float] | None = None
    ) -> None:
        self._hits = hits
        self._words = words
        self._nearness = nearness
        self._said = [statements(hit) for hit in hits]
        self._mentioned = [mentioned(readable(hit)) for hit in hits]

    def support(self, sentence: str, question: str) -> Support | None:
        """The best passage that says `sentence`, or None when no passage does.

        A number must stand in the passage or in the question, each clause has to be said by one
        sentence of the passage, its subject may not be that of another passage or of the question alone,
        and no passage may say the opposite.
        """
        bare = without_markers(sentence)
        if any(self._turned(clause) for clause in clauses(bare)):
            return None
        found = [self._in_hit(bare, question, index) for index in range(len(self._hits))]
        return max((support for support in found if support), key=lambda s: s.strength, default=None)

    def _turned(self, clause: str) -> bool:
        """Whether the passages' closest sentence on the same matter says the opposite of `clause`."""
        near = [
            (overlap, said)
            for text in (span.cut(hit.chunk.text) for hit, spans in self._pairs() for span in spans)
            for said in clauses(text)
            if (overlap := self._overlap(clause, said)) >= SAME_MATTER
        ]
        return bool(near) and opposite(clause, max(near)[1])

    def _pairs(self) -> list[tuple[Hit, list[Span]]]:
        return list(zip(self._hits, self._said, strict=True))

    def _overlap(self, one: str, other: str) -> float:
        return min(self._words.coverage(one, other), self._words.coverage(other, one))

    def _in_hit(self, sentence: str, question: str, index: int) -> Support | None:
        hit, spans = self._hits[index], self._said[index]
        text = readable(hit)
        if numbers(sentence) - numbers(text) - numbers(question) or not spans:
            return None
        if self._is_of_another(sentence, question, index):
            return None
        strength = self._strength(sentence, text, index)
        if strength is None:
            return None
        span = max(spans, key=lambda span: self._closeness(sentence, span.cut(hit.chunk.text)))
        place = raw_span(hit.chunk.spans, span.start, span.end)
        return Support(
            number=index + 1, span=place, quote=span.cut(hit.chunk.text)[: len(place)], strength=strength
        )

    def _is_of_another(self, sentence: str, question: str, index: int) -> bool:
        """Whether its subject stands in the question or another passage, and not in this one."""
        here = readable(self._hits[index])
        missing = {one for one in subjects(sentence) if is_silent_about(here, one)}
        return any(missing & elsewhere for elsewhere in (mentioned(question), *self._mentioned))

    def _strength(self, sentence: str, text: str, index: int) -> float | None:
        shared = self._words.coverage(sentence, text)
        if shared >= SUPPORTED and all(self._is_said(clause, index) for clause in clauses(sentence)):
            return shared
        foreign = bool(_CJK.search(sentence)) != bool(_CJK.search(text))
        if foreign and self._nearness is not None:
            near = self._nearness(sentence, index)
            return near if near >= CLOSE else None
        return None

    def _is_said(self, clause: str, index: int) -> bool:
        text = self._hits[index].chunk.text
        return any(
            self._words.coverage(clause, span.cut(text)) >= CLAUSE_SUPPORTED for span in self._said[index]
        )

    def _closeness(self, sentence: str, said: str) -> float:
        return self._words.coverage(sentence, said) + 0.5 * self._words.coverage(said, sentence)


def statements(hit: Hit) -> list[Span]:
    """Sentences of the hit's text that state something: not the question, no heading, no other question."""
    text = hit.chunk.text
    skipped = len(hit.chunk.question_span) if hit.chunk.question_span else 0
    return [
        span
        for span in sentences(text)
        if span.start >= skipped and not _HEADING.match(said := span.cut(text)) and said[-1] not in "?？"
    ]


def clauses(sentence: str) -> list[str]:
    """Parts of a sentence that each may claim something."""
    parts = [part.strip() for part in _CLAUSE_END.split(sentence)]
    return [part for part in parts if sum(char.isalnum() for char in part) >= SHORTEST_CLAUSE] or [sentence]


def without_numbers(sentence: str) -> str:
    """The sentence without the citation numbers that a model put in."""
    return _MARKER.sub("", sentence).strip()


def without_markers(sentence: str) -> str:
    """The sentence without the citation numbers and the list mark that a model put in."""
    return _ITEM.sub("", without_numbers(sentence)).strip()


def is_lead_in(sentence: str) -> bool:
    """Whether a sentence only announces what follows: short, ends in a colon, states no number."""
    bare = without_markers(sentence).rstrip("*_ ")
    return len(bare) <= 30 and bare.endswith((":", "：")) and not numbers(bare)
