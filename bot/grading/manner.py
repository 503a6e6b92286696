"""What of an answer is read for its content: not how it is laid out, nor how the learner speaks of it."""

import re
from functools import cache

from bot.grading.clauses import Segment, clauses, said_once
from bot.grading.fillers import remaining
from bot.grading.lexicon import words
from bot.grading.normal import plain
from bot.grading.stance import hedges, negations, numbers
from bot.grading.words import any_of, unit_set

_LAYOUT = re.compile(
    r"(?m)^[ \t]*(?:#{1,6}[ \t]*\d{0,2}[ \t]*$|(?:#{1,6}|>+)(?=\s))|^[ \t]*(?:-{3,}|\*{3,}|_{3,})[ \t]*$"
    r"|`{3,}[a-z]*|\*\*|__(?=\W|$)|(?<!\w)__"
)
_SLANTED = re.compile(r"(?<![\w*])\*(?=[^\s*])([^*\n]*[^\s*])\*(?![\w*])")
_LABEL = re.compile(r"(?<![^\W_])(?:要点|答案|回答|步骤|part|point|answer|step)[ \t]*\d{1,2}[ \t]*:")
_NUMBER_ALONE = re.compile(r"(?m)^[ \t]*\(?\d{1,2}[.)、:][^\w\n]*$")
_BETWEEN = re.compile(r"[,，、:：\s]*")


def as_read(text: str, *subject: str) -> str:
    """An answer without layout, manners, and what was said before; same length, blank where those stood.

    Clauses go that only say how the learner speaks: polite, certain of it, an expert, about to answer. One
    that holds a negation, a doubt, a number or a word of the subject stays, and so does all there is.

    Args:
        text: The answer in normal form.
        subject: Question and key points.
    """
    text = _SLANTED.sub(lambda found: f" {found[1]} ", _LAYOUT.sub(_blank, text))
    text = _LABEL.sub(_blank, text)
    about = plain("\n".join(subject))
    known = unit_set(about)
    parts = clauses(text)
    idle = [part for part in parts if part.text not in about and _only_manner(part.text, known)]
    return _said_once(text if len(idle) == len(parts) else _without(text, idle))


def _said_once(text: str) -> str:
    """Text without what was said before, and without the number that a list gave it."""
    once = said_once(text)
    return _NUMBER_ALONE.sub(
        lambda found: found[0] if found[0] == text[found.start() : found.end()] else _blank(found), once
    )


def _only_manner(clause: str, known: frozenset[str]) -> bool:
    rest = _manners().sub(" ", clause)
    if known & unit_set(rest) or numbers(rest) or negations(rest) or hedges(rest):
        return False
    return not remaining(rest)


def _blank(found: re.Match[str]) -> str:
    return " " * len(found[0])


def _without(text: str, idle: list[Segment]) -> str:
    """Text with clauses blanked, and with them what sets them off from those that follow."""
    chars = list(text)
    for part in idle:
        rest = _BETWEEN.match(text, part.end)
        end = rest.end() if rest else part.end
        for place in range(part.start, end):
            chars[place] = "\n" if text[place] == "\n" else " "
    return "".join(chars)


@cache
def _manners() -> re.Pattern[str]:
    return any_of(words("manner_zh") | words("manner_en"))
