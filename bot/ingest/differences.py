"""Small differences that turn a statement into another one."""

import re
from difflib import SequenceMatcher

MEANINGFUL = re.compile(
    r"[0-9a-z]|[不没无非未否勿别莫]"
    r"|[增减升降大小高低多少快慢强弱正负有左右上下前后内外先远近长短深浅好坏优劣易难松紧早晚真假同异]"
    r"|[<>=+\-*/^≤≥≠∞√∑∏λαβ]"
)
"""Letters, numbers, operators, negations and halves of opposites."""
INSIDE = 12
"""Characters up to which what the longer text adds inside a shared passage can change its meaning."""
CONTEXT = 8
"""Shared characters around an addition that make it one inside a passage."""


def differ_in_meaning(one: str, other: str) -> bool:
    """Whether two similar search keys differ in a number, a name, a negation or an opposite.

    Text that the longer one has more of before, after or between shared passages does not count.
    """
    poorer, richer = sorted((one, other), key=len)
    blocks = SequenceMatcher(None, poorer, richer, autojunk=False).get_opcodes()
    for at, (tag, a_start, a_end, b_start, b_end) in enumerate(blocks):
        if tag == "equal":
            continue
        lost, gained = poorer[a_start:a_end], richer[b_start:b_end]
        if MEANINGFUL.search(lost):
            return True
        inside = 0 < at < len(blocks) - 1 and len(gained) <= INSIDE
        held = inside and _shared(blocks[at - 1]) >= CONTEXT and _shared(blocks[at + 1]) >= CONTEXT
        if held and MEANINGFUL.search(gained):
            return True
    return False


def _shared(block: tuple[str, int, int, int, int]) -> int:
    return block[2] - block[1]
