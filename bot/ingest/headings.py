"""Which lines head the text below them."""

import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from bot.ingest.lines import Kind, Line
from bot.ingest.marks import Mark, Style, asks, ends_asking, mark_of, question_length, stands_alone
from bot.ingest.numbering import Numbering

LONGEST_HEADING = 60
LONGEST_QUESTION = 120
LONGEST_LONE = 24
"""Width of a heading that only its place shows; a Chinese character counts 1, a Latin one a half."""
DEEPER = 10
"""Depths between a heading with one hash more and its neighbour above."""
MANY = 4
MOSTLY = 0.7
"""Share of questions among numbered siblings from which all of them are taken for questions."""

_ENDS_SENTENCE = re.compile(r".*([。；;，,、…！!]|\.{1,3})$")
_LONE = re.compile(r"[^。！!；;，,：:=≈<>\\|]+")
_WORD = re.compile(r"[\w]")


@dataclass(frozen=True, slots=True)
class Heading:
    """A line that heads the text below it."""

    index: int
    """Of its line, from 0."""
    start: int
    end: int
    """Of its words in the raw file; before the line's end where an answer follows on it."""
    title: str
    style: str
    depth: int
    """Of headings of one style, the larger is the inner one."""
    question: bool


def find_headings(lines: Sequence[Line]) -> list[Heading]:
    """All headings of a cleaned file, in order."""
    return _Finder(lines).find()


def width(text: str) -> float:
    """Length as seen: 1 for a wide character, a half for a narrow one."""
    return sum(1.0 if unicodedata.east_asian_width(char) in "WF" else 0.5 for char in text)


