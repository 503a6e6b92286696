"""What code can say about an answer before any judge reads it."""

import re
from dataclasses import dataclass

from bot.domain.errors import AnswerTooLong
from bot.domain.grades import MAX_ANSWER_CHARS, Flag
from bot.domain.spans import Span
from bot.grading.copying import asks_yes_no, longest_run, offers_alternatives, only_asks, repeats
from bot.grading.disguise import closed_up
from bot.grading.encoded import decoded, encoded
from bot.grading.fillers import contentful, gives_up
from bot.grading.injection import Asked, injected, merged, without
from bot.grading.languages import is_foreign
from bot.grading.normal import Normal, normalise, plain
from bot.grading.topic import boilerplate
from bot.grading.words import tokens, unit_set

COPIED_RUN = 30
"""Tokens in a row (Chinese characters, words, numbers) shared with the notes that count as copied."""
REST_OF_ORDERS = 25
"""Content units beside talk to the examiner that may belong to it where none of them is of the question."""
_BARE = re.compile(r"(?:不会|会|不能|能|是的?|不是|有|没有|对|不对|yes|no|不可以|可以|否)[\s。.!,]*")
_SIDES = "前后大小高低左右内外正负真假增减升降多少快慢"
"""Single characters that can be one of two answers that a question offers."""


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

    @property
    def readable(self) -> str:
        """The learner's words as given, without comments and talk to the examiner: what a model may read."""
        if self.text == self.normal.text and not self.normal.hidden:
            return self.normal.raw
        kept: list[str] = []
        last = -1
        for place, char in enumerate(self.text):
            if char == "\n" != self.normal.raw[self.normal.starts[place]]:
                kept += ["\n"] if kept[-1:] != ["\n"] else []
            elif self.normal.starts[place] != last:
                kept.append(self.normal.raw[self.normal.starts[place] : self.normal.ends[place]])
            last = self.normal.starts[place]
        return "".join(kept)


def check_length(answer: str) -> None:
    """Refuse an answer above the cap.

    Raises:
        AnswerTooLong: It has more than MAX_ANSWER_CHARS characters.
    """
    if len(answer) > MAX_ANSWER_CHARS:
        raise AnswerTooLong("grading.too_long", length=len(answer), cap=MAX_ANSWER_CHARS)


def screen(
    question: str, answer: str, passages: tuple[str, ...] = (), points: tuple[str, ...] = ()
) -> Screening:
    """Look at an answer before any judge does.

    Args:
        question: What was asked.
        answer: The learner's words.
        passages: The notes behind the key points; an answer that repeats them at length is flagged.
        points: Texts of the key points: what they speak of themselves is no talk to the examiner.

    Raises:
        AnswerTooLong: The answer is above the cap.
    """
    check_length(answer)
    normal = normalise(answer)
    asked = _Asked(plain(question), tuple(map(plain, points)))
    orders, unread = injected(normal.text, asked.terms), _unread(normal)
    text = without(normal.text, merged([*orders, *unread]))
    flagged = bool(orders) or bool(injected(plain(normal.hidden))) or _smuggles(normal.raw, unread)
    flags = [Flag.INJECTION] if flagged else []
    reason = _worthless(asked, closed_up(text), flagged)
    if reason is not None:
        flags += [] if reason in flags else [reason]
        return Screening(normal, text, tuple(flags), stopped=True)
    flags += [Flag.LANGUAGE] if is_foreign(text) else []
    copied = any(longest_run(text, plain(passage)) >= COPIED_RUN for passage in passages)
    return Screening(normal, text, (*flags, *([Flag.COPIED] if copied else [])), stopped=False)


def _unread(normal: Normal) -> tuple[Span, ...]:
    """Places of encoded text, which no learner writes and no examiner reads."""
    spans = [normal.places(span) for span in encoded(normal.raw)]
    return tuple(span for span in spans if len(span))


def _smuggles(raw: str, unread: tuple[Span, ...]) -> bool:
    """Whether encoded text addresses the examiner."""
    said = [decoded(raw[span.start : span.end]) for span in encoded(raw)] if unread else []
    return any(injected(plain(text)) for text in said if text)


@dataclass(frozen=True, slots=True)
class _Asked:
    """Question and key points in normal form."""

    question: str
    points: tuple[str, ...]

    @property
    def terms(self) -> Asked:
        """What talk to the examiner is told from an answer by."""
        wanted = frozenset[str]().union(*map(unit_set, self.points)) - unit_set(self.question)
        return Asked("\n".join((self.question, *self.points)), wanted)


def _worthless(asked: _Asked, text: str, flagged: bool) -> Flag | None:
    """Why an answer is worth nothing, or None where a judge has to read it."""
    if _chooses(asked.question, text.strip()):
        return None
    if gives_up(text, asked.question):
        return Flag.GAVE_UP
    if flagged and _only_orders(asked, text):
        return Flag.INJECTION
    if not contentful(text):
        return Flag.NO_CONTENT
    if repeats(asked.question, text, asked.points):
        return Flag.QUESTION_COPIED
    if only_asks(text):
        return Flag.NO_CONTENT
    return Flag.OFF_TOPIC if boilerplate(asked.question, asked.points, text) else None


def _chooses(question: str, text: str) -> bool:
    """Whether an answer is a bare yes or no, or one of the letters that the question offers."""
    if asks_yes_no(question) and _BARE.fullmatch(text):
        return True
    if len(text) != 1 or text not in [token.text for token in tokens(question)]:
        return False
    return text.isascii() or (text in _SIDES and offers_alternatives(question))


def _only_orders(asked: _Asked, text: str) -> bool:
    """Whether what is left beside talk to the examiner is nothing, or a little that goes with it."""
    left = unit_set(text)
    known = unit_set("\n".join((asked.question, *asked.points)))
    shared = {unit for unit in left & known if not unit.isdigit()}
    return not contentful(text) or (len(left) <= REST_OF_ORDERS and not shared)
