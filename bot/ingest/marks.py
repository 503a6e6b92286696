"""How a line presents itself: numbering, bold, question."""

import re
from dataclasses import dataclass
from enum import Enum, auto

_HASH = re.compile(r"(#{1,6})(?=[\s*\d\u3400-\u9fff（【])\s*(.*?)[\s#]*$")
_BOLD = re.compile(r"(?:\*\*|__)\s*(.+?)\s*(?:\*\*|__)\s*[:：]?$")
_TAG = re.compile(
    r"<(h[1-6]|summary|b|strong)>\s*(?:<(?:b|strong)>)?\s*(.+?)\s*(?:</(?:b|strong)>)?\s*</\1>$", re.I
)
_BULLET = re.compile(r"[-*+•·●○▪◦■–—]\s+(?=\S)|[•·●○▪◦■]")
_LINK = re.compile(r"!?\[([^\]\n]*)\]\([^)\n]*\)")
_PARENTHESES = re.compile(r"[（(【\[][^（()）【】\[\]]*[)）】\]]")
_CHINESE_DIGITS = "零一二三四五六七八九十"


class Style(Enum):
    """How a line is numbered."""

    NONE = auto()
    CHAPTER = auto()
    """第三章, Chapter 3."""
    CHINESE = auto()
    """三、"""
    CHINESE_ROUND = auto()
    """（三）"""
    DOTTED = auto()
    """3.2, also broken as 3。2."""
    SINGLE = auto()
    """3. or 3、 or 3)"""
    BARE = auto()
    """3 and a space."""
    ROUND = auto()
    """(3) or ③."""
    ASK = auto()
    """Q3: or 问："""


@dataclass(frozen=True, slots=True)
class Mark:
    """What stands before and around the words of a line."""

    style: Style
    number: tuple[int, ...]
    title: str
    """The words, without numbering and marks."""
    hashes: int
    bold: bool
    bullet: bool


_NUMBERINGS: tuple[tuple[Style, re.Pattern[str]], ...] = (
    (
        Style.ASK,
        re.compile(r"(?:[【\[]\s*)?(?:Q|问题?|question|面试题)\s*(\d{0,3})\s*[.:：、】\]]\s*(?=\S)", re.I),
    ),
    (Style.CHAPTER, re.compile(r"第\s*([一二三四五六七八九十百零\d]+)\s*[章节篇讲部][分]?[\s:：、.]*")),
    (Style.CHAPTER, re.compile(r"(?:chapter|part|section)\s+(\d{1,3}|[IVX]{1,5})\b[\s:：.\-]*", re.I)),
    (
        Style.DOTTED,
        re.compile(
            r"([1-9]\d{0,2}(?:[.。．]\d{1,3}){1,4})(?![\d%])[.。、．:：)）]?\s*(?=[^\d\s.,，=×*+/<>~～-])"
        ),
    ),
    (Style.SINGLE, re.compile(r"(\d{1,3})\s*[.．、。)）:：](?!\d)\s*(?=\S)")),
    (Style.BARE, re.compile(r"(\d{1,2})\s+(?=[^\d\s.,=×*+/<>%-])")),
    (Style.CHINESE, re.compile(r"([一二三四五六七八九十]{1,3})\s*[、.．，]\s*(?=\S)")),
    (Style.CHINESE_ROUND, re.compile(r"[（(]([一二三四五六七八九十]{1,3})[)）]\s*(?=\S)")),
    (Style.ROUND, re.compile(r"[（(](\d{1,2})[)）]\s*(?=\S)|[①-⑳]\s*(?=\S)")),
)


def mark_of(text: str) -> Mark:
    """The mark of one line (stripped)."""
    text = _untagged(text)
    hashed = _HASH.match(text)
    hashes, rest = (len(hashed.group(1)), hashed.group(2)) if hashed else (0, text)
    bulleted = None if hashed else _BULLET.match(rest)
    rest = rest[bulleted.end() :] if bulleted else rest
    bold = _BOLD.fullmatch(rest)
    if bold and "**" not in bold.group(1):
        rest = bold.group(1)
    style, number, title = _numbered(rest)
    return Mark(style, number, plain(title), hashes, bool(bold), bool(bulleted))


