"""A line among its neighbours: what makes it look like a heading."""

import re
import unicodedata
from collections.abc import Iterator, Sequence

from bot.ingest.lines import Kind, Line
from bot.ingest.marks import Mark, Style, ends_asking, mark_of, question_length

LONGEST_HEADING = 40.0
LONGEST_QUESTION = 60.0
"""Widths: a Chinese character counts 1, a Latin one a half."""

_ENDS_SENTENCE = re.compile(r".*([。；;，,、…！!]|\.{1,3})$")
_NO_MARK = mark_of("")


def width(text: str) -> float:
    """Length as seen: 1 for a wide character, a half for a narrow one."""
    return sum(1.0 if unicodedata.east_asian_width(char) in "WF" else 0.5 for char in text)


class Surroundings:
    """The cleaned lines of a file, asked about by index."""

    def __init__(self, lines: Sequence[Line]) -> None:
        self.lines = lines
        self._marks = [mark_of(line.text) if line.kind is Kind.TEXT else _NO_MARK for line in lines]
        self.markdown = sum(bool(mark.hashes) for mark in self._marks) >= 2
        """Whether the file's headings are marked with #."""
        self.answers_numbers = self._mostly_answered()
        """Whether most of its questions with a plain number have text below them."""

    def mark(self, at: int) -> Mark:
        """The mark of a line; of code, formulas and the like an empty one."""
        return self._marks[at]

    def near(self, at: int, step: int, *, over_blank: bool = True) -> int | None:
        """Index of the next line in a direction; None outside."""
        at += step
        while over_blank and 0 <= at < len(self.lines) and self.lines[at].kind is Kind.BLANK:
            at += step
        return at if 0 <= at < len(self.lines) else None

    def alone(self, at: int, heading: int | None) -> bool:
        """Whether blank lines, the last `heading` or the file's ends are around a line."""
        before, after = self.near(at, -1, over_blank=False), self.near(at, 1, over_blank=False)
        return self._quiet(before, heading) and self._quiet(after, None)

    def _quiet(self, at: int | None, heading: int | None) -> bool:
        return at is None or at == heading or self.lines[at].kind in (Kind.BLANK, Kind.RULE)

    def announced(self, at: int) -> bool:
        """Whether the text before a line ends with a colon or a comma."""
        before = self.near(at, -1)
        return before is not None and self.lines[before].text.endswith(("：", ":", "，", ","))

    def shaped(self, at: int) -> bool:
        """Whether a line has the length and the end of a heading."""
        title = self._marks[at].title
        if self.asking(at):
            text = self.lines[at].text
            return width(text[: question_length(text)]) <= LONGEST_QUESTION
        return width(title) <= LONGEST_HEADING and not _ENDS_SENTENCE.match(title) and "。" not in title

    def asking(self, at: int) -> bool:
        """Whether a line ends with a question, or holds one and its answer."""
        return ends_asking(self.lines[at].text) or self.answered_inline(at)

    def answered_inline(self, at: int) -> bool:
        """Whether an answer follows a question on its own line."""
        text = self.lines[at].text
        return question_length(text) < len(text)

    def has_body(self, at: int) -> bool:
        """Whether text that is no sibling and no marked heading comes next."""
        after = self.near(at, 1)
        if after is None:
            return False
        mark = self._marks[after]
        return not mark.hashes and (
            mark.bullet or mark.style is Style.NONE or mark.style is not self._marks[at].style
        )

    def leads_to_child(self, at: int) -> bool:
        """Whether the next line is numbered as the first one below this."""
        after = self.near(at, 1)
        return after is not None and self._marks[after].number == (*self._marks[at].number, 1)

    def bold_lines_ask(self, at: int) -> bool:
        """Whether at least half of the bold lines between the same marked headings are questions."""
        bold = [mark.title for mark in self._section(at) if mark.bold and not mark.bullet]
        return sum(map(ends_asking, bold)) * 2 >= len(bold)

    def _section(self, at: int) -> Iterator[Mark]:
        low, high = at, at + 1
        while low > 0 and not self._marks[low].hashes:
            low -= 1
        while high < len(self._marks) and not self._marks[high].hashes:
            high += 1
        return iter(self._marks[low:high])

    def _mostly_answered(self) -> bool:
        numbered = [
            at
            for at, line in enumerate(self.lines)
            if self._marks[at].style is Style.SINGLE and line.indent < 2 and self.asking(at)
        ]
        answered = sum(self.answered_inline(at) or self.has_body(at) for at in numbered)
        return answered > 0.5 * len(numbered)
