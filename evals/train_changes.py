"""Changes to a statement: other words with the same meaning, or the same words with another one.

Each takes the statement and a source of chance; None where the statement gives no hold for the change.
"""

import random
import re

from bot.grading.lexicon import groups
from bot.grading.normal import plain
from bot.grading.words import any_of, terms, units

_NEGATE_ZH = (
    ("不会", "会"),
    ("不能", "能"),
    ("不需要", "需要"),
    ("不依赖", "依赖"),
    ("没有", "有"),
    ("不是", "是"),
    ("无法", "可以"),
    ("不", ""),
    ("可以", "不可以"),
    ("能够", "不能"),
    ("会", "不会"),
    ("需要", "不需要"),
    ("必须", "不必"),
    ("使用", "不使用"),
    ("采用", "不采用"),
    ("依赖", "不依赖"),
    ("导致", "不会导致"),
    ("使得", "不会使得"),
    ("使", "不会使"),
    ("具有", "没有"),
    ("包含", "不包含"),
    ("有", "没有"),
    ("是", "不是"),
    ("用", "不用"),
    ("能", "不能"),
    ("让", "不会让"),
    ("等于", "不等于"),
    ("取", "不取"),
)
_NEGATE_EN = (
    (" is not ", " is "),
    (" are not ", " are "),
    (" does not ", " does "),
    (" cannot ", " can "),
    (" not ", " "),
    (" is ", " is not "),
    (" are ", " are not "),
    (" can ", " cannot "),
    (" will ", " will not "),
    (" has ", " does not have "),
    (" have ", " do not have "),
    (" was ", " was not "),
    (" should ", " should not "),
    (" must ", " need not "),
)
_WORDS = {
    "因此": "所以",
    "所以": "因此",
    "使用": "采用",
    "采用": "使用",
    "例如": "比如",
    "通常": "一般",
    "往往": "常常",
    "可以": "能够",
    "能够": "可以",
    "需要": "得",
    "称为": "叫做",
    "导致": "造成",
    "增大": "变大",
    "减小": "变小",
    "降低": "减少",
    "提高": "提升",
    "避免": "防止",
    "缓解": "减轻",
    "相同": "一样",
    "不同": "不一样",
    "并且": "而且",
    "以及": "和",
    "由于": "因为",
    "从而": "这样就",
    " increases ": " goes up ",
    " decreases ": " goes down ",
    " because ": " since ",
    " uses ": " makes use of ",
    " connected ": " joined ",
    " so ": " therefore ",
    " larger ": " bigger ",
    " gets ": " becomes ",
    " shows ": " tells us ",
}


def reworded(point: str, chance: random.Random) -> str:
    """Synonyms, fewer particles, another order of two clauses, an opening phrase."""
    text = f" {point} "
    for word, other in _WORDS.items():
        if word in text and chance.random() < 0.8:
            text = text.replace(word, other)
    text = re.sub("的", lambda match: "" if chance.random() < 0.4 else match[0], text.strip())
    parts = re.split(r"[,，]", text)
    if len(parts) == 2 and chance.random() < 0.5 and not re.search("所以|因此|但|而|then|so|but", text):
        text = (
            "，".join(reversed(parts))
            if "，" in point
            else ", ".join(part.strip() for part in reversed(parts))
        )
    opening = (
        chance.choice(("", "", "我认为", "简单说，", "其实"))
        if re.search(r"[\u4e00-\u9fff]", point)
        else chance.choice(("", "I think ", "Basically, "))
    )
    return opening + text


def mixed(point: str, chance: random.Random) -> str | None:
    """Terms of the glossary in the other language, most of them."""
    chinese = bool(re.search(r"[\u4e00-\u9fff]", point))
    others = {
        term: [other for other in group if other.isascii() == chinese]
        for group in groups("synonyms")
        for term in group
        if term.isascii() != chinese and len(term) > 1
    }
    pattern = any_of(term for term, found in others.items() if found)
    known: dict[str, str] = {}

    def other(match: re.Match[str]) -> str:
        term = match[0].lower()
        if chance.random() < 0.2:
            return match[0]
        word = known.setdefault(term, others[term][0])
        return f" {word} " if chinese else word

    text = re.sub(r" {2,}", " ", re.sub(pattern, other, point.lower() if not chinese else point)).strip()
    return text if known else None


