"""Which lines head the text below them."""

import re
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from bot.ingest.lines import Line
from bot.ingest.marks import Mark, Style, asks, ends_asking, is_task, mark_of, question_length, stands_alone
from bot.ingest.numbering import Numbering
from bot.ingest.surroundings import LONGEST_HEADING, LONGEST_QUESTION, Surroundings, width

LONGEST_LONE = 24.0
"""Width of a heading that nothing but its place shows."""
DEEPER = 10
"""Depths between a heading with one hash more and its neighbour above."""
MANY = 4
MOSTLY = 0.7
"""Share of questions among numbered siblings from which all of them are taken for questions."""

_LONE = re.compile(r"[^。！!；;，,：:=≈<>\\|]+")
_WORD = re.compile(r"\w")
_QUOTED = "\"“'‘（(>|"


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
    return _Finder(Surroundings(lines)).find()


class _Finder:
    """Goes through a file once; each rule names the style of the heading a line is, or none."""

    def __init__(self, around: Surroundings) -> None:
        self._around = around
        self._numbering = Numbering()
        self._found: list[Heading] = []
        self._rules: dict[Style, Callable[[int, Mark], str]] = {
            Style.CHAPTER: self._chapter,
            Style.CHINESE: self._chinese,
            Style.CHINESE_ROUND: self._chinese_round,
            Style.DOTTED: self._dotted,
            Style.SINGLE: self._single,
            Style.BARE: self._bare,
            Style.ASK: self._ask,
            Style.NONE: self._unnumbered,
        }

    def find(self) -> list[Heading]:
        for at in range(len(self._around.lines)):
            mark = self._around.mark(at)
            style = self._style(at, mark) if _WORD.search(mark.title) else ""
            if style:
                self._found.append(self._heading(at, mark, style))
        return self._all_or_some()

    def _style(self, at: int, mark: Mark) -> str:
        indent = self._around.lines[at].indent
        if mark.bullet:
            return self._item(at)
        if indent >= 4:
            return ""
        if mark.hashes:
            self._numbering.reset()
            return "hash"
        if mark.bold:
            return self._bold(at, mark)
        rule = self._rules.get(mark.style)
        return rule(at, mark) if rule and indent < 2 else ""

    def _heading(self, at: int, mark: Mark, style: str) -> Heading:
        line = self._around.lines[at]
        length = question_length(line.text)
        depths = {"hash": self._hash_depth(mark), "number": len(mark.number), "item": line.indent + 1}
        depth = depths.get(style, 1)
        title = mark.title if length == len(line.text) else mark_of(line.text[:length]).title
        question = style in ("ask", "question") or asks(title)
        return Heading(at, line.at, line.at + length, title, style, depth, question)

    def _hash_depth(self, mark: Mark) -> int:
        """Depth by hashes, and among equal hashes by number: 2.3.1 stands below 2.3."""
        depth = mark.hashes * DEEPER
        if mark.style is not Style.DOTTED:
            return depth
        for heading in reversed(self._found):
            before = self._around.mark(heading.index)
            if heading.style == "hash" and before.hashes < mark.hashes:
                break
            inner = before.hashes == mark.hashes and before.number == mark.number[:-1]
            if inner or (before.hashes == mark.hashes and len(before.number) == len(mark.number)):
                return min(heading.depth + inner, depth + DEEPER - 1)
        return depth

    def _alone(self, at: int) -> bool:
        return self._around.alone(at, self._found[-1].index if self._found else None)

    def _inside_question(self, style: str) -> bool:
        """Whether the text here belongs to a question of another style."""
        return bool(self._found) and self._found[-1].question and self._found[-1].style != style

    def _item(self, at: int) -> str:
        """A question in a list with its answer indented below it, or its neighbour without one."""
        lines, after = self._around.lines, self._around.near(at, 1)
        if not ends_asking(lines[at].text) or self._inside_question("item"):
            return ""
        answered = (
            after is not None and lines[after].indent > lines[at].indent and not self._around.asking(after)
        )
        last = self._found[-1] if self._found else None
        beside = last is not None and last.style == "item" and last.depth == lines[at].indent + 1
        return "item" if answered or beside else ""

    def _bold(self, at: int, mark: Mark) -> str:
        if width(mark.title) > LONGEST_QUESTION:
            return ""
        if mark.style in (Style.DOTTED, Style.CHAPTER, Style.CHINESE):
            return "bold number"
        if not self._around.markdown:
            return "bold"
        asking = ends_asking(mark.title) and (stands_alone(mark.title) or mark.style is Style.ASK)
        return "bold" if asking and self._around.bold_lines_ask(at) else ""

    def _chapter(self, at: int, mark: Mark) -> str:
        if self._around.markdown or not self._around.shaped(at):
            return ""
        self._numbering.reset()
        return "chapter"

    def _chinese(self, at: int, mark: Mark) -> str:
        set_apart = self._alone(at) or self._around.asking(at) or not self._around.markdown
        if not set_apart or not self._around.shaped(at):
            return ""
        self._numbering.reset()
        return "chinese"

    def _chinese_round(self, at: int, mark: Mark) -> str:
        if not self._around.shaped(at) or not (self._alone(at) or self._around.asking(at)):
            return ""
        self._numbering.reset()
        return "chinese round"

    def _dotted(self, at: int, mark: Mark) -> str:
        asking = self._around.asking(at)
        if not self._around.shaped(at):
            return ""
        if self._around.markdown and (self._inside_question("number") or not (self._alone(at) or asking)):
            return ""
        taken = self._numbering.takes(mark.number, certain=asking)
        return "number" if taken or asking else ""

    def _single(self, at: int, mark: Mark) -> str:
        inside = self._inside_question("number") and not self._continues(mark)
        if inside or not self._around.shaped(at):
            return ""
        if self._around.asking(at):
            wanted = self._around.answers_numbers or self._around.answered_inline(at)
            return "number" if wanted and self._numbering.takes(mark.number, certain=True) else ""
        if not self._around.has_body(at):
            return ""
        last = self._found[-1] if self._found else None
        sibling = last is not None and last.question and last.style == "number" and last.depth == 1
        leads = not self._around.markdown and (self._around.leads_to_child(at) or self._alone(at))
        return "number" if (leads or sibling) and self._numbering.takes(mark.number) else ""

    def _continues(self, mark: Mark) -> bool:
        """Whether a number is the one after the last heading's, whatever the style of that."""
        before = self._around.mark(self._found[-1].index).number if self._found else ()
        return len(before) == 1 and mark.number == (before[0] + 1,)

    def _bare(self, at: int, mark: Mark) -> str:
        fits = not self._around.markdown and self._around.shaped(at) and width(mark.title) <= LONGEST_LONE
        if not fits or not (self._around.leads_to_child(at) or self._alone(at)):
            return ""
        return "number" if self._numbering.takes(mark.number) else ""

    def _ask(self, at: int, mark: Mark) -> str:
        text = self._around.lines[at].text
        return "ask" if width(text[: question_length(text)]) <= LONGEST_QUESTION else ""

    def _unnumbered(self, at: int, mark: Mark) -> str:
        text = self._around.lines[at].text
        if self._whole_question(at, text) or (is_task(text) and self._alone(at)):
            return "question"
        if self._around.markdown or self._around.announced(at) or ends_asking(text):
            return ""
        if width(text) <= LONGEST_LONE and _LONE.fullmatch(text) and text[-1] != "." and self._alone(at):
            return "lone"
        first = self._around.near(at, -1) is None
        return "title" if first and self._around.shaped(at) else ""

    def _whole_question(self, at: int, text: str) -> bool:
        """Whether a line is one question that stands by itself, without a number."""
        if not ends_asking(text) or "。" in text or width(text) > LONGEST_HEADING:
            return False
        if not stands_alone(text) or self._around.announced(at) or text[0].islower() or text[0] in _QUOTED:
            return False
        return not self._around.markdown or (self._alone(at) and not self._inside_question(""))

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
