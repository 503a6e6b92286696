"""What the text below a heading is worth: content, an outline, or nothing."""

import re
from collections.abc import Sequence

from bot.ingest import furniture
from bot.ingest.headings import width
from bot.ingest.lines import SOLID, Kind, Line
from bot.ingest.marks import ends_asking, mark_of, without_parentheses

LONGEST_LEAD = 60
"""Characters of a line that only announces what comes after it."""
FULL = 30.0
"""Width from which an item is a sentence whatever it looks like."""
FEW = 0.15
"""Share of characters in sentences below which a list is an outline."""
WORDY = 9
"""English words from which an item is a sentence."""
CONTENTS_LINES = 8

_ENDS = re.compile(r"[。！!；;]\W*$|[a-z\u3400-\u9fff]\.$")
_CLAUSE = re.compile(r"[，,](?!\s*$)")
_SAYS = re.compile(
    r"是(?!否)|可以|能够|通过|表示|用于|用来|等于|包括|导致|避免|使得|称为|叫做?|由.+(组成|提出|构成)"
)
_EXPLAINS = re.compile(r"[：:].*(?:[\u3400-\u9fff][^\u3400-\u9fff]*){10}")
_FORMULA = re.compile(r"\$[^$]+\$|\\\(|\\frac|[=≈≤≥∑∏]|->|`[^`]+\(")
_LETTER = re.compile(r"[^\W_]")
_PROGRAM = re.compile(
    r"(def|class|if|elif|else|for|while|with|try|except|finally|return|case)\b[^\u3400-\u9fff]*:$"
)
_LEAD_END = ("：", ":")


def is_sentence(text: str) -> bool:
    """Whether a line says something about its subject instead of only naming it."""
    title = mark_of(text).title
    core = without_parentheses(title).strip()
    if ends_asking(core):
        return False
    if _ENDS.search(text.strip()) or "。" in core or _FORMULA.search(core) or _EXPLAINS.search(core):
        return True
    if width(core) >= FULL or len(core.split()) >= WORDY:
        return True
    return len(core) >= 10 and bool(_CLAUSE.search(core) or _SAYS.search(core))


def is_outline(lines: Sequence[Line]) -> bool:
    """Whether lines only name things."""
    if any(line.kind in SOLID for line in lines):
        return False
    texts = [line.text for line in lines if line.kind is Kind.TEXT]
    total = sum(map(len, texts))
    return total > 0 and sum(len(text) for text in texts if is_sentence(text)) < FEW * total


def has_contents(lines: Sequence[Line]) -> bool:
    """Whether a file holds a table of contents with page numbers."""
    texts = (line.text for line in lines if line.kind is Kind.TEXT)
    return sum(unpaged(text) != text and not is_sentence(text) for text in texts) >= CONTENTS_LINES


def unpaged(text: str) -> str:
    """An entry of a table of contents without its page; other text as it is."""
    match = furniture.CONTENTS_ENTRY.fullmatch(text)
    return match.group(1) if match else text


def is_lead(line: Line) -> bool:
    """Whether a line only announces what comes after it."""
    return (
        line.kind is Kind.TEXT
        and len(line.text) <= LONGEST_LEAD
        and line.text.rstrip("*_ ").endswith(_LEAD_END)
    )


def has_substance(lines: Sequence[Line]) -> bool:
    """Whether anything is left to learn from lines: not only pictures, their announcements and placeholders."""
    shown = [line for line in lines if line.kind not in (Kind.BLANK, Kind.RULE)]
    for at, line in enumerate(shown):
        if line.kind in SOLID:
            return True
        pictured = at + 1 == len(shown) or shown[at + 1].kind is Kind.IMAGE
        empty = is_lead(line) and pictured
        if line.kind is Kind.TEXT and not empty and not furniture.PLACEHOLDER.fullmatch(line.text):
            if len(_LETTER.findall(line.text)) >= 2:
                return True
    return False


def lost_lead(lines: Sequence[Line]) -> Line | None:
    """The last line, if it announces what never comes."""
    last = next((line for line in reversed(lines) if line.kind not in (Kind.BLANK, Kind.RULE)), None)
    return last if last is not None and is_lead(last) else None