def mistyped(point: str, chance: random.Random) -> str:
    """Characters lost or exchanged now and then, commas forgotten; no negation is lost."""
    chars = list(point)
    for index in range(len(chars) - 1):
        if chance.random() < 0.03 and chars[index].isalpha() and chars[index] not in "不没无非":
            chars[index], chars[index + 1] = (
                (chars[index + 1], chars[index]) if chars[index].isascii() else ("", chars[index + 1])
            )
    return "".join(char for char in chars if char not in "，," or chance.random() < 0.7)


def stuffed(text: str, chance: random.Random) -> str:
    """Terms of a text without anything that joins them."""
    normal = plain(text)
    runs = re.findall(
        r"[a-z][a-z0-9-]+|[\u4e00-\u9fff]{2,}|\d+(?:\.\d+)?",
        "|".join(normal[u.start : u.end] for u in units(normal)),
    )
    named = [
        normal[token.start : token.end]
        for token in terms(normal)
        if token.kind in ("term", "word") and token.end - token.start > 1
    ]
    found = list(dict.fromkeys([*named, *runs[::2]]))
    chance.shuffle(found)
    return chance.choice((" ", "、", "，", ", ")).join(found[:14])


def shuffled(text: str, chance: random.Random) -> str:
    """Every word of a text, in any order."""
    normal = plain(text)
    found = [normal[token.start : token.end] for token in terms(normal)]
    chance.shuffle(found)
    return (" " if normal.isascii() else "").join(found)


def negated(point: str, chance: random.Random) -> str | None:
    """The statement with a negation put in or taken out."""
    chinese = bool(re.search(r"[\u4e00-\u9fff]", point))
    rules = _NEGATE_ZH if chinese else _NEGATE_EN
    fitting = [
        (old, new)
        for old, new in rules
        if old in point and not re.search(rf"(?:不|没|无){re.escape(old)}", point)
    ]
    if not fitting:
        return f"并非{point}" if chinese else f"It is not true that {point}"
    old, new = fitting[0] if chance.random() < 0.6 else chance.choice(fitting)
    return point.replace(old, new, 1)


def opposite(point: str, chance: random.Random) -> str | None:
    """A word replaced by its opposite."""
    found: list[tuple[str, str]] = []
    low = point.lower()
    for left, right in groups("antonyms"):
        for word, other in ((left, right), (right, left)):
            if len(word) > 1 and other not in low and _stands(word, low):
                found.append((word, other))
    if not found:
        return None
    word, other = chance.choice(found)
    return re.sub(_whole(word), other, point, flags=re.IGNORECASE)


def _stands(word: str, text: str) -> bool:
    return re.search(_whole(word), text) is not None


def _whole(word: str) -> str:
    return rf"\b{re.escape(word)}\b" if word.isascii() else re.escape(word)


def swapped(point: str, chance: random.Random) -> str | None:
    """Two terms that stand in different places of a comparison, a cause or a contrast, exchanged."""
    if not re.search(
        r"比|大于|小于|导致|取决于|依赖|而|除以|减去|等于| than | causes | depends | while | but ", point
    ):
        return None
    found = list(
        dict.fromkeys(
            point[token.start : token.end]
            for token in terms(point)
            if token.kind in ("term", "word") and token.end - token.start > 1
        )
    )
    found = [term for term in found if point.count(term) == 1]
    if len(found) < 2:
        return None
    left, right = chance.sample(found, 2)
    return point.replace(left, "\0").replace(right, left).replace("\0", right)


def renumbered(point: str, chance: random.Random) -> str | None:
    """The first number replaced by another one."""
    match = re.search(r"(?<![\w.^_])\d+(?:\.\d+)?(?![\w.])", point)
    if match is None:
        return None
    number = match[0]
    other = (
        str(round(float(number) * chance.choice((2, 3, 10)) + 1, 2))
        if "." in number
        else str(int(number) * chance.choice((2, 3)) + 1)
    )
    return point[: match.start()] + other + point[match.end() :]
