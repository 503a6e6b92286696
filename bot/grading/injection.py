"""Words that are meant for the examiner and not for the question, and where they stand."""

import re
from dataclasses import dataclass
from functools import lru_cache

from bot.domain.spans import Span
from bot.grading.address import FEW, addresses, answers, own_weight
from bot.grading.clauses import Segment, clauses, sentences
from bot.grading.disguise import undisguised
from bot.grading.orders import THEMES, Force
from bot.grading.words import unit_set

_VERDICT_JSON = re.compile(
    r"""[{\[][^{}]{0,400}["'](?:status|verdicts?|score|grade|points?|covered|confidence|evidence|reasoning|key_?points?)["']\s*:"""
    r"""[^\n]{0,600}?[}\]]+"""
    r"|\b(?:confidence|置信度)\s{0,9}[=:]\s{0,9}[01]?\.?\d{1,4}"
    r"|\b(?:score|grade|confidence|verdict|status|rating|得分|分数|评分|总分|成绩|评级|等级)\s{0,9}[=:是为]\s{0,9}"
    r"(?:[\"']?(?:covered|full|correct|pass|满分|优秀|a\+?(?![a-z]))|100\b|10\s*/\s*10|5\s*/\s*5)",
)
_FORGED_JSON = re.compile(
    r"""[{,]\s{0,9}["'](?:status|verdicts?)["']\s{0,9}:\s{0,9}["'](?:covered|contradicted|correct|full|满分|全对|覆盖)["']"""
)
_JSON_SUBJECT = re.compile(r"json|结构化|schema")
_QUOTED = re.compile(r"[“\"'‘「『`][^”\"'’」』`\n]{0,120}[”\"'’」』`]")
_TOLD = re.compile(
    r"例如|比如|譬如|诸如|像|所谓|写着|写有|写上|混入|藏|攻击|恶意|诱导|诱使|欺骗|骗|越狱|注入|防|用户|网页|文档|外部|"
    r"模型|e\.g|such as|like|attack|malicious|inject|jailbreak|trick|user|model|says|tells|contain"
)


@dataclass(frozen=True, slots=True)
class Asked:
    """What an answer is read against, in normal form.

    Attributes:
        subject: Question and key points: what they speak of themselves may be mentioned.
        wanted: Content units of the key points that the question lacks.
    """

    subject: str = ""
    wanted: frozenset[str] = frozenset()


def injected(text: str, asked: Asked | None = None) -> tuple[Span, ...]:
    """Places in normalised text that address the examiner: whole clauses, in order, apart from each other.

    Args:
        text: The answer.
        asked: None where the text was hidden, so that nothing in it is an answer.
    """
    view = undisguised(text)
    reader = _Reader(text, asked or Asked(), hidden=asked is None)
    found: list[Span] = []
    for theme in THEMES:
        told = bool(reader.asked.subject) and theme.is_about(reader.asked.subject)
        for force, pattern in theme.patterns:
            hits = [view.span(*match.span()) for match in pattern.finditer(view.text) if match[0]]
            found += [hit for hit in hits if reader.counts(hit, force, told)]
    if not (reader.asked.subject and _JSON_SUBJECT.search(reader.asked.subject)):
        found += reader.forged()
    return _whole(text, found)


def without(text: str, holes: tuple[Span, ...]) -> str:
    """`text` with line ends in place of the characters inside `holes`; every other place stays the same."""
    chars = list(text)
    for hole in holes:
        chars[hole.start : hole.end] = "\n" * len(hole)
    return "".join(chars)


def merged(spans: list[Span]) -> tuple[Span, ...]:
    """The same places in order, those that touch or overlap as one."""
    found: list[Span] = []
    for span in sorted(spans, key=lambda item: (item.start, item.end)):
        if found and span.start <= found[-1].end:
            found[-1] = Span(start=found[-1].start, end=max(span.end, found[-1].end))
        else:
            found.append(span)
    return tuple(found)


