"""Words that are meant for the examiner and not for the question, and where they stand."""

import re

from bot.domain.spans import Span
from bot.grading.clauses import Segment, clauses, sentences
from bot.grading.disguise import undisguised
from bot.grading.orders import THEMES

_VERDICT_JSON = re.compile(
    r"""[{\[][^{}]{0,400}["'](?:status|verdicts?|score|grade|points?|covered|confidence|evidence|reasoning|key_?points?)["']\s*:"""
    r"""[^\n]{0,600}?[}\]]+"""
    r"|\b(?:confidence|置信度)\s{0,9}[=:]\s{0,9}[01]?\.?\d{1,4}"
    r"|\b(?:score|grade|confidence|verdict|status|rating|得分|分数|评分|总分|成绩|评级|等级)\s{0,9}[=:是为]\s{0,9}"
    r"(?:[\"']?(?:covered|full|correct|pass|满分|优秀|a\+?(?![a-z]))|100\b|10\s*/\s*10|5\s*/\s*5)",
)
_JSON_SUBJECT = re.compile(r"json|结构化|schema")
_QUOTED = re.compile(r"[“\"'‘「『`][^”\"'’」』`\n]{0,120}[”\"'’」』`]")
_TOLD = re.compile(
    r"例如|比如|譬如|诸如|像|所谓|写着|写有|写上|混入|藏|攻击|恶意|诱导|诱使|欺骗|骗|越狱|注入|防|用户|网页|文档|外部|"
    r"模型|e\.g|such as|like|attack|malicious|inject|jailbreak|trick|user|model|says|tells|contain"
)


def injected(text: str, subject: str = "") -> tuple[Span, ...]:
    """Places in normalised text that address the examiner: whole clauses, in order, apart from each other.

    Args:
        text: The answer.
        subject: Question and key points in normal form: what they speak of themselves may be mentioned.
    """
    view = undisguised(text)
    found: list[Span] = []
    for theme in THEMES:
        told = bool(subject) and theme.is_about(subject)
        hits = [view.span(*match.span()) for match in theme.pattern.finditer(view.text) if match[0]]
        found += [hit for hit in hits if not (told and _mentioned(text, hit))]
    if not (subject and _JSON_SUBJECT.search(subject)):
        found += [Span(start=match.start(), end=match.end()) for match in _VERDICT_JSON.finditer(text)]
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


def _mentioned(text: str, hit: Span) -> bool:
    """Whether a hit is spoken about: it stands in quotation marks, or behind words that report it."""
    start = max(text.rfind(mark, 0, hit.start) for mark in "。\n") + 1
    stop = next(
        (i for i in range(hit.end, min(len(text), hit.end + 200)) if text[i] in "。\n"), hit.end + 200
    )
    sentence = text[start:stop]
    inside = Span(start=hit.start - start, end=hit.end - start)
    quoted = any(m.start() <= inside.start and inside.end <= m.end() for m in _QUOTED.finditer(sentence))
    if quoted:
        return any(char.isalnum() for char in _QUOTED.sub("", sentence))
    return _TOLD.search(sentence[: inside.end]) is not None


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
