"""What code knows of an answer whatever a judge says: acts on any judge's verdicts, and only downwards."""

import re
from collections.abc import Sequence

from bot.domain.grades import Status, Verdict
from bot.domain.questions import KeyPoint
from bot.grading import stance
from bot.grading.clauses import Segment, clauses, sentences
from bot.grading.normal import plain
from bot.grading.words import unit_set

SAME_SHARE = 0.6
"""Share of a key point's units that a clause must hold to be one of two versions of it."""
GUESS_VALUE = 0.5
"""What a point is worth at most where the learner says that it is a guess."""
BOTH_VALUE = 0.25
"""The same where the opposite is offered beside it."""
_TAKEN_BACK = re.compile(
    r"(?:以上|上述|上面|前面|这些)[^。\n]{0,8}(?:都|全|均)[^。\n]{0,4}(?:错|不对|不正确|不成立|假的)"
    r"|\b(?:all|everything)\s(?:of\s)?(?:the\s)?(?:above|i\ssaid)[^.\n]{0,8}\b(?:is|are)\s"
    r"(?:all\s)?(?:false|wrong|incorrect|untrue|not\strue)"
)
_GUESS = re.compile(
    r"我猜|瞎猜|乱猜|随便猜|蒙一个|猜一个|猜测|不太?确定(?!性)|不敢肯定|不敢确定|记不太?清|说不准|拿不准"
    r"|\bi\s+guess\b|\bwild\s+guess\b|\bjust\s+guessing\b|\bi(?:'m|\s+am)\s+not\s+sure\b|\bnot\s+(?:really\s+)?sure\b"
)
_EITHER = re.compile(
    r"可能|也许|或许|要么|或者|或是|还是|之一|两种说法|好像|又好像|(?:^|[\s:;。,])[a-d][\s.、:)]"
    r"|\beither\b|\bmaybe\b|\bperhaps\b|\bpossib\w+|\bor\b|\bmight\b|\bmay\b"
)


def limited(points: Sequence[KeyPoint], verdicts: Sequence[Verdict], text: str) -> tuple[Verdict, ...]:
    """Verdicts within what an answer's form allows: a guess, a point beside its opposite, all taken back.

    Args:
        points: In the order of the verdicts.
        verdicts: A judge's.
        text: The answer in normal form, as the judge read it.
    """
    back = max((found.start() for found in _TAKEN_BACK.finditer(text)), default=0)
    return tuple(
        _reversed(verdict)
        if _said_before(verdict, back, text)
        else _lowered(verdict, _most(plain(point.text), verdict, text))
        for point, verdict in zip(points, verdicts, strict=True)
    )


def _said_before(verdict: Verdict, place: int, text: str) -> bool:
    """Whether what was quoted stands only before a place of the text."""
    said = plain(verdict.quote.text).strip() if verdict.quote else ""
    return bool(said) and place > 0 and said not in text[place:]


def _most(point: str, verdict: Verdict, text: str) -> float:
    """The most that a covered point can earn, 0..1."""
    if verdict.status is not Status.COVERED or verdict.quote is None:
        return 1.0
    if _EITHER.search(text) and not _EITHER.search(point) and _both_ways(point, text):
        return BOTH_VALUE
    said = plain(verdict.quote.text)
    around = next((one.text for one in sentences(text) if said.strip() in one.text), said)
    return GUESS_VALUE if _GUESS.search(around) and not _GUESS.search(point) else 1.0


def _both_ways(point: str, text: str) -> bool:
    """Whether an answer holds a key point and, in another clause, the same with a negation or an opposite."""
    wanted = unit_set(point)
    if not wanted:
        return False
    near = [one for one in _pieces(text) if len(wanted & unit_set(one.text)) >= SAME_SHARE * len(wanted)]
    turned = [one for one in near if stance.opposed(point, one.text) > 0]
    return bool(turned) and len(turned) < len(near)


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
