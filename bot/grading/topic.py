"""Whether an answer speaks to its question at all, by words alone. All texts are in normal form."""

import re
from collections.abc import Sequence
from functools import cache

from bot.grading.clauses import sentences
from bot.grading.lexicon import words
from bot.grading.words import any_of, is_exact, stem, tokens, unit_set

FEWEST_UNITS = 4
"""Content units below which an answer is too short to be called off topic by its words."""
FEW_SHARE = 0.15
"""Share of an answer's content units known from question or key points, up to which it is off topic where
nothing else was found in it."""
BY_CHANCE = 1
"""Content units that a sentence may share with question and key points and still not speak to them."""
FEWEST_PHRASES = 7
"""Different general phrases that it takes to call an answer boilerplate."""
SPECIFIC_SHARE = 0.25
"""Content units of its own, for each general phrase, that boilerplate may hold."""
ENOUGH_OF_POINT = 0.5
"""Share of a key point's own units from which on an answer speaks to it, however general its words."""


def shares_nothing(question: str, points: Sequence[str], answer: str) -> bool:
    """Whether an answer shares no word at all with its question and key points.

    Of 1,535 answers of our sets that earn something, three do so (everyday comparisons); a judge that
    understands those is to be believed, one that goes by closeness is not.
    """
    said = unit_set(answer)
    return len(said) >= FEWEST_UNITS and not said & _known(question, points)


def shares_little(question: str, points: Sequence[str], answer: str) -> bool:
    """Whether an answer shares next to no words with its question and key points, padding aside."""
    known = _known(question, points)
    parts = [unit_set(part.text) for part in sentences(answer)]
    speaking = [said for said in parts if len(said & known) > BY_CHANCE] or parts
    said = frozenset[str]().union(*speaking)
    return len(said & known) <= FEW_SHARE * len(said)


def boilerplate(question: str, points: Sequence[str], answer: str) -> bool:
    """Whether an answer holds only what is true of anything: 'widely used, efficient, but with limits'.

    The question's own words do not make it less so; a key point that is itself in general words does.
    """
    if is_exact(answer):
        return False
    asked = unit_set(question)
    phrases = _phrases(answer) - _phrases(question)
    own = _specific(answer) - asked
    if len(phrases) < FEWEST_PHRASES or len(own) > SPECIFIC_SHARE * len(phrases):
        return False
    if own & frozenset[str]().union(*(_specific(point) for point in points)):
        return False
    said = unit_set(answer)
    wanted = [unit_set(point) - asked for point in points]
    return not any(len(want & said) >= ENOUGH_OF_POINT * len(want) for want in wanted if want)


def _known(question: str, points: Sequence[str]) -> frozenset[str]:
    """Content units of a question and its key points."""
    return unit_set(question).union(*map(unit_set, points))


def _phrases(text: str) -> frozenset[str]:
    """The different words and phrases in a text that are true of anything."""
    found = {match[0] for match in _general().finditer(text)} & words("generic_zh")
    english = {stem(token.text) for token in tokens(text) if token.kind == "word"}
    return frozenset(found | (english & frozenset(map(stem, words("generic_en")))))


def _specific(text: str) -> frozenset[str]:
    """Content units that are left without the words that are true of anything."""
    left = unit_set(_general().sub(" ", text))
    return frozenset(unit for unit in left if unit not in _general_stems() and len(unit) > 1)


@cache
def _general() -> re.Pattern[str]:
    return any_of(words("generic_zh") | words("filler_zh") | words("stop_zh"))


@cache
def _general_stems() -> frozenset[str]:
    return frozenset(stem(word) for word in words("generic_en") | words("filler_en"))
