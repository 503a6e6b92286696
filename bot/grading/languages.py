"""Whether an answer is in a language that the examiner reads."""

import re

from bot.grading.lexicon import table, words

_HAN = re.compile(r"[\u3400-\u9fff\U00020000-\U0003134f]")
_LATIN = re.compile(r"[a-zà-öø-ÿœšž]+")
_LETTER = re.compile(r"[^\W\d_]")
_GREEK = re.compile(r"[α-ω]")
FOREIGN_SHARE = 0.3
"""Share of letters in other scripts above which an answer counts as foreign."""
FEW_WORDS = 5
"""Latin words below which a language cannot be told."""


def is_foreign(text: str) -> bool:
    """Whether normalised text is in neither Chinese nor English, as far as that can be told."""
    letters = len(_LETTER.findall(text))
    if not letters:
        return False
    known = len(_HAN.findall(text)) + sum(map(len, _LATIN.findall(text))) + len(_GREEK.findall(text))
    if (letters - known) / letters > FOREIGN_SHARE:
        return True
    return not _HAN.search(text) and _other_latin(_LATIN.findall(text))


def _other_latin(found: list[str]) -> bool:
    """Whether words in Latin letters are those of another language than English."""
    if len(found) < FEW_WORDS:
        return False
    english = sum(word in words("stop_en") for word in found)
    best = max(sum(word in stops for word in found) for stops in table("foreign_stop").values())
    return best > english and best >= 0.15 * len(found)
