"""Answers that code makes from notes: right ones in other words, and wrong ones that share every word."""

import random
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from bot.grading.clauses import clauses, sentences
from bot.grading.lexicon import groups
from bot.grading.normal import plain
from bot.grading.words import terms, unit_set, units
from evals.train_rows import CONTRADICTED, COVERED, MISSING, Row, Target

HEDGED: Target = (0.0, 0.5, 0.5, 0.0)
SHOTGUN: Target = (0.0, 0.2, 0.6, 0.2)
HALF: Target = (0.05, 0.75, 0.2, 0.0)
_HEADING = re.compile(r"(?m)^#{2,4} (.+)$")
_NEGATE_ZH = (("不会", "会"), ("不能", "能"), ("不需要", "需要"), ("不依赖", "依赖"), ("没有", "有"), ("不是", "是"),
              ("无法", "可以"), ("不", ""), ("可以", "不可以"), ("能够", "不能"), ("会", "不会"), ("需要", "不需要"),
              ("必须", "不必"), ("使用", "不使用"), ("采用", "不采用"), ("依赖", "不依赖"), ("导致", "不会导致"),
              ("使得", "不会使得"), ("使", "不会使"), ("具有", "没有"), ("包含", "不包含"), ("有", "没有"), ("是", "不是"),
              ("用", "不用"), ("能", "不能"), ("让", "不会让"), ("等于", "不等于"), ("取", "不取"))  # fmt: skip
_NEGATE_EN = ((" is not ", " is "), (" are not ", " are "), (" does not ", " does "), (" cannot ", " can "), (" not ", " "),
              (" is ", " is not "), (" are ", " are not "), (" can ", " cannot "), (" will ", " will not "), (" has ", " does not have "),
              (" have ", " do not have "), (" was ", " was not "), (" should ", " should not "), (" must ", " need not "))  # fmt: skip
_WORDS = {
    "因此": "所以", "所以": "因此", "使用": "采用", "采用": "使用", "例如": "比如", "通常": "一般", "往往": "常常", "可以": "能够",
    "能够": "可以", "需要": "得", "称为": "叫做", "导致": "造成", "增大": "变大", "减小": "变小", "降低": "减少", "提高": "提升",
    "避免": "防止", "缓解": "减轻", "相同": "一样", "不同": "不一样", "并且": "而且", "以及": "和", "由于": "因为", "从而": "这样就",
    " increases ": " goes up ", " decreases ": " goes down ", " because ": " since ", " uses ": " makes use of ",
    " connected ": " joined ", " so ": " therefore ", " larger ": " bigger ", " gets ": " becomes ", " shows ": " tells us ",
}  # fmt: skip
_GENERIC = (
    "总体来看，这类技术用途很广，可以改善效果，不过也要看具体场景做取舍。",
    "这个概念在面试里常被问到，实际工程中要结合数据和算力来考虑，多做实验才知道哪种方案合适。",
    "它的核心思想简单有效，计算代价不高，所以在工业界得到大量应用，未来还有很大的发展空间。",
    "This technique is popular in practice, gives good results in many tasks and should be tuned with care.",
    "It depends on the situation; there are trade-offs, and one has to weigh cost against benefit.",
)


@dataclass(frozen=True, slots=True)
class Topic:
    """A question with the statements that answer it."""

    source: str
    group: str
    question: str
    points: tuple[str, ...]

    @property
    def chinese(self) -> bool:
        """Whether it is written in Chinese."""
        return bool(re.search(r"[\u4e00-\u9fff]", self.points[0]))


def topics_of_notes(folder: Path) -> list[Topic]:
    """Every section of the Markdown notes in `folder` that has two to seven sentences."""
    found: list[Topic] = []
    for file in sorted(folder.glob("*.md")):
        text = file.read_text("utf-8")
        marks = list(_HEADING.finditer(text))
        for mark, following in zip(marks, [*marks[1:], None], strict=True):
            body = text[mark.end() : following.start() if following else len(text)]
            points = [body[part.start : part.end].strip("- ") for part in sentences(body)]
            points = [point for point in points if 8 <= len(point) <= 300]
            if 2 <= len(points) <= 9:
                found.append(Topic("notes", f"{file.stem}#{mark[1]}", mark[1], tuple(points[:7])))
    return found


def topics_of_rows(rows: list[Row]) -> list[Topic]:
    """Each question of graded sets once, with its key points."""
    points: dict[tuple[str, str], dict[str, None]] = {}
    asked: dict[tuple[str, str], str] = {}
    for row in rows:
        points.setdefault((row.source, row.group), {})[row.point] = None
        asked[row.source, row.group] = row.question
    return [
        Topic(source, group, asked[source, group], tuple(found)[:7])
        for (source, group), found in points.items()
    ]