class _Reader:
    """Tells where words of the examiner's trade are talk to the examiner, by what stands around them."""

    def __init__(self, text: str, asked: Asked, *, hidden: bool) -> None:
        self._text = text
        self.asked = asked
        self._hidden = hidden
        self._sentences = sentences(text)
        self._clauses = clauses(text)

    def counts(self, hit: Span, force: Force, told: bool) -> bool:
        """Whether a hit is talk to the examiner.

        Args:
            hit: Its place.
            force: That of its pattern.
            told: Whether the question is about what the pattern speaks of.
        """
        sentence = _around(self._sentences, hit)
        if self._hidden or sentence is None:
            return True
        if _is_quoted(sentence, hit) or (told and _is_reported(sentence, hit)):
            return False
        if force is Force.ORDER:
            return True
        clause = _around(self._clauses, hit)
        if clause is not None and self._is_order(clause.text):
            return True
        seen = _seen(sentence.text)
        if told and not addresses(seen):
            return not _says_beside(sentence, hit)
        if force is Force.PLAIN and not addresses(seen):
            return False
        return not answers(seen, self.asked.wanted)

    def forged(self) -> list[Span]:
        """Places of verdicts in the form in which a judge would give them."""
        found: list[Span] = []
        for match in _VERDICT_JSON.finditer(self._text):
            hit = Span(start=match.start(), end=match.end())
            force = Force.ORDER if _FORGED_JSON.search(match[0]) else Force.TALK
            found += [hit] if self.counts(hit, force, told=False) else []
        return found

    def _is_order(self, clause: str) -> bool:
        """Whether a clause does nothing but address the examiner."""
        seen = _seen(clause)
        return addresses(seen) and not answers(seen, self.asked.wanted) and own_weight(seen) < FEW


@lru_cache(maxsize=1024)
def _seen(text: str) -> str:
    """A sentence or clause without its disguises."""
    return undisguised(text).text


@lru_cache(maxsize=1024)
def _quotations(sentence: str) -> tuple[tuple[int, int], ...]:
    """Where quotation marks stand in a sentence that says something beside them."""
    if own_weight(_QUOTED.sub("\n", sentence)) < FEW:
        return ()
    return tuple(match.span() for match in _QUOTED.finditer(sentence))


def _around(parts: tuple[Segment, ...], hit: Span) -> Segment | None:
    return next((one for one in parts if one.start <= hit.start and hit.end <= one.end), None)


def _is_quoted(sentence: Segment, hit: Span) -> bool:
    """Whether a hit stands in quotation marks, in a sentence that says something beside them."""
    start, end = hit.start - sentence.start, hit.end - sentence.start
    return any(first <= start and end <= last for first, last in _quotations(sentence.text))


def _is_reported(sentence: Segment, hit: Span) -> bool:
    """Whether a hit stands behind words that report it."""
    return _TOLD.search(sentence.text[: hit.end - sentence.start]) is not None


def _says_beside(sentence: Segment, hit: Span) -> bool:
    """Whether a sentence says anything beside a hit."""
    before, after = sentence.text[: hit.start - sentence.start], sentence.text[hit.end - sentence.start :]
    return bool(unit_set(f"{before}\n{after}"))


def _whole(text: str, hits: list[Span]) -> tuple[Span, ...]:
    """Hits as the clauses they stand in, with sentences that are mostly that."""
    if not hits:
        return ()
    parts = sentences(text)
    pieces = sorted((*clauses(text), *parts), key=lambda one: one.end - one.start)
    found: list[Span] = []
    for hit in merged(hits):
        around = next((one for one in pieces if one.start <= hit.start and hit.end <= one.end), None)
        found.append(Span(start=around.start, end=around.end) if around else hit)
    joined = merged(found)
    tainted = [Span(start=one.start, end=one.end) for one in parts if _mostly(one, joined)]
    return merged([*joined, *tainted])


def _mostly(sentence: Segment, holes: tuple[Span, ...]) -> bool:
    """Whether at least half of a sentence addresses the examiner: then the rest of it does too."""
    inside = sum(max(0, min(hole.end, sentence.end) - max(hole.start, sentence.start)) for hole in holes)
    return 2 * inside >= sentence.end - sentence.start
