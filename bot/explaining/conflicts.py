"""Passages that contradict each other."""

from collections.abc import Sequence

from bot.domain.answers import Hit
from bot.domain.sentences import sentences
from bot.domain.spans import Span, raw_span
from bot.explaining.polarity import numbers, opposite
from bot.explaining.support import Support
from bot.retrieval.evidence import Words

SAME_CLAIM = 0.75
"""Overlap of words, both ways, from which two sentences are one claim told twice."""

LOOKED_AT = 4
"""Hits that are compared with each other."""


def conflicts(question: str, hits: Sequence[Hit], words: Words) -> list[tuple[Support, Support]]:
    """Pairs of sentences of two hits that make the same claim with opposite sign or other numbers.

    Only sentences that share words with the question count.
    """
    found: list[tuple[Support, Support]] = []
    told = [_on_topic(question, number, hit, words) for number, hit in enumerate(hits[:LOOKED_AT], start=1)]
    for index, mine in enumerate(told):
        for theirs in told[index + 1 :]:
            pair = next(((a, b) for a in mine for b in theirs if _contradict(a.quote, b.quote, words)), None)
            if pair:
                found.append(pair)
    return found


def _on_topic(question: str, number: int, hit: Hit, words: Words) -> list[Support]:
    text = hit.chunk.text
    spans = [span for span in sentences(text) if _shares(question, span, text, words)]
    places = [raw_span(hit.chunk.spans, span.start, span.end) for span in spans]
    return [
        Support(number=number, span=place, quote=span.cut(text)[: len(place)], strength=1.0)
        for span, place in zip(spans, places, strict=True)
    ]


def _shares(question: str, span: Span, text: str, words: Words) -> bool:
    return words.coverage(question, span.cut(text)) >= 0.3


def _contradict(one: str, other: str, words: Words) -> bool:
    overlap = min(words.coverage(one, other), words.coverage(other, one))
    if overlap < SAME_CLAIM or _asks(one) or _asks(other):
        return False
    mine, theirs = numbers(one), numbers(other)
    return opposite(one, other) or bool(mine and theirs and mine.isdisjoint(theirs))


def _asks(sentence: str) -> bool:
    return sentence.rstrip().endswith(("?", "？"))
