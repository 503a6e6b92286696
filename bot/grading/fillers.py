"""Talk without content: openers, politeness, announcements, and ways to say 'I do not know'."""

import re
from functools import cache

from bot.grading.clauses import clauses
from bot.grading.lexicon import longest_first, words
from bot.grading.words import any_of, tokens

_FORMULA = re.compile(r"[=<>≤≥≈∑∫√±×÷∂∇∝→]|\d|\\[a-z]+|[α-ω]")


def contentful(text: str) -> bool:
    """Whether normalised text says anything once openers, stop words and filler are taken away.

    Short is not empty: a number, a formula or a single term says something.
    """
    bare = _without_numbering(text)
    if _FORMULA.search(bare) and any(char.isalnum() for char in bare):
        return True
    return bool(_rest(text))


def gives_up(text: str, question: str = "") -> bool:
    """Whether normalised text says 'I do not know' and nothing else, however politely."""
    asked = frozenset(token.text for token in tokens(question))
    said_so = False
    for clause in clauses(text):
        if _surrenders(clause.text, asked):
            said_so = True
        elif contentful(clause.text) and not (set(_rest(clause.text)) <= asked):
            return False
    return said_so


def _surrenders(clause: str, asked: frozenset[str]) -> bool:
    match = _gave_up().search(clause)
    if match is None:
        return False
    rest = clause[: match.start()] + "\n" + clause[match.end() :]
    left = " ".join(
        word for word in re.findall(r"[a-z']+|[^a-z']+", rest) if word not in words("gave_up_fill_en")
    )
    return not (set(_units_left(left)) - asked)


def _rest(text: str) -> list[str]:
    """Tokens that are neither filler nor stop words; text in other scripts counts unless it is an opener."""
    stripped = _openers().sub(" ", text)
    return _units_left(stripped)


def _units_left(text: str) -> list[str]:
    left = _fillers_zh().sub(" ", text)
    idle = words("filler_en") | words("stop_en")
    return [
        token.text
        for token in tokens(left)
        if token.text not in idle and token.text not in words("function_chars")
    ]


def _without_numbering(text: str) -> str:
    return re.sub(r"(?m)^\s*\(?\d{1,2}[.)、:]?\s*$|^\s*\(?\d{1,2}[.)、:]\s", " ", text)


@cache
def _gave_up() -> re.Pattern[str]:
    return any_of(words("gave_up_zh") | words("gave_up_en"))


@cache
def _fillers_zh() -> re.Pattern[str]:
    return any_of(words("filler_zh") | words("stop_zh"))


@cache
def _openers() -> re.Pattern[str]:
    parts = [re.escape(word) for word in longest_first("openers")]
    return re.compile(rf"(?<!\w)(?:{'|'.join(parts)})(?!\w)")
