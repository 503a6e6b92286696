"""Terms in a row: they name what an answer would speak of, and state nothing."""

import re
from functools import cache

from bot.grading.clauses import Segment, sentences
from bot.grading.lexicon import words
from bot.grading.words import any_of, tokens

FEWEST, LONGEST = 6, 2.5
"""Terms from which they are a row, and their mean number of tokens up to which they are terms."""
BOUND = {"zh": 0.25, "en": 0.2}
"""Share of them up to which they may hold what could bind them together; English writes these words apart."""
_KNOWN = 0.7
"""Share of a row's terms that stand in question or key points from which it is made of their words."""
_FRAME = 8
"""Tokens that the first and the last part may have: 'keywords: a', 'z and so on'."""
_MARKS = 2
"""Marks of enumeration in a line of the subject from which a row may be what it asks for."""
_BETWEEN = re.compile(r"[、,，;；/|\s]+")
_FORMULA = re.compile(r"[=<>≤≥≈∑∫√±×÷∂∇∝→+^()]")


def term_rows(text: str, subject: str) -> tuple[Segment, ...]:
    """Sentences that only string the words of question and key points together; both in normal form.

    Where a line of the subject is an enumeration itself, a row may answer it: then none is found.

    Args:
        text: An answer.
        subject: Question and key points, a line each.
    """
    if any(_marks(line) >= _MARKS for line in subject.splitlines()):
        return ()
    return tuple(part for part in sentences(text) if is_row(part.text) and _made_of(part.text, subject))


def is_row(sentence: str) -> bool:
    """Whether a sentence in normal form has many short parts, and hardly one that binds them together."""
    first, *inner, last = _terms(sentence)
    framed = all(len(tokens(part)) <= _FRAME for part in (first, last))
    if len(inner) < FEWEST or not framed or _FORMULA.search(sentence):
        return False
    bound = sum(_binders().search(term) is not None for term in inner)
    short = sum(len(tokens(term)) for term in inner) <= LONGEST * len(inner)
    return short and bound <= BOUND["zh" if _chinese(sentence) else "en"] * len(inner)


def _terms(sentence: str) -> list[str]:
    parts = [part for part in _BETWEEN.split(sentence) if tokens(part)]
    return parts if len(parts) > 1 else ["", ""]


def _marks(line: str) -> int:
    return line.count("、") + (0 if _chinese(line) else line.count(","))


def _made_of(sentence: str, subject: str) -> bool:
    inner = _terms(sentence)[1:-1]
    return sum(term in subject for term in inner) >= _KNOWN * len(inner)


def _chinese(text: str) -> bool:
    return any(token.kind == "han" for token in tokens(text))


@cache
def _binders() -> re.Pattern[str]:
    return any_of({*words("predicates_zh"), *words("stop_en")})
