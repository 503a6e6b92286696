"""What the text below a heading is worth: content, an outline, or nothing."""

import re
from collections.abc import Sequence

from bot.ingest import line_shapes
from bot.ingest.lines import SOLID, Kind, Line
from bot.ingest.marks import ends_asking, mark_of, without_parentheses
from bot.ingest.surroundings import width

LONGEST_LEAD = 60
"""Characters of a line that only announces what comes after it."""
FULL = 30.0
"""Width from which an item is a sentence whatever it looks like."""
FEW = 0.15
"""Share of characters in sentences below which a list is an outline."""
LONGEST_REMARK = 14.0
"""Width of a remark that may be a remnant of lost text."""
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
_REMARK = re.compile(r"([^:：，,。]{2,})[:：][^:：]*(?:它|此式|上式|该式|其)[^:：]*。?")
_LETTER = re.compile(r"[^\W_]")
_PROGRAM = re.compile(
    r"(def|class|if|elif|else|for|while|with|try|except|finally|return|case)\b[^\u3400-\u9fff]*:$"
)
_LEAD_END = ("：", ":")


def is_sentence(text: str) -> bool:
    """Whether a line says something about its subject instead of only naming it."""
    title = mark_of(text).title
    core = without_parentheses(title).strip()
    if ends_asking(unpaged(core)):
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
    match = line_shapes.CONTENTS_ENTRY.fullmatch(text)
    return match.group(1) if match else text


def is_lead(line: Line) -> bool:
    """Whether a line only announces what comes after it."""
    return (
        line.kind is Kind.TEXT
        and len(line.text) <= LONGEST_LEAD
        and line.text.rstrip("*_ ").endswith(_LEAD_END)
    )


def has_substance(lines: Sequence[Line]) -> bool:
    """Whether lines hold more than pictures, announcements and placeholders."""
    shown = [line for line in lines if line.kind not in (Kind.BLANK, Kind.RULE)]
    for at, line in enumerate(shown):
        if line.kind in SOLID:
            return True
        pictured = at + 1 == len(shown) or shown[at + 1].kind is Kind.IMAGE
        empty = is_lead(line) and pictured
        said = line.kind is Kind.TEXT and not empty and not line_shapes.PLACEHOLDER.fullmatch(line.text)
        if said and len(_LETTER.findall(line.text)) >= 2:
            return True
    return False


def lost_end(lines: Sequence[Line]) -> Line | None:
    """The last line, if it announces what never comes or speaks of what is no longer there."""
    last = next((line for line in reversed(lines) if line.kind not in (Kind.BLANK, Kind.RULE)), None)
    if last is None or last.kind is not Kind.TEXT:
        return None
    return last if is_lead(last) or _is_remnant(last, lines) else None


def _is_remnant(last: Line, lines: Sequence[Line]) -> bool:
    """Whether a short last remark is about an 'it' that nothing before it names."""
    remark = _REMARK.fullmatch(last.text)
    if remark is None or width(last.text) > LONGEST_REMARK:
        return False
    return not any(remark.group(1).lower() in line.text.lower() for line in lines if line is not last)
