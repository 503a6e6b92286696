"""Answers of which only some are needed: 'name two of', 'one of the following', 任意两点.

With N of M alternatives needed, N of them are vital and the rest are a bonus of the same weight. The score is
clip((Σ w·v − penalty) / Σ w of the vital ones), so any N of the M give full marks, fewer give their share,
and none has to be among the vital ones. Alternatives that must share a key point weigh as many as they are,
which gives one of a pair, a half of the pair's point, the weight of one.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from bot.questions.lines import Kind
from bot.questions.outline import Node
from bot.questions.sentence_parts import label_of

FEWEST_LINES = 4
"""Lines without marks that a reader takes for a list."""
_WORDS = ("one 一 1", "two 两 二 2", "three 三 3", "four 四 4", "five 五 5", "six 六 6")
_NUMBERS = {word: number for number, words in enumerate(_WORDS, 1) for word in words.split()}
_N = "(?P<n>one|two|three|four|five|six|[1-6]|[一两二三四五六])"
_COUNTER = "(?:个|种|点|条|项|类|方面|例|处|步)"
_WANTED = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        rf"\b(?:name|give|list|state|mention|identify|describe|discuss|provide|write)\b(?:\W+(?!the\b)\w+){{0,3}}?\W+{_N}\s+"
        r"(?!sentence|word|line|phrase|of the above|[-–])[a-z]",
        rf"\b(?:at least|any|choose)\s+{_N}\b(?!\s*(?:sentence|word|line|[-–]))",
        rf"\b{_N}\s+(?:out\s+)?of\s+(?:the\s+)?(?:following|these|those|below)\b",
        rf"(?:列举|说出|写出|举出|给出|任意|任选|任举|任答|至少|答出|答对|其中|以下|下列)(?:的)?(?:其中|任意|至少)?的?{_N}{_COUNTER}(?!句|字)",
    )
)
_ANY_ONE = re.compile(
    r"(?:任选|任答|答出|选)其一|其一即可|之一即可|任一(?:点|个|条|项|种)?即可"
    r"|(?i:\beither of the following|\bany of the following)"
)
_ONLY_COUNTS = re.compile(
    rf"[（(\[]?(?:(?:any|choose|name|give)\s+{_N}(?:\s+of\s+(?:these|them|the\s+above|the\s+following))?"
    r"(?:\s+(?:is|are)\s+enough)?"
    rf"|(?:以上|以下|答出|任意|任选|任答|其中|的|\s)*{_N.replace('?P<n>', '?:')}{_COUNTER}"
    r"(?:即可|就行|就可以|得满分|给满分)+"
    r"|任选其一(?:即可)?|答出其一(?:即可)?)[)）\]]?[。.]?",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Choice:
    """That a statement is part of one of several alternatives."""

    needed: int
    """How many of them make a full answer."""
    among: int
    """Which set of alternatives, where an answer has several."""
    option: int
    """Which alternative of that set."""


def needed_in(text: str) -> int:
    """How many alternatives the words ask for; 0 when they ask for no number, or for several."""
    if _ANY_ONE.search(text):
        return 1
    found = {_NUMBERS[match["n"].lower()] for pattern in _WANTED for match in pattern.finditer(text)}
    return found.pop() if len(found) == 1 else 0


def only_counts(words: str) -> bool:
    """Whether the words only say how many alternatives are enough."""
    return bool(_ONLY_COUNTS.fullmatch(words.strip()))


def choices_in(root: Node, question: str) -> dict[int, Choice]:
    """The alternatives of the outline, by the id of their node.

    A lead-in that asks for a number speaks of what stands below it, the question of all of the answer.
    """
    found: dict[int, Choice] = {}
    _collect(root, found)
    if not found and (needed := _needed_of(root, question)):
        _mark(_alternatives(root), needed, found)
    return found


def _needed_of(root: Node, question: str) -> int:
    said = [node.words for node in root.children if only_counts(node.words)]
    return next((n for words in said if (n := needed_in(words))), 0) or needed_in(question)


def _collect(node: Node, found: dict[int, Choice]) -> None:
    if node.children and node.is_title and (needed := needed_in(node.words)):
        _mark(_alternatives(node), needed, found)
        return
    for child in node.children:
        _collect(child, found)


def _mark(options: Sequence[Node], needed: int, found: dict[int, Choice]) -> None:
    if len(options) > needed:
        among = len({choice.among for choice in found.values()})
        found.update({id(node): Choice(needed, among, i) for i, node in enumerate(options)})


def _alternatives(node: Node) -> list[Node]:
    """What a reader counts below `node`: its entries, and those of a lead-in among them."""
    found: list[Node] = []
    for child in node.children:
        if child.children and child.is_lead:
            found.extend(_alternatives(child))
        elif child.line and child.line.kind in (Kind.ITEM, Kind.TEXT) and not only_counts(child.words):
            found.append(child)
    return found if node.is_lead or _is_list(found) else []


def _is_list(nodes: Sequence[Node]) -> bool:
    """Whether the nodes are entries beside one another, marked or each a line of its own, few with a name."""
    if all(node.line and node.line.kind is Kind.ITEM for node in nodes):
        return True
    named = sum(label_of(node.words) is not None for node in nodes)
    return len(nodes) >= FEWEST_LINES and 2 * named < len(nodes)
