"""What code knows of an answer whatever a judge says: acts on any judge's verdicts, and only downwards."""

import re
from collections.abc import Sequence

from bot.domain.grades import Status, Verdict
from bot.domain.questions import KeyPoint
from bot.grading import stance
from bot.grading.clauses import Segment, clauses, sentences
from bot.grading.normal import plain
from bot.grading.pairs import turned
from bot.grading.roles import exchanged
from bot.grading.words import unit_set

SAME_SHARE = 0.6
"""Share of a key point's units that a clause must hold to be one of two versions of it."""
GUESS_VALUE = 0.5
"""What a point is worth at most where the learner says that it is a guess."""
BOTH_VALUE = 0.25
"""The same where the opposite is offered beside it."""
_HEAD = 8
"""Characters at the head of a version in which it may be offered as the other one: 'or maybe ...'."""
_STOP = r"(?=\s{0,9}(?:[。.!?,;:、)\n]|$))"
_TAKEN_BACK = re.compile(
    r"(?:以上|上述|上面|前面|前述|刚才|这些|我[说写讲答]的)"
    r"(?:的|这些|那些|我|所有|全部|一切|所|[说写讲答]|说法|内容|回答|结论|观点|论述|描述|话|答案|要点){0,5}"
    rf"\s{{0,9}}(?:都|全|均|统统|完全|其实){{1,3}}部?是?(?:错误|错|不对|不正确|不成立|假)[的了吧]{{0,2}}{_STOP}"
    r"|\b(?:all|everything)\s(?:of\s)?(?:the\s|that\s|what\s)?"
    r"(?:above|i\s(?:have\s)?(?:just\s)?(?:said|wrote)(?:\sabove)?)\s(?:is|are|was|were)\s"
    rf"(?:all\s|completely\s|actually\s)?(?:false|wrong|incorrect|untrue|not\strue){_STOP}"
)
_OPENS = r"(?:^|(?<=[。.!?,;:(\n])|(?<=[。.!?,;:(\n]\s))"
_UNSURE = r"(?:不太?确定(?!性|的)|不敢(?:肯定|确定)|记不太?清|说不准|拿不准)(?!的)"
_UNSURE_EN = r"(?:guessing|not\s+(?:really\s+|entirely\s+)?sure)\b"
_GUESS = re.compile(
    rf"我(?:只是|也|就|是){{0,2}}[瞎乱]?猜|[瞎乱]猜的?{_STOP}|随便猜|蒙一个|猜一个|(?:我的|纯属|只是|仅是|这是)猜测{_STOP}"
    rf"|{_OPENS}(?:猜测|猜的|大概猜)|(?:我|{_OPENS})(?:也|还|真的?|自己|有点|其实){{0,2}}{_UNSURE}"
    rf"|\bi\s+guess\b|\bwild\s+guess\b|\bi(?:'m|\s+am)\s+(?:just\s+|only\s+)?{_UNSURE_EN}"
    rf"|{_OPENS}(?:but\s+)?(?:{_UNSURE_EN}|just\s+guessing\b|(?:just\s+)?a\s+guess\b)",
    re.MULTILINE,
)
_GUESS_WORDS = re.compile(r"猜|确定|肯定|guess|sure")
_EITHER = re.compile(
    r"可能|也许|或许|要么|或者(?!说)|或是(?!说)|还是|之一|[一二]是|其[一二]|两种说法|好像|又好像|(?:^|[\s:;。,])[a-d][\s.、:)]"
    r"|\beither\b|\bmaybe\b|\bperhaps\b|\bpossib\w+|\bor\b|\bmight\b|\bmay\b"
)


