"""What of an answer is read for its content: not its layout, nor manners, nor terms that state nothing."""

import re
from functools import cache

from bot.grading.clauses import clauses, said_once, without
from bot.grading.fillers import remaining
from bot.grading.lexicon import words
from bot.grading.normal import plain
from bot.grading.stance import hedges, negations, numbers
from bot.grading.term_rows import term_rows
from bot.grading.words import any_of, unit_set

_LAYOUT = re.compile(
    r"(?m)^[ \t]*(?:#{1,6}[ \t]*\d{0,2}[ \t]*$|(?:#{1,6}|>+)(?=\s))|^[ \t]*(?:-{3,}|\*{3,}|_{3,})[ \t]*$"
    r"|`{3,}[a-z]*|\*\*|__(?=\W|$)|(?<!\w)__|[\u2600-\u27bf\U0001f300-\U0001faff\ufe0f]"
    r"|</?(?:b|i|em|strong|u|p|div|span|br|hr|h[1-6]|ul|ol|li|blockquote|center|font|mark)"
    r"(?:\s[\w-]{1,20}=\S{1,80})?\s?/?>"
)
_SLANTED = re.compile(r"(?<![\w*])\*(?=[^\s*])([^*\n]*[^\s*])\*(?![\w*])")
_BOXED = re.compile(r"(\\boxed\{)([^{}\n]*)(\})")
_LABEL = re.compile(r"(?<![^\W_])(?:要点|答案|回答|步骤|part|point|answer|step)[ \t]*\d{1,2}[ \t]*:")
_ITEM = re.compile(r"(?m)^[ \t]*(?:\(?\d{1,2}[.)、](?!\d)[ \t]*|[-*+•][ \t]+)(?=\S)")
_SECOND = re.compile(r"(?<!\d)2(?:[)、]|\.(?!\d))")
_MARK_ALONE = re.compile(r"(?m)^[ \t]*(?:\(?\d{1,2}[.)、:]|[-*+•])[^\w\n]*$")
_CERTAINLY = re.compile(
    r"(?:^|(?<=[。！？!?;；,，:：\n]))[ \t]*"
    r"(?:毫无疑问|毋庸置疑|显然|众所周知|不言而喻|我(?:可以|敢)?(?:肯定|确信|断言|认为|保证))地?[说讲]?"
    r"(?=[^\s。！？!?;；,，:：吗呢])"
    r"|\b(?:i am|i'm) (?:absolutely |very |quite )?(?:confident|certain|sure) that\b"
)
"""What a sentence may begin with and still say the same without it."""
_YEARS = re.compile(r"\d{1,3}\+? ?(?:years?|多?年)")
_NEGATION = re.compile(r"[不没无非未]")  # also where stance hears none: in doubt it is content


def as_read(text: str, *subject: str) -> str:
    """An answer without layout, manners, rows of terms, and what was said before; blank where those stood.

    Clauses go that only say how the learner speaks: polite, certain of it, an expert, about to answer. One
    that holds a negation, a doubt, a number or a word of the subject stays, and so does all there is.

    Args:
        text: The answer in normal form.
        subject: Question and key points.
    """
    text = _SLANTED.sub(lambda found: f" {found[1]} ", _LAYOUT.sub(_blank, text))
    text = _BOXED.sub(lambda found: f"{' ' * len(found[1])}{found[2]} ", text)
    text = _LABEL.sub(_blank, text)
    about = plain("\n".join(subject))
    known = unit_set(about)
    text = without(text, term_rows(text, about))
    idle = [part for part in clauses(text) if part.text not in about and _only_manner(part.text, known)]
    return _said_once(_CERTAINLY.sub(_blank, without(text, idle)))


def _said_once(text: str) -> str:
    """Text without what was said before, and without the mark that a list gave it, or its only item."""
    once = said_once(text)
    once = _MARK_ALONE.sub(
        lambda found: found[0] if found[0] == text[found.start() : found.end()] else _blank(found), once
    )
    is_only = len(_ITEM.findall(once)) == 1 and not _SECOND.search(once)
    return _ITEM.sub(_blank, once) if is_only else once


def _only_manner(clause: str, known: frozenset[str]) -> bool:
    """Whether a clause speaks of the speaking, and of nothing else that could be content.

    'only a', 'easier' and 'not that sure' are made of filler too, but do not speak of it.
    """
    if not _asides().search(clause):
        return False
    rest = _manners().sub(" ", _YEARS.sub(" ", clause))
    if known & unit_set(rest) or numbers(rest) or hedges(rest) or _NEGATION.search(rest) or negations(rest):
        return False
    return not remaining(rest) and not _bearing().search(rest)


def _blank(found: re.Match[str]) -> str:
    return " " * len(found[0])


@cache
def _asides() -> re.Pattern[str]:
    return any_of(words("asides"))


@cache
def _manners() -> re.Pattern[str]:
    return any_of(words("asides") | words("manner"))


@cache
def _bearing() -> re.Pattern[str]:
    return any_of(words("bearing"))
