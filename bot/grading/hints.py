"""Hints that help without giving the answer away."""

import re

from bot.domain.questions import Question
from bot.grading.normal import plain
from bot.grading.words import Token, terms, unit_set
from bot.texts import Language, say

HINT_LEVELS = 2
"""Level 1 names the topic, level 2 shows the key points with their content words blanked."""
BLANK = "＿＿"
_BLANKS = re.compile(rf"(?:{BLANK}\s*)+")


def hint(question: Question, level: int, lang: Language = "zh") -> str:
    """A hint for a question.

    Args:
        question: With its key points.
        level: From 1; higher ones say more; above HINT_LEVELS it is the last one.
        lang: Language of the words around it.
    """
    count = len(question.key_points)
    if level <= 1:
        if not question.heading_path:
            return say("grading.hint_count", lang=lang, count=count)
        return say("grading.hint_topic", lang=lang, topic=question.heading_path[-1], count=count)
    skeletons = [skeleton(point.text, question.text) for point in question.key_points]
    return say("grading.hint_skeleton", lang=lang, skeletons=" / ".join(skeletons))


def skeleton(point: str, question: str) -> str:
    """A key point in which every content word that the question does not hold is a blank."""
    normal = plain(point)
    asked = unit_set(plain(question))
    shown: list[str] = []
    position = 0
    for token in terms(normal):
        shown.append(normal[position : token.start])
        word = normal[token.start : token.end]
        shown.append(word if _known(token, word, asked) else BLANK)
        position = token.end
    return _BLANKS.sub(BLANK, "".join(shown) + normal[position:])


def _known(token: Token, word: str, asked: frozenset[str]) -> bool:
    meaning = unit_set(word)
    return not meaning or meaning <= asked or (token.kind == "han" and any(word in unit for unit in asked))
