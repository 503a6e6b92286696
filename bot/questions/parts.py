"""Parts of one line that each stand alone: sentences, split at conjunctions or glued to what they lean on."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from bot.questions.choices import only_counts
from bot.questions.context import (
    follows_apart,
    leans_back,
    named_in,
    speaks_of_it,
    subject_of,
    subject_of_label,
    topic_of,
)
from bot.questions.lines import Kind, Line
from bot.questions.sentence_parts import halves, label_of, sentence_spans
from bot.questions.words import is_chinese, plain

GLUED = 160
"""Longest text, in characters, that a sentence and the one that leans on it make together."""
FILLER = re.compile(
    r"点赞|关注我|收藏|希望(?:这些|能|对)|祝你|欢迎|更多推荐|知乎|CSDN|https?://|参考(?:资料|文献|链接)"
    r"|如[下上]?图(?:所示|\d|$)|见[下上]?图|这里不再|详见|(?<!上)下文|本[文章节](?:将|会|统一|中|的)|面试中"
    r"|(?i:see (?:figure|below|also)|click here|hope this helps)"
)
_JOINED = re.compile(r"和|与|、|/|\band\b")


@dataclass(frozen=True, slots=True)
class Part:
    """A place in the raw text, and what a pronoun at its head stands for."""

    start: int
    end: int
    subject: str
    """Empty when there is no pronoun or nobody knows."""
    glued: bool = False
    """Whether it is two sentences already."""


def parts_of(raw: str, line: Line, question: str) -> list[Part]:
    """The line's parts in order, without filler and questions."""
    label = label_of(plain(raw[line.start : line.end])) if line.kind is Kind.ITEM else None
    topic = topic_of(question)
    found: list[Part] = []
    for start, end in _sentences(raw, line):
        words = plain(raw[start:end])
        before = found[-1] if found else None
        subject = _meant(before, raw, question, (subject_of_label(label[0]) if label else "") or topic)
        pieces = [(start, end)] if line.kind is Kind.CODE else halves(raw, start, end)
        if before and leans_back(words, subject) and _belongs(before, raw, start, end):
            found[-1] = replace(before, end=pieces[0][1], glued=True)
            pieces = pieces[1:]
        found.extend(Part(*piece, subject if speaks_of_it(words) else "") for piece in pieces)
    return found


def _belongs(before: Part, raw: str, start: int, end: int) -> bool:
    """Whether the sentence at start:end, which leans on `before`, is one statement with it."""
    said, words = plain(raw[before.start : before.end]), plain(raw[start:end])
    near = not before.glued and end - before.start <= GLUED and raw[before.end - 1] not in ";；"
    return near and not follows_apart(said, words)


def _sentences(raw: str, line: Line) -> Iterator[tuple[int, int]]:
    whole = line.kind in (Kind.CODE, Kind.FORMULA, Kind.ROW)
    places = [(line.start, line.end)] if whole else sentence_spans(raw, line.start, line.end)
    for start, end in places:
        words = plain(raw[start:end])
        if not FILLER.search(words) and not words.endswith(("?", "？")) and not only_counts(words):
            yield start, end


def _meant(before: Part | None, raw: str, question: str, topic: str) -> str:
    """What a pronoun after `before` stands for; empty when that is in doubt.

    It is the subject of the sentence before where the question names that, and the topic where the sentence
    before has no other subject. Of two topics nobody knows which is meant.
    """
    one = "" if _JOINED.search(topic) else topic
    if before is None:
        return one
    said = plain(raw[before.start : before.end])
    subject = before.subject or named_in(question, said) or (subject_of(said) if is_chinese(said) else "")
    if subject and "".join(subject.split()).lower() in "".join(question.split()).lower():
        return "" if _JOINED.search(subject) else subject
    return "" if subject else one
