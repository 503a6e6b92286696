"""Whether a passage of an answer says the same as a key point, or the opposite of it, or nothing for sure.

All texts are in normal form (bot.grading.normal). Every measure lies in 0..1.
"""

import re
from functools import cache, lru_cache
from itertools import combinations

from bot.grading.clauses import clauses
from bot.grading.lexicon import groups, words
from bot.grading.words import any_of, units

_SCOPE = 14
"""Characters after a Chinese negator that it can reach; three times as many in English."""
FEWEST_SHARED, SHOWN = 2, 0.2
"""Units that a clause must have in common with a passage, where it has so many, and share of them that must
stand with the other sign, to be plainly denied."""
_CONDITION_ENDS = r"(?<![及同实定延临暂按])时(?![间序刻代钟域长])|的时候|的话"
"""Ends of 'where there is no cache': what follows is said, comma or no comma."""
_SCOPE_END = re.compile(rf"[。！？!?；;，,、:\n]|而|但|{_CONDITION_ENDS}|\bbut\b|\bbecause\b")
_NUMBER = re.compile(r"(?<![a-z_\d.])\d+(?:\.\d+)?(?![a-z\d])")
_COUNT = re.compile(r"([一二两三四五六七八九十])(?=个|种|类|步|层|项|点|条|部分|次|倍|阶段|维|阶|份)")
_DIGIT = dict(
    zip("一二两三四五六七八九十", ("1", "2", "2", "3", "4", "5", "6", "7", "8", "9", "10"), strict=True)
)
_CHOICES = re.compile(
    r"(?:^|[。.!?;；\n])\s{0,9}(?:要么.{1,400}?[,，]\s?要么|或者是.{1,400}?[,，]\s?或者是|either\b.{1,400}?\bor\b)"
    r"|(?:候选|备选|选项|\bcandidates|\boptions)\s?(?:有|是|are)?\s?[:：]"
    r"|(?:候选|备选|选项)有(?:以下|下面|下列|如下|这些|这几|[两三四几多][种个])"
    r"|[两三四几多]种可能性?\s?[:：,，]|two possibilities\s?:"
)
"""Ways of offering choices. The words alone are the field's own: 候选框, "candidate state", 要么消失要么爆炸;
what may be a reason or a symptom (可能有) is none either."""
_LETTERED = re.compile(r"(?:^|[:;；：\n][ \t]*)\(?([a-d])[\s.、:]\s*\S")


@lru_cache(maxsize=4096)
def polarity(text: str) -> dict[str, frozenset[bool]]:
    """For each content unit of a text whether it stands negated (True), plain (False) or both ways."""
    scopes = _negated_ranges(text)
    flipped = _denied(text)
    found: dict[str, set[bool]] = {}
    for unit in units(text):
        inside = sum(start <= unit.start < end for start, end in scopes)
        found.setdefault(unit.text, set()).add((inside % 2 == 1) != flipped)
    return {unit: frozenset(ways) for unit, ways in found.items()}


def negation_conflict(point: str, said: str) -> float:
    """Largest share of a clause's units, in the key point, that the passage holds with the other sign.

    One unit in common tells nothing where the clause has more: it may well be denied of something else.
    """
    ours, theirs = polarity(point), polarity(said)
    worst = 0.0
    for wanted in _unit_sets(point):
        shared = wanted & theirs.keys()
        if len(shared) >= min(FEWEST_SHARED, len(wanted)):
            opposite = sum(not (ours[unit] & theirs[unit]) for unit in shared)
            worst = max(worst, opposite / max(1, len(wanted)))
    return worst


def negations(text: str) -> int:
    """How many negators a text holds."""
    return len(_negated_ranges(text))


def opposition(point: str, said: str) -> float:
    """Whether opposites stand in clauses that share another unit, or one of which has no other."""
    ours, theirs = polarity(point), polarity(said)
    hits = 0
    for left, right in _opposites():
        for mine, other in ((left, right), (right, left)):
            if mine in ours and other in theirs and mine not in theirs and other not in ours:
                hits += bool(ours[mine] & theirs[other]) and _of_the_same(point, mine, said, other)
    return min(1.0, hits / 2 + 0.5) if hits else 0.0


def _of_the_same(point: str, mine: str, said: str, other: str) -> bool:
    beside = [found - {mine} for found in _unit_sets(point) if mine in found]
    there = [found - {other} for found in _unit_sets(said) if other in found]
    return any(not one or not two or bool(one & two) for one in beside for two in there)


def opposed(point: str, said: str) -> float:
    """How much of a key point a text denies, or says the opposite of."""
    return max(negation_conflict(point, said), opposition(point, said))


def shows_conflict(point: str, said: str) -> bool:
    """Whether the words themselves show that a passage says the opposite of a key point."""
    return negation_conflict(point, said) > SHOWN or opposition(point, said) > 0


def _unit_sets(text: str) -> list[set[str]]:
    return [{unit.text for unit in units(clause.text)} for clause in clauses(text)]


