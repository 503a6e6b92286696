"""Questions of our sets with all that is needed to make attacks on them.

Key points come from the questions that ship and from the development part of the gold set, those in English
from exam questions of other fields; wrong answers, other words and English from the answers of the training
sets and that part of the gold set whose verdicts say so. Code makes negated points and, in Chinese, swapped
terms.
"""

import json
import random
import re
from collections.abc import Iterable, Iterator
from functools import cache
from importlib.resources import files

from pydantic import JsonValue

from bot.domain.grades import Status
from evals.attack_items import AttackItem
from evals.cases import GradeCase
from evals.train_changes import negated, opposite, swapped

_CHINESE = re.compile("[\u4e00-\u9fff]")
_FEWEST, _MOST = 2, 5
"""Key points of a question that attacks are made on."""


@cache
def question_items() -> tuple[AttackItem, ...]:
    """One item for each fitting question, in the order of the sets."""
    by_question: dict[str, list[dict[str, JsonValue]]] = {}
    for row in _rows():
        by_question.setdefault(str(row["question_id"]), []).append(row)
    found = (_item(name, rows) for name, rows in by_question.items())
    return tuple(item for item in found if item is not None)


def _rows() -> Iterator[dict[str, JsonValue]]:
    """Lines of the training set, of the gold set's development part, and of the English exam questions."""
    for name in ("train_zh.jsonl", "grade_zh.jsonl", "train_fields.jsonl"):
        for line in files("evals").joinpath("sets", name).read_text("utf-8").splitlines():
            row = json.loads(line)
            is_used = name != "train_fields.jsonl" or _lang(row["question"]) == "en"
            if row.get("split", "dev") == "dev" and is_used:
                yield row


def _lang(question: str) -> str:
    return "zh" if _CHINESE.search(question) else "en"


def _item(name: str, rows: list[dict[str, JsonValue]]) -> AttackItem | None:
    """The item of one question; None where it has too few or too many points, or no wrong answer."""
    cases = [GradeCase.model_validate(row) for row in rows]
    points = tuple(point.text.rstrip("。.") for point in cases[0].key_points if point.vital)
    wrong = next((case.answer for case in cases if _worthless(case)), None)
    if not _FEWEST <= len(points) <= _MOST or wrong is None:
        return None
    chance, lang = random.Random(name), _lang(cases[0].question)
    item = AttackItem(
        id=name,
        lang=lang,
        question=cases[0].question,
        points=points,
        negated=tuple(_changed(point, chance, lang) for point in points),
        swapped="",
        paraphrase=_right(zip(rows, cases, strict=True), english=False),
        english=_right(zip(rows, cases, strict=True), english=True),
        wrong=wrong,
    )
    return item if lang == "en" else item.model_copy(update={"swapped": _swapped(item)})


def _swapped(item: AttackItem) -> str:
    """The reference with two terms of its first fitting point exchanged; empty where none fits."""
    for place, point in enumerate(item.points):
        turned = swapped(point, random.Random(item.id))
        if turned is not None:
            return item.join([*item.points[:place], turned, *item.points[place + 1 :]])
    return ""


def _worthless(case: GradeCase) -> bool:
    """Whether an answer of some length earned nothing at all."""
    verdicts = case.verdicts or ()
    return case.score == 0 and len(case.answer) >= 15 and Status.COVERED not in verdicts


def _changed(point: str, chance: random.Random, lang: str) -> str:
    """The opposite of a statement; in Chinese by an opposite word where there is one, else by a negation."""
    if lang == "en":  # a word changed at the first place that fits often leaves no statement there
        return f"It is not true that {point}"
    return opposite(point, chance) or negated(point, chance) or f"并非{point}"


def _right(rows: Iterable[tuple[dict[str, JsonValue], GradeCase]], *, english: bool) -> str:
    """An answer in somebody's own words that covers every vital point; empty where there is none."""
    for row, case in rows:
        pairs = zip(case.key_points, case.verdicts or (), strict=True)
        in_english = "english" in (row.get("change"), row.get("style"))
        if in_english is english and all(v is Status.COVERED for point, v in pairs if point.vital):
            return case.answer
    return ""
