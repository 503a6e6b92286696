"""Answers that code makes from notes: right ones in other words, and wrong ones that share every word."""

import random
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from bot.grading.clauses import clauses, sentences
from bot.grading.normal import plain
from bot.grading.words import unit_set
from evals.train_changes import (
    mistyped,
    mixed,
    negated,
    opposite,
    renumbered,
    reworded,
    shuffled,
    stuffed,
    swapped,
)
from evals.train_rows import CONTRADICTED, COVERED, MISSING, Point, Row, Target

HEDGED: Target = (0.0, 0.5, 0.5, 0.0)
SHOTGUN: Target = (0.0, 0.2, 0.6, 0.2)
HALF: Target = (0.05, 0.75, 0.2, 0.0)
MOST_POINTS = 7
_HEADING = re.compile(r"(?m)^#{2,4} (.+)$")
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
                found.append(Topic("notes", f"{file.stem}#{mark[1]}", mark[1], tuple(points[:MOST_POINTS])))
    return found


def topics_of_rows(rows: list[Row]) -> list[Topic]:
    """Each question of graded sets once, with its key points."""
    points: dict[tuple[str, str], tuple[str, ...]] = {}
    asked: dict[tuple[str, str], str] = {}
    for row in rows:
        if row.measured and (row.source, row.group) not in points:
            points[row.source, row.group] = tuple(point.text for point in row.points)
            asked[row.source, row.group] = row.question
    return [Topic(*name, asked[name], found[:MOST_POINTS]) for name, found in points.items()]


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
            yield Row(
                f"made:{kind}",
                f"{topic.source}/{topic.group}",
                f"{topic.source}/{place}/{kind}/{answer[:40]}",
                topic.question,
                answer,
                tuple(Point(point) for point in targets),
                tuple(targets.values()),
                measured=False,
            )


def padded_rows(rows: list[Row], seed: int) -> Iterator[Row]:
    """Answers with verdicts, among talk about other things: nothing changes but the length."""
    others = [parts[0].text for row in rows if len(parts := sentences(row.answer)) > 1]
    for row in rows:
        chance = random.Random(f"{seed}/padded/{row.answer_id}")
        talk = [*chance.sample(_GENERIC, 2), *chance.sample(others, chance.randint(0, 3))]
        before = chance.randint(0, len(talk))
        answer = "\n".join([*talk[:before], row.answer, *talk[before:]])
        yield replace(row, source="made:padded", answer=answer, score=None, measured=False)


Made = tuple[str, str, dict[str, Target]]


def _answers(topic: Topic, others: list[Topic], chance: random.Random) -> Iterator[Made]:
    points = list(topic.points)
    end = "。" if topic.chinese else ". "
    whole = _join(points, end)
    yield "verbatim", whole, dict.fromkeys(points, COVERED)
    anew = chance.sample(points, len(points))
    yield (
        "paraphrased",
        _join([reworded(point, chance) for point in anew], end),
        dict.fromkeys(points, COVERED),
    )
    yield "typos", _join([mistyped(point, chance) for point in points], end), dict.fromkeys(points, COVERED)
    yield "stuffed", stuffed(whole, chance), dict.fromkeys(points, MISSING)
    yield "stuffed", shuffled(whole, chance), dict.fromkeys(points, MISSING)
    yield "generic", chance.choice(_GENERIC), dict.fromkeys(points, MISSING)
    if others:
        other = chance.choice(others)
        yield "off_topic", _join(list(other.points[:3]), end), dict.fromkeys(points, MISSING)
    chosen = chance.sample(points, min(3, len(points)))
    for point in chosen:
        yield from _about_one(topic, point, chance)
    foreign = [mixed(point, chance) for point in points]
    if any(foreign):
        pairs = zip(foreign, points, strict=True)
        yield "mixed", _join([one or point for one, point in pairs], end), dict.fromkeys(points, COVERED)


def _about_one(topic: Topic, point: str, chance: random.Random) -> Iterator[Made]:
    end = "。" if topic.chinese else ". "
    rest = [other for other in topic.points if other != point]
    for kind, change in (
        ("negated", negated),
        ("opposite", opposite),
        ("swapped", swapped),
        ("number", renumbered),
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
    wrong = negated(point, chance)
    if wrong and rest:
        listed = (
            f"可能的答案：A {point}；B {wrong}；C {rest[0]}"
            if topic.chinese
            else f"It could be: A {point}; B {wrong}; C {rest[0]}"
        )
        yield "shotgun", listed, {point: SHOTGUN}
        yield "shotgun", _join([point, wrong], end), {point: SHOTGUN}
    yield "short", reworded(point, chance), {point: COVERED}
    yield "stuffed", stuffed(point, chance), {point: MISSING}


def _join(parts: list[str], end: str) -> str:
    return end.join(part.rstrip("。.; ；") for part in parts) + end.strip()