def numbers(text: str) -> frozenset[str]:
    """Numbers in a text; counted things ('三种') give digits."""
    found = {number.rstrip("0").rstrip(".") if "." in number else number for number in _NUMBER.findall(text)}
    return frozenset(found | {_DIGIT[count] for count in _COUNT.findall(text)})


def number_conflict(question: str, point: str, said: str) -> float:
    """Share of the key point's own numbers that are missing where other numbers are given."""
    wanted = numbers(point) - numbers(question)
    given = numbers(said)
    missing = wanted - given
    return len(missing) / len(wanted) if missing and given - wanted - numbers(question) else 0.0


def binding(point: str, said: str) -> tuple[float, float]:
    """How well what belongs together stays together: (kept, crossed).

    kept: share of pairs of one clause of the key point that share a clause of the answer too, 1 where
    there are none. crossed: share of pairs of different clauses that share a clause of the answer.
    """
    theirs: dict[str, set[int]] = {}
    for number, clause in enumerate(clauses(said)):
        for unit in units(clause.text):
            theirs.setdefault(unit.text, set()).add(number)
    ours = [
        (unit.text, number)
        for number, clause in enumerate(clauses(point))
        for unit in units(clause.text)
        if unit.text in theirs
    ][:40]
    same: list[bool] = []
    apart: list[bool] = []
    for (left, place), (right, other) in combinations(ours, 2):
        if left != right:
            (same if place == other else apart).append(bool(theirs[left] & theirs[right]))
    return (sum(same) / len(same) if same else 1.0, sum(apart) / len(apart) if apart else 0.0)


def inversion(point: str, said: str) -> float:
    """Share of pairs of units, in one clause of both texts, that stand in the opposite order."""
    ours = _ordered(point)
    theirs = _ordered(said)
    pairs = inverted = 0
    for left, right in combinations([unit for unit in ours if unit in theirs][:30], 2):
        if ours[left][0] == ours[right][0] and theirs[left][0] == theirs[right][0]:
            pairs += 1
            inverted += (ours[left][1] < ours[right][1]) != (theirs[left][1] < theirs[right][1])
    return inverted / pairs if pairs else 0.0


def compares(text: str) -> bool:
    """Whether a text relates two things in a direction (A is larger than B, A causes B)."""
    return bool(_relations().search(text))


def hedges(text: str) -> int:
    """How many expressions of doubt a text holds."""
    return len(_hedges().findall(text))


def shotgun(text: str) -> bool:
    """Whether a text offers candidates instead of an answer."""
    return bool(_shotgun().search(text) or _CHOICES.search(text)) or len(set(_LETTERED.findall(text))) >= 3


def _ordered(text: str) -> dict[str, tuple[int, int]]:
    """For each unit that occurs once: the clause and the place in it."""
    found: dict[str, tuple[int, int]] = {}
    twice: set[str] = set()
    for number, clause in enumerate(clauses(text)):
        for unit in units(clause.text):
            if unit.text in found:
                twice.add(unit.text)
            found[unit.text] = (number, unit.start)
    return {unit: place for unit, place in found.items() if unit not in twice}


def _negated_ranges(text: str) -> list[tuple[int, int]]:
    masked = _not_negators().sub(lambda match: "\0" * len(match[0]), text)
    ranges: list[tuple[int, int]] = []
    for match in _negators().finditer(masked):
        reach = match.end() + _SCOPE * (3 if match[0].isascii() else 1)
        stop = _SCOPE_END.search(text, match.end(), reach)
        ranges.append((match.start(), stop.start() if stop else reach))
    return ranges


def _denied(text: str) -> bool:
    return len(_denials().findall(text)) % 2 == 1


@cache
def _negators() -> re.Pattern[str]:
    listed = any_of(words("negators_zh") | words("negators_en")).pattern
    return re.compile(listed + r"|(?<=[a-z])n['’]t(?![a-z])")


@cache
def _not_negators() -> re.Pattern[str]:
    terms = {term for group in groups("synonyms") for term in group if set(term) & set("不没无非未")}
    return any_of(words("not_negators_zh") | terms)


@cache
def _denials() -> re.Pattern[str]:
    return any_of(words("denials_zh") | words("denials_en"))


@cache
def _hedges() -> re.Pattern[str]:
    return any_of(words("hedges_zh") | words("hedges_en"))


@cache
def _shotgun() -> re.Pattern[str]:
    return any_of(words("shotgun"))


@cache
def _relations() -> re.Pattern[str]:
    return any_of(words("relations"))


@cache
def _opposites() -> tuple[tuple[str, str], ...]:
    """Oppositions between words that are one content unit each."""
    negators = words("negators_zh") | words("negators_en")
    found: set[tuple[str, str]] = set()
    for left, right in groups("antonyms"):
        ours, theirs = units(left), units(right)
        if len(ours) == len(theirs) == 1 and ours != theirs and not {left, right} & negators:
            found.add((ours[0].text, theirs[0].text))
    return tuple(sorted(pair for pair in found if pair[0] != pair[1]))