def limited(
    points: Sequence[KeyPoint], verdicts: Sequence[Verdict], text: str, question: str = ""
) -> tuple[Verdict, ...]:
    """Verdicts within what an answer's form allows.

    It acts on a guess, a point beside its opposite, all taken back, and on what is said of the wrong thing.

    Args:
        points: In the order of the verdicts.
        verdicts: A judge's.
        text: The answer in normal form, as the judge read it.
        question: In normal form: what it compares may be contrasted.
    """
    back = max((found.start() for found in _TAKEN_BACK.finditer(text)), default=0)
    texts = [plain(point.text) for point in points]
    of_another = exchanged(question, texts, text)
    return tuple(
        _reversed(verdict)
        if _said_before(verdict, back, text)
        or _is_turned(point, verdict, (question, *texts))
        or point in of_another
        else _lowered(verdict, _most(question, point, verdict, text))
        for point, verdict in zip(texts, verdicts, strict=True)
    )


def _is_turned(point: str, verdict: Verdict, known: Sequence[str]) -> bool:
    return verdict.quote is not None and turned(point, plain(verdict.quote.text), known)


def _said_before(verdict: Verdict, place: int, text: str) -> bool:
    """Whether what was quoted stands only before a place of the text."""
    said = plain(verdict.quote.text).strip() if verdict.quote else ""
    return bool(said) and place > 0 and said not in text[place:]


def _most(question: str, point: str, verdict: Verdict, text: str) -> float:
    """The most that a covered point can earn, 0..1."""
    if verdict.status is not Status.COVERED or verdict.quote is None:
        return 1.0
    if not _EITHER.search(point) and _both_ways(question, point, text):
        return BOTH_VALUE
    said = plain(verdict.quote.text)
    around = next((one.text for one in sentences(text) if said.strip() in one.text), said)
    return GUESS_VALUE if _guesses(around, f"{question}\n{point}") else 1.0


def _guesses(said: str, subject: str) -> bool:
    """Whether the learner calls it a guess; where guessing is the subject, its words tell nothing."""
    return _GUESS.search(said) is not None and not (
        set(_GUESS_WORDS.findall(said)) & set(_GUESS_WORDS.findall(subject))
    )


def _both_ways(question: str, point: str, text: str) -> bool:
    """Whether an answer offers a key point and, elsewhere, the same with a negation or an opposite."""
    wanted = unit_set(point)
    if not wanted or not _EITHER.search(text):
        return False
    near = [one for one in _pieces(text) if len(wanted & unit_set(one.text)) >= SAME_SHARE * len(wanted)]
    turned = [one for one in near if stance.opposed(point, one.text) > 0]
    straight = [one for one in near if one not in turned]
    return any(
        _offered(text, one, other)
        for one in turned
        if not _contrasts(question, point, one.text)
        for other in straight
    )


def _contrasts(question: str, point: str, said: str) -> bool:
    """Whether a clause speaks of another of the things that the question compares than the key point does."""
    asked, ours, theirs = unit_set(question), unit_set(point), unit_set(said)
    return bool(asked & theirs - ours) and bool(asked & ours - theirs)


def _offered(text: str, one: Segment, other: Segment) -> bool:
    """Whether two versions are offered to choose from: in one sentence, or each in a sentence that does."""
    last = max(one.start, other.start) + _HEAD
    around = {s for s in sentences(text) for part in (one, other) if s.start <= part.start < s.end}
    if len(around) == 1:
        return any(_EITHER.search(text[sentence.start : last]) for sentence in around)
    return all(_EITHER.search(sentence.text) for sentence in around)


def _pieces(text: str) -> tuple[Segment, ...]:
    """Sentences, and clauses where a sentence offers several."""
    parts = sentences(text)
    return (*parts, *(one for one in clauses(text) if one not in parts))


def _reversed(verdict: Verdict) -> Verdict:
    """What was found, as said to be false."""
    if verdict.status not in (Status.COVERED, Status.PARTIAL):
        return verdict
    return verdict.model_copy(update={"status": Status.CONTRADICTED, "value": 0.0})


def _lowered(verdict: Verdict, most: float) -> Verdict:
    if most >= 1.0:
        return verdict
    return verdict.model_copy(update={"status": Status.PARTIAL, "value": min(most, verdict.points)})
