"""Finding a quote in the notes: verbatim, or the place that a careless copy was made from."""

import unicodedata
from collections.abc import Sequence
from difflib import SequenceMatcher
from itertools import pairwise

from bot.domain.spans import Span
from bot.questions.sentence_parts import sentence_spans

NEAR_ENOUGH = 0.8
"""Least similarity (difflib's, without marks and white space) of a quote to the place it is mended to."""
SHORTEST = 4
"""Fewest letters and digits of a quote that says anything."""
_MARKS = "*_`#>|~"


def find_quote(quote: str, raw: str, spans: Sequence[Span]) -> Span | None:
    """Where `quote` stands within one of `spans`; a quote with small mistakes is mended to the nearest place.

    Returns:
        None when no place of `spans` is near enough.
    """
    if sum(char.isalnum() for char in quote) < SHORTEST:
        return None
    return _verbatim(quote, raw, spans) or _but_for_marks(quote, raw, spans) or _nearest(quote, raw, spans)


def _verbatim(quote: str, raw: str, spans: Sequence[Span]) -> Span | None:
    for span in spans:
        start = raw.find(quote, span.start, span.end)
        if start >= 0:
            return Span(start=start, end=start + len(quote))
    return None


def _but_for_marks(quote: str, raw: str, spans: Sequence[Span]) -> Span | None:
    """The place whose letters, digits and signs are the quote's, whatever marks and white space do."""
    wanted, _ = _key(quote, 0)
    for span in spans:
        key, places = _key(span.cut(raw), span.start)
        at = key.find(wanted)
        if at >= 0 and wanted:
            return Span(start=places[at], end=places[at + len(wanted) - 1] + 1)
    return None


def _nearest(quote: str, raw: str, spans: Sequence[Span]) -> Span | None:
    """The run of one to three sentences most like the quote."""
    wanted, _ = _key(quote, 0)
    best, found = NEAR_ENOUGH, None
    for span in spans:
        for place in _runs(raw, span):
            matcher = SequenceMatcher(None, wanted, _key(place.cut(raw), 0)[0], autojunk=False)
            if matcher.real_quick_ratio() >= best and matcher.quick_ratio() >= best:
                ratio = matcher.ratio()
                if ratio >= best:
                    best, found = ratio, place
    return found


def _runs(raw: str, span: Span) -> list[Span]:
    found: list[tuple[int, int]] = []
    cursor = span.start
    for line in span.cut(raw).split("\n"):
        found.extend(sentence_spans(raw, cursor, cursor + len(line)))
        cursor += len(line) + 1
    places = [Span(start=start, end=end) for start, end in found]
    pairs = [Span(start=a.start, end=b.end) for a, b in pairwise(places)]
    threes = [Span(start=a.start, end=c.end) for a, c in zip(places, places[2:], strict=False)]
    return [*places, *pairs, *threes]


def _key(text: str, offset: int) -> tuple[str, list[int]]:
    """Folded characters of `text` without marks and white space, and where each one stands."""
    key: list[str] = []
    places: list[int] = []
    for i, char in enumerate(text):
        if char.isspace() or char in _MARKS:
            continue
        for folded in unicodedata.normalize("NFKC", char).lower():
            key.append(folded)
            places.append(offset + i)
    return "".join(key), places
