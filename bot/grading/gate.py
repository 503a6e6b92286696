"""What code can say about an answer before any judge reads it."""

import re
from dataclasses import dataclass

from bot.domain.errors import AnswerTooLong
from bot.domain.grades import MAX_ANSWER_CHARS, Flag
from bot.grading.fillers import contentful, gives_up
from bot.grading.injection import injected, without
from bot.grading.languages import is_foreign
from bot.grading.normal import Normal, normalise, plain
from bot.grading.words import tokens, unit_set

COPIED_RUN = 30
"""Tokens in a row (Chinese characters, words, numbers) shared with the notes that count as copied."""
COPIED_SHARE = 0.6
"""Share of the question that an answer must repeat to count as a copy of it."""
_ALTERNATIVES = re.compile(
    r"还是|或者?|哪个|哪种|哪一|是否|吗|能不能|会不会|是不是|有没有|\bor\b|\bwhich\b|\bwhether\b"
)
_YES_NO = re.compile(
    r"吗|是否|会不会|能不能|是不是|有没有|^\s*(?:is|are|do|does|can|will|did|has|have|should)\b"
)
_BARE = re.compile(r"(?:不会|会|不能|能|是|不是|有|没有|对|不对|yes|no|不可以|可以)[\s。.!]*")


@dataclass(frozen=True, slots=True)
class Screening:
    """An answer after the gate.

    Attributes:
        normal: The answer in normal form, with the way back to the original.
        text: Its text with line ends in place of what must not count as evidence; same length.
        flags: What was noticed.
        stopped: Whether the answer is worth nothing, whatever a judge would say.
    """

    normal: Normal
    text: str
    flags: tuple[Flag, ...]
    stopped: bool


def check_length(answer: str) -> None:
    """Refuse an answer above the cap.

    Raises:
        AnswerTooLong: It has more than MAX_ANSWER_CHARS characters.
    """
    if len(answer) > MAX_ANSWER_CHARS:
        raise AnswerTooLong("grading.too_long", length=len(answer), cap=MAX_ANSWER_CHARS)


def screen(question: str, answer: str, passages: tuple[str, ...] = ()) -> Screening:
    """Look at an answer before any judge does.

    Args:
        question: What was asked.
        answer: The learner's words.
        passages: The notes behind the key points; an answer that repeats them at length is flagged.

    Raises:
        AnswerTooLong: The answer is above the cap.
    """
    check_length(answer)
    normal = normalise(answer)
    holes = injected(normal.text)
    text = without(normal.text, holes)
    flags = [Flag.INJECTION] if holes or injected(plain(normal.hidden[4:-3])) else []
    asked = plain(question)
    reason = _worthless(asked, text, bool(flags))
    if reason is not None:
        flags += [] if reason in flags else [reason]
    else:
        flags += [Flag.LANGUAGE] if is_foreign(text) else []
        flags += (
            [Flag.COPIED]
            if any(longest_run(text, plain(passage)) >= COPIED_RUN for passage in passages)
            else []
        )
    return Screening(normal, text, tuple(flags), stopped=reason is not None)


def longest_run(left: str, right: str) -> int:
    """Length in tokens of the longest run that two normalised texts share."""
    first = [token.text for token in tokens(left)]
    second = [token.text for token in tokens(right)]
    best = 0
    previous = [0] * (len(second) + 1)
    for word in first:
        current = [0] * (len(second) + 1)
        for index, other in enumerate(second):
            if word == other:
                current[index + 1] = previous[index] + 1
        best = max(best, *current)
        previous = current
    return best


def offers_alternatives(question: str) -> bool:
    """Whether a normalised question names the answers to choose from, or can be answered by yes or no."""
    return bool(_ALTERNATIVES.search(question))


def repeats(question: str, answer: str) -> bool:
    """Whether a normalised answer says no more than the normalised question, with or without filler."""
    asked = unit_set(question)
    said = unit_set(answer)
    if not asked or len(asked & said) < COPIED_SHARE * len(asked):
        return False
    if offers_alternatives(question) and len(said & asked) < 0.9 * len(asked):
        return False
    return not contentful(without_runs(answer, question))


def without_runs(answer: str, question: str) -> str:
    """A normalised answer without the parts of at least two tokens that stand in the question."""
    asked = " ".join(token.text for token in tokens(question))
    parts = tokens(answer)
    keep = [True] * len(parts)
    for index in range(len(parts) - 1):
        if f"{parts[index].text} {parts[index + 1].text}" in asked:
            keep[index] = keep[index + 1] = False
    chars = list(answer)
    for part, kept in zip(parts, keep, strict=True):
        if not kept:
            chars[part.start : part.end] = " " * (part.end - part.start)
    return "".join(chars)


def _worthless(question: str, text: str, flagged: bool) -> Flag | None:
    """Why an answer is worth nothing, or None where a judge has to read it."""
    if _YES_NO.search(question) and _BARE.fullmatch(text.strip()):
        return None
    if gives_up(text, question):
        return Flag.GAVE_UP
    if not contentful(text):
        return Flag.INJECTION if flagged else Flag.NO_CONTENT
    return Flag.QUESTION_COPIED if repeats(question, text) else None
