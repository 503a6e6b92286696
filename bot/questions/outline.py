"""The tree a passage's lines form: lead-ins above their items, items above what explains them."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from bot.questions.lines import Kind, Line
from bot.questions.sentence_parts import label_of
from bot.questions.words import plain, size

TITLE_SIZE = 16
"""Longest line, in words.size, that can be the title of what follows."""
_DEPTH = {"chinese": 0, "number": 1}
"""Which markers stand outside of others where the indent does not tell."""
_ENDS = re.compile(r"[。！？!?；;…]|\.\s*$")


@dataclass(slots=True)
class Node:
    """A line with the lines that belong to it."""

    line: Line | None
    """None at the root."""
    words: str = ""
    """Without marks."""
    children: list["Node"] = field(default_factory=list["Node"])

    @property
    def is_lead(self) -> bool:
        """Whether it announces what follows."""
        return self.words.endswith((":", "："))

    @property
    def is_title(self) -> bool:
        """Whether it names what follows, and says nothing itself."""
        return self.is_lead or (size(self.words) <= TITLE_SIZE and not _ENDS.search(self.words))


def outline(question: str, raw: str, lines: Sequence[Line]) -> Node:
    """The tree of `lines`, which answer `question`, under a root without a line."""
    builder = _Builder(question.lower())
    for i, line in enumerate(lines):
        builder.add(Node(line, plain(raw[line.start : line.end])), _next_words(lines, i))
    return builder.root


def _next_words(lines: Sequence[Line], i: int) -> Line | None:
    return next((line for line in lines[i + 1 : i + 3] if line.kind is not Kind.BREAK), None)


class _Builder:
    """Adds one line after the other to the open branch."""

    def __init__(self, question: str) -> None:
        self._question = question
        self.root = Node(None)
        self._open: list[Node] = [self.root]
        self._gap = False
        """Whether a blank line came just before."""

    def add(self, node: Node, following: Line | None) -> None:
        """Hang `node` where it belongs; `following` is the next line with words."""
        line = node.line
        if line is None or line.kind is Kind.BREAK:
            self._gap = True
            return
        if line.kind is Kind.HEADING:
            self._close_to_heading(len(line.marker))
        elif line.kind is Kind.ITEM:
            self._make_room_for_item(line)
        elif line.kind is Kind.TEXT:
            self._make_room_for_text(node, following)
        self._open[-1].children.append(node)
        if line.kind in (Kind.HEADING, Kind.ITEM) or (line.kind is Kind.TEXT and _announces(node, following)):
            self._open.append(node)
        self._gap = False

    def _close_to_heading(self, level: int) -> None:
        while (top := self._open[-1].line) and not (top.kind is Kind.HEADING and len(top.marker) < level):
            self._open.pop()

    def _make_room_for_item(self, line: Line) -> None:
        for depth in range(len(self._open) - 1, 0, -1):
            known = self._open[depth].line
            if known and known.kind is Kind.ITEM and _alike(known, line):
                del self._open[depth:]
                return
            if known and known.marker == "chinese":
                break
        while (top := self._open[-1].line) and top.kind is Kind.ITEM:
            inner = _DEPTH.get(line.marker, 2) >= _DEPTH.get(top.marker, 2)
            if line.indent > top.indent or (inner and self._open[-1].is_title):
                return
            self._open.pop()

    def _make_room_for_text(self, node: Node, following: Line | None) -> None:
        while (top := self._open[-1]).line and not self._takes_text(top, node, following):
            self._open.pop()

    def _takes_text(self, top: Node, node: Node, following: Line | None) -> bool:
        line, new = top.line, node.line
        if line is None or new is None or line.kind is Kind.HEADING:
            return True
        if line.kind is Kind.ITEM and new.indent > max(line.indent, 1):
            return True
        if _announces(node, following) or (self._gap and top.children) or self._beside(top, node):
            return False
        if line.kind is Kind.TEXT:
            return all(child.line and child.line.kind is not Kind.ITEM for child in top.children)
        return top.is_title and self._explained(top)

    def _beside(self, top: Node, node: Node) -> bool:
        """Whether both name a thing that the question names, as 'BN：' and 'Dropout：…' do."""
        own = label_of(node.words)
        lead = top.words.rstrip("：: ").lower()
        return own is not None and own[0].lower() in self._question and lead in self._question

    def _explained(self, item: Node) -> bool:
        """Whether the items of this list are followed by text about them (the first one always may be)."""
        siblings = self._open[-2].children
        place = siblings.index(item)
        before = siblings[place - 1] if place else None
        if item.is_lead or before is None or before.children:
            return True
        return before.line is not None and before.line.kind is not Kind.ITEM


def _alike(one: Line, other: Line) -> bool:
    return one.marker == other.marker and abs(one.indent - other.indent) <= 1


def _announces(node: Node, following: Line | None) -> bool:
    if node.is_lead:
        return True
    return node.is_title and following is not None and following.kind is Kind.ITEM
