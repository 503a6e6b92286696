"""Answering with the notes' own sentences, where no language model words them."""

import re
from collections.abc import Iterator, Sequence

from bot.domain.answers import Hit
from bot.domain.sentences import sentences
from bot.domain.spans import Span, raw_span
from bot.explaining.support import Support
from bot.retrieval import ANSWERABLE, EvidenceGate

WRONG_ON_PURPOSE = re.compile(
    r"误区|误解|易错|常见错误|踩坑|错误认识|pitfall|misconception|common mistake|myth", re.IGNORECASE
)
"""Headings under which notes write down what is wrong; taken out of context it would mislead."""

MOST = 3
"""Passages shown."""

PASSAGE_CHARS = 400
"""A passage longer than this is cut at sentence ends around what matters most."""


def passage_sentences(query: str, hits: Sequence[Hit], gate: EvidenceGate) -> Iterator[tuple[str, Support]]:
    """Verbatim passages that answer `query`, best first: the best hit, and others that would do alone."""
    for number, hit in enumerate(hits[:MOST], start=1):
        if number > 1 and gate.evidence(query, [hit]) < ANSWERABLE:
            continue
        passage = best_passage(query, hit, gate)
        place = raw_span(hit.chunk.spans, passage.start, passage.end)
        text = passage.cut(hit.chunk.text)[: len(place)]
        yield text, Support(number=number, span=place, quote=text, strength=1.0)


def reliable_first(hits: Sequence[Hit]) -> list[Hit]:
    """The same hits in the same order, but sections about mistakes after the others."""
    return sorted(hits, key=lambda hit: any(WRONG_ON_PURPOSE.search(part) for part in hit.chunk.heading_path))


def best_passage(query: str, hit: Hit, gate: EvidenceGate) -> Span:
    """Run of whole sentences of the hit's text, at most PASSAGE_CHARS (or one sentence), best for `query`.

    The question line of a question with its answer is left out: the answer is wanted.
    """
    text = hit.chunk.text
    skipped = len(hit.chunk.question_span) if hit.chunk.question_span else 0
    spans = [span for span in sentences(text) if span.start >= skipped] or sentences(text)
    if not spans:
        return Span(start=0, end=len(text))
    runs = [_run(spans, first) for first in range(len(spans))]
    best = max(runs, key=lambda run: gate.words.coverage(query, run.cut(text)))  # the earliest of equals
    return best


def _run(spans: Sequence[Span], first: int) -> Span:
    end = spans[first].end
    for span in spans[first + 1 :]:
        if span.end - spans[first].start > PASSAGE_CHARS:
            break
        end = span.end
    return Span(start=spans[first].start, end=end)