def _untagged(text: str) -> str:
    """A heading in HTML as it would stand in Markdown."""
    tagged = _TAG.fullmatch(text)
    if tagged is None:
        return text
    tag, words = tagged.group(1).lower(), tagged.group(2)
    return f"{'#' * int(tag[1])} {words}" if tag.startswith("h") else f"**{words}**"


def _numbered(text: str) -> tuple[Style, tuple[int, ...], str]:
    bare = text.lstrip("*_ ")
    for style, pattern in _NUMBERINGS:
        match = pattern.match(bare)
        if match and match.end() < len(bare):
            return style, _value(match.group(1) if match.lastindex else ""), bare[match.end() :]
    return Style.NONE, (), text


def _value(digits: str) -> tuple[int, ...]:
    if not digits or digits[0].isdecimal():
        return tuple(int(part) for part in re.split(r"[.。．]", digits) if part.isdecimal())
    if digits[0].isascii():
        return ()
    return (_chinese(digits),)


def _chinese(digits: str) -> int:
    tens, ten, ones = digits.rpartition("十")
    value = (_CHINESE_DIGITS.find(tens) if tens else 1) * 10 if ten else 0
    return value + max(0, _CHINESE_DIGITS.find(ones[-1:]) if ones else 0)


def plain(text: str) -> str:
    """Words of a heading without emphasis, links and marks around them."""
    words = _LINK.sub(r"\1", text).replace("**", "").replace("__", "").strip(" \t*#")
    return re.sub(r"\s+", " ", words).strip().rstrip(":：").strip()


def without_parentheses(text: str) -> str:
    """Text without what stands in brackets."""
    return _PARENTHESES.sub("", text)


_QUESTION_WORDS = re.compile(
    r"为什么|为何|如何|怎么|怎样|什么|哪些|哪个|哪种|哪几|是否|能否|可否|多少|何时|吗$|呢$"
    r"|^(简述|试述|列举|说说|谈谈|说一下|讲一下|请.{0,2}(解释|介绍|描述|说明)|(解释|介绍|对比|比较|推导)一下)"
)
_COMPARES = re.compile(r".{4,}(区别|差别|差异|异同|不同点|不同之处|优缺点)(是|在哪里?)?$")
_ENGLISH = re.compile(
    r"(what|why|how|when|which|where|who)('s|\b)|(explain|describe|compare|derive)\s+\S+\s+\S+", re.I
)


def ends_asking(text: str) -> bool:
    """Whether a line ends with a question mark."""
    return text.rstrip(' *_`"”’)）').endswith(("?", "？"))


def asks(title: str) -> bool:
    """Whether a heading or an item of a list is a question, with or without its mark."""
    core = without_parentheses(title).strip()
    if "？" in core or core.rstrip().endswith("?") or re.search(r"\?(?=[^\w=&]|[\u3400-\u9fff])", core):
        return True
    return bool(_QUESTION_WORDS.search(core) or _COMPARES.match(core) or _ENGLISH.match(core))


_LEANS = re.compile(
    r"(那么?|但是?|所以|可是|然而|于是|接下来|因此|其实|而|(so|but|then|and)\b)|.*(这[个些样里种]|上述|上面|该[方问])",
    re.I,
)


_TASK = re.compile(r"(explain|describe|compare|derive|discuss)\s+\w[^.!?]*\.?$", re.I)


def is_task(text: str) -> bool:
    """Whether a line tells the reader to explain something."""
    return bool(_TASK.match(text))


def stands_alone(question: str) -> bool:
    """Whether a question is understood without the text before it."""
    return not _LEANS.match(question)


_BOLD_QUESTION = re.compile(r"\s*(?:[\d.、)）]+\s*)?(\*\*|__)(?=\S).{2,80}?[?？]\s*\1")
_PLAIN_QUESTION = re.compile(r"[^。！!；;?？]{4,80}[?？]")


def question_length(text: str) -> int:
    """Characters of a line that are its question; fewer than all where the answer follows on the line."""
    bold = _BOLD_QUESTION.match(text)
    match = bold or _PLAIN_QUESTION.match(text)
    if match is None:
        return len(text)
    rest = text[match.end() :].strip()
    answered = (
        len(rest) >= 6 and not ends_asking(rest) and (bold or rest.endswith(("。", ".", "！", "；", ";")))
    )
    return match.end() if answered else len(text)