class _Finder:
    def __init__(self, lines: Sequence[Line]) -> None:
        self._lines = lines
        self._marks = [mark_of(line.text) if line.kind is Kind.TEXT else None for line in lines]
        self._markdown = sum(bool(mark and mark.hashes) for mark in self._marks) >= 2
        self._numbering = Numbering()
        self._found: list[Heading] = []
        self._rules: dict[Style, Callable[[int, Mark], str]] = {
            Style.CHAPTER: self._chapter,
            Style.CHINESE: self._chinese,
            Style.CHINESE_ROUND: self._chinese,
            Style.DOTTED: self._dotted,
            Style.SINGLE: self._single,
            Style.BARE: self._bare,
            Style.ASK: self._ask,
            Style.NONE: self._unnumbered,
        }

    def find(self) -> list[Heading]:
        for at, mark in enumerate(self._marks):
            if mark is None or not mark.title or not _WORD.search(mark.title):
                continue
            style = self._style(at, mark)
            if style:
                self._found.append(self._heading(at, mark, style))
        return self._all_or_some()

    def _style(self, at: int, mark: Mark) -> str:
        if mark.bullet or self._lines[at].indent >= 4:
            return ""
        if mark.hashes:
            self._numbering.reset()
            return "hash"
        if mark.bold:
            return self._bold(at, mark)
        rule = self._rules.get(mark.style)
        return rule(at, mark) if rule and self._lines[at].indent < 2 else ""

    def _heading(self, at: int, mark: Mark, style: str) -> Heading:
        line = self._lines[at]
        length = question_length(line.text)
        depth = {"hash": self._hash_depth(mark), "number": len(mark.number)}.get(style, 1)
        title = mark.title if length == len(line.text) else mark_of(line.text[:length]).title
        question = style in ("ask", "question") or asks(title)
        return Heading(at, line.at, line.at + length, title, style, depth, question)

    def _hash_depth(self, mark: Mark) -> int:
        """Depth by hashes, and among equal hashes by number: 2.3.1 stands below 2.3."""
        depth = mark.hashes * DEEPER
        if mark.style is not Style.DOTTED:
            return depth
        for heading in reversed(self._found):
            before = self._mark(heading.index)
            if heading.style == "hash" and before.hashes < mark.hashes:
                break
            inner = before.hashes == mark.hashes and before.number == mark.number[:-1]
            if inner or (before.hashes == mark.hashes and len(before.number) == len(mark.number)):
                return min(heading.depth + inner, depth + DEEPER - 1)
        return depth

    def _near(self, at: int, step: int, *, blank: bool) -> int:
        """Index of the next line in a direction, over blank ones if `blank`; -1 outside."""
        at += step
        while blank and 0 <= at < len(self._lines) and self._lines[at].kind is Kind.BLANK:
            at += step
        return at if 0 <= at < len(self._lines) else -1

    def _lone(self, at: int) -> bool:
        """Whether blank lines, headings or the file's ends are around a line."""
        before, after = self._near(at, -1, blank=False), self._near(at, 1, blank=False)
        headed = bool(self._found) and before >= 0 and self._found[-1].index == before
        quiet = before < 0 or self._lines[before].kind in (Kind.BLANK, Kind.RULE) or headed
        return quiet and (after < 0 or self._lines[after].kind in (Kind.BLANK, Kind.RULE))

    def _announced(self, at: int) -> bool:
        """Whether the text before a line ends with a colon or a comma."""
        before = self._near(at, -1, blank=True)
        return before >= 0 and self._lines[before].text.endswith(("：", ":", "，", ","))

    def _shaped(self, at: int, mark: Mark) -> bool:
        """Whether a numbered line has the shape of a heading."""
        text = self._lines[at].text
        short = question_length(text)
        if short < len(text) or ends_asking(mark.title):
            return width(text[:short]) <= LONGEST_QUESTION / 2
        return (
            width(mark.title) <= LONGEST_HEADING / 2 + 10
            and not _ENDS_SENTENCE.match(mark.title)
            and "。" not in mark.title
        )

    def _asking(self, at: int) -> bool:
        text = self._lines[at].text
        return ends_asking(text) or question_length(text) < len(text)

    def _inside_question(self, style: str) -> bool:
        """Whether the text here belongs to a question of another style."""
        return bool(self._found) and self._found[-1].question and self._found[-1].style != style

    def _has_body(self, at: int) -> bool:
        after = self._near(at, 1, blank=True)
        if after < 0:
            return False
        mark = self._marks[after]
        return mark is None or mark.hashes == 0 and (mark.bullet or mark.style is not self._mark(at).style)

    def _mark(self, at: int) -> Mark:
        return self._marks[at] or mark_of("")

    def _bold(self, at: int, mark: Mark) -> str:
        if width(mark.title) > LONGEST_HEADING:
            return ""
        if mark.style in (Style.DOTTED, Style.CHAPTER, Style.CHINESE):
            return "bold number"
        if not self._markdown:
            return "bold"
        asking = ends_asking(mark.title) and (stands_alone(mark.title) or mark.style is Style.ASK)
        return "bold" if asking and self._bold_neighbours_ask(at) else ""

    def _bold_neighbours_ask(self, at: int) -> bool:
        """Whether at least half of the bold lines between the same marked headings are questions."""
        low = high = at
        while low > 0 and not self._mark(low).hashes:
            low -= 1
        while high < len(self._marks) - 1 and not self._mark(high + 1).hashes:
            high += 1
        bold = [
            self._mark(i).title
            for i in range(low, high + 1)
            if self._mark(i).bold and not self._mark(i).bullet
        ]
        return sum(map(ends_asking, bold)) * 2 >= len(bold)

    def _chapter(self, at: int, mark: Mark) -> str:
        if self._markdown or not self._shaped(at, mark):
            return ""
        self._numbering.reset()
        return "chapter"

    def _chinese(self, at: int, mark: Mark) -> str:
        fits = self._shaped(at, mark) and (self._lone(at) or self._asking(at) or not self._markdown)
        if not fits or (mark.style is Style.CHINESE_ROUND and not (self._lone(at) or self._asking(at))):
            return ""
        self._numbering.reset()
        return "chinese" if mark.style is Style.CHINESE else "chinese round"

    def _dotted(self, at: int, mark: Mark) -> str:
        if not self._shaped(at, mark) or (self._markdown and not (self._lone(at) or self._asking(at))):
            return ""
        if self._markdown and self._inside_question("number"):
            return ""
        taken = self._numbering.takes(mark.number, certain=self._asking(at))
        return "number" if taken or self._asking(at) else ""

    def _single(self, at: int, mark: Mark) -> str:
        if self._inside_question("number") or not self._shaped(at, mark):
            return ""
        if self._asking(at):
            answered = question_length(self._lines[at].text) < len(self._lines[at].text) or self._has_body(at)
            return "number" if answered and self._numbering.takes(mark.number, certain=True) else ""
        if self._markdown:
            return ""
        leads = self._leads_to_child(at, mark) or (self._lone(at) and self._has_body(at))
        sibling = (
            bool(self._found)
            and self._found[-1].question
            and self._found[-1].depth == 1
            and self._has_body(at)
        )
        return "number" if (leads or sibling) and self._numbering.takes(mark.number) else ""

    def _leads_to_child(self, at: int, mark: Mark) -> bool:
        after = self._near(at, 1, blank=True)
        return after >= 0 and self._mark(after).number == (*mark.number, 1)

    def _bare(self, at: int, mark: Mark) -> str:
        fits = not self._markdown and self._shaped(at, mark) and width(mark.title) <= LONGEST_LONE
        if not fits or not (self._leads_to_child(at, mark) or self._lone(at)):
            return ""
        return "number" if self._numbering.takes(mark.number) else ""

    def _ask(self, at: int, mark: Mark) -> str:
        return (
            "ask"
            if width(self._lines[at].text[: question_length(self._lines[at].text)]) <= LONGEST_QUESTION
            else ""
        )

    def _unnumbered(self, at: int, mark: Mark) -> str:
        text = self._lines[at].text
        if self._whole_question(at, text):
            return "question"
        if self._markdown or self._announced(at) or ends_asking(text):
            return ""
        fits = width(text) <= LONGEST_LONE and bool(_LONE.fullmatch(text))
        if fits and self._lone(at):
            return "lone"
        first = self._near(at, -1, blank=True) < 0
        return "title" if first and self._shaped(at, mark) else ""

    def _whole_question(self, at: int, text: str) -> bool:
        """Whether a line is one question that stands by itself, without a number."""
        if not ends_asking(text) or "。" in text or width(text) > LONGEST_HEADING / 2 + 10:
            return False
        if not stands_alone(text) or self._announced(at) or text[0].islower() or text[0] in "\"“'‘（(>|":
            return False
        if self._markdown:
            return self._lone(at) and not self._inside_question("")
        return True

    def _all_or_some(self) -> list[Heading]:
        """Numbered siblings of which most are questions are all questions."""
        keys = Counter((h.style, h.depth) for h in self._found)
        asking = Counter((h.style, h.depth) for h in self._found if h.question)
        lists = {
            key
            for key, count in keys.items()
            if key[0] in ("number", "bold number") and count >= MANY and asking[key] >= MOSTLY * count
        }
        return [replace(h, question=h.question or (h.style, h.depth) in lists) for h in self._found]