def made_rows(topics: list[Topic], seed: int) -> Iterator[Row]:
    """Rows of every kind for each topic, the same for the same seed."""
    for place, topic in enumerate(topics):
        chance = random.Random(f"{seed}/{topic.source}/{topic.group}")
        others = [
            t
            for t in topics
            if t.source == topic.source and t.group != topic.group and t.chinese == topic.chinese
        ]
        for kind, answer, targets in _answers(topic, others, chance):
            for point, target in targets.items():
                yield Row(
                    f"made:{kind}",
                    f"{topic.source}/{topic.group}",
                    f"{topic.source}/{place}/{kind}/{answer[:40]}",
                    topic.question,
                    point,
                    answer,
                    target,
                )


Made = tuple[str, str, dict[str, Target]]


def _answers(topic: Topic, others: list[Topic], chance: random.Random) -> Iterator[Made]:
    points = list(topic.points)
    end = "。" if topic.chinese else ". "
    whole = _join(points, end)
    yield "verbatim", whole, dict.fromkeys(points, COVERED)
    shuffled = chance.sample(points, len(points))
    yield (
        "paraphrased",
        _join([_reworded(point, chance) for point in shuffled], end),
        dict.fromkeys(points, COVERED),
    )
    yield "typos", _join([_mistyped(point, chance) for point in points], end), dict.fromkeys(points, COVERED)
    yield "stuffed", _stuffed(whole, chance), dict.fromkeys(points, MISSING)
    yield "stuffed", _shuffled(whole, chance), dict.fromkeys(points, MISSING)
    yield "generic", chance.choice(_GENERIC), dict.fromkeys(points, MISSING)
    if others:
        other = chance.choice(others)
        yield "off_topic", _join(list(other.points[:3]), end), dict.fromkeys(points, MISSING)
    chosen = chance.sample(points, min(3, len(points)))
    for point in chosen:
        yield from _about_one(topic, point, chance)


def _about_one(topic: Topic, point: str, chance: random.Random) -> Iterator[Made]:
    end = "。" if topic.chinese else ". "
    rest = [other for other in topic.points if other != point]
    for kind, change in (
        ("negated", _negated),
        ("opposite", _opposite),
        ("swapped", _swapped),
        ("number", _renumbered),
    ):
        wrong = change(point, chance)
        if wrong is not None and plain(wrong) != plain(point):
            answer = _join([wrong if other == point else other for other in topic.points], end)
            yield kind, answer, {point: CONTRADICTED, **dict.fromkeys(rest[:2], COVERED)}
            yield kind, wrong, {point: CONTRADICTED}
    if rest:
        yield "without", _join(rest, end), {point: MISSING, **dict.fromkeys(rest[:2], COVERED)}
        yield "sibling", chance.choice(rest), {point: MISSING}
    parts = clauses(plain(point))
    if len(parts) >= 2 and len(unit_set(point)) >= 6:
        half = "，".join(part.text for part in parts[: len(parts) // 2])
        share = len(unit_set(half)) / len(unit_set(plain(point)))
        if 0.25 < share < 0.75:
            yield "half", half, {point: HALF}
    doubt = (
        ("可能是", "好像", "我猜大概是", "不太确定，也许")
        if topic.chinese
        else ("maybe ", "I guess ", "not sure, perhaps ")
    )
    yield "hedged", chance.choice(doubt) + point + ("吧" if topic.chinese else "?"), {point: HEDGED}
    wrong = _negated(point, chance)
    if wrong and rest:
        listed = (
            f"可能的答案：A {point}；B {wrong}；C {rest[0]}"
            if topic.chinese
            else f"It could be: A {point}; B {wrong}; C {rest[0]}"
        )
        yield "shotgun", listed, {point: SHOTGUN}
        yield "shotgun", _join([point, wrong], end), {point: SHOTGUN}
    yield "short", _reworded(point, chance), {point: COVERED}
    yield "stuffed", _stuffed(point, chance), {point: MISSING}


def _join(parts: list[str], end: str) -> str:
    return end.join(part.rstrip("。.; ；") for part in parts) + end.strip()


def _reworded(point: str, chance: random.Random) -> str:
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


def _mistyped(point: str, chance: random.Random) -> str:
    chars = list(point)
    for index in range(len(chars) - 1):
        if chance.random() < 0.03 and chars[index].isalpha() and chars[index] not in "不没无非":
            chars[index], chars[index + 1] = (
                (chars[index + 1], chars[index]) if chars[index].isascii() else ("", chars[index + 1])
            )
    return "".join(char for char in chars if char not in "，," or chance.random() < 0.7)


def _stuffed(text: str, chance: random.Random) -> str:
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


def _shuffled(text: str, chance: random.Random) -> str:
    """Every word of a text, in any order."""
    normal = plain(text)
    found = [normal[token.start : token.end] for token in terms(normal)]
    chance.shuffle(found)
    return (" " if normal.isascii() else "").join(found)


def _negated(point: str, chance: random.Random) -> str | None:
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


def _opposite(point: str, chance: random.Random) -> str | None:
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


def _swapped(point: str, chance: random.Random) -> str | None:
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


def _renumbered(point: str, chance: random.Random) -> str | None:
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


Change = Callable[[str, random.Random], str | None]
