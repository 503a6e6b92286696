"""Whether a sentence of a model's is said by the passages, and where."""

import re
from collections.abc import Callable, Sequence

from bot.domain.answers import Hit
from bot.domain.sentences import sentences
from bot.domain.spans import Frozen, Span, raw_span
from bot.explaining.polarity import numbers, opposite
from bot.retrieval.evidence import Words

SUPPORTED = 0.6
"""Share of a sentence's words, weighted by rarity, that one passage has to hold."""

CLOSE = 0.85
"""Nearness (0..1 scale of the index) that stands in for shared words across languages."""

SAME_MATTER = 0.6
"""Word overlap from which two sentences are taken to be about the same thing."""

_MARKER = re.compile(r"\s*(?:\[\^?\d{1,3}\]|【\d{1,3}】|［\d{1,3}］|\(\[?\d{1,3}\]\))")
_ITEM = re.compile(r"^\s*(?:[-*•]|\d{1,2}[.、)）])\s*(?=\S)")
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

    def support(self, sentence: str, question: str) -> Support | None:
        """The best passage that says `sentence`, or None when no passage does.

        A number must stand in the passage or in the question; a sentence that turns the closest
        sentence of the passage into its opposite is not supported.
        """
        bare = without_markers(sentence)
        found = [self._in_hit(bare, question, index) for index in range(len(self._hits))]
        return max((support for support in found if support), key=lambda s: s.strength, default=None)

    def _in_hit(self, sentence: str, question: str, index: int) -> Support | None:
        hit = self._hits[index]
        text = "\n".join((*hit.chunk.heading_path, hit.chunk.text))
        if numbers(sentence) - numbers(text) - numbers(question):
            return None
        strength = self._strength(sentence, text, index)
        span = self._closest(sentence, hit.chunk.text)
        if strength is None or span is None:
            return None
        said = span.cut(hit.chunk.text)
        if self._words.coverage(sentence, said) >= SAME_MATTER and opposite(sentence, said):
            return None
        place = raw_span(hit.chunk.spans, span.start, span.end)
        return Support(number=index + 1, span=place, quote=said[: len(place)], strength=strength)

    def _strength(self, sentence: str, text: str, index: int) -> float | None:
        shared = self._words.coverage(sentence, text)
        if shared >= SUPPORTED:
            return shared
        foreign = bool(_CJK.search(sentence)) != bool(_CJK.search(text))
        if foreign and self._nearness is not None:
            near = self._nearness(sentence, index)
            return near if near >= CLOSE else None
        return None

    def _closest(self, sentence: str, text: str) -> Span | None:
        def overlap(span: Span) -> float:
            said = span.cut(text)
            return self._words.coverage(sentence, said) + 0.5 * self._words.coverage(said, sentence)

        return max(sentences(text), key=overlap, default=None)


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
