"""No answer keeps the examiner busy: every pattern and the whole gate on hostile texts of the greatest length."""

import importlib
import pkgutil
import re
import time

import pytest

import bot.grading
from bot.domain.grades import MAX_ANSWER_CHARS
from bot.grading import fillers, stance, topic, words
from bot.grading.gate import screen
from bot.grading.orders import THEMES

PIECES = [
    "a", "1", "满", "请", "请给", "老师", "(", "[", "{", "{\"", "<", "</", "<!--", "\"", "“", "`", "$", "\\(", " ", "\n", ".", ",", "。", "a ", "a.", "忽略", "忽略以上", "ignore ", "ignore all ", "give me ", "以上", "答案", "全部要点",
    "you are ", "score:", "ignor", "指示", "什么", "what ", "1. ", "不", "i ", "A1", "=", "-", "e\u0301", "\u0301", "ｱ", "а", "YWJj", "ab12", "请输出", "mark it ", "student answer is ", "all points ", "not",
]  # fmt: skip


def patterns():
    found = {
        f"theme {place} {force.name}": pattern
        for place, theme in enumerate(THEMES)
        for force, pattern in theme.patterns
    }
    for module in pkgutil.iter_modules(bot.grading.__path__):
        for name, value in vars(importlib.import_module(f"bot.grading.{module.name}")).items():
            if isinstance(value, re.Pattern):
                found[f"{module.name}.{name}"] = value
    for made in (
        words._terms,
        stance._negators,
        stance._hedges,
        fillers._fillers_zh,
        fillers._openers,
        topic._general,
    ):
        pattern = made()
        found[made.__name__] = pattern[0] if isinstance(pattern, tuple) else pattern
    return found


def hostile(piece):
    return (piece * MAX_ANSWER_CHARS)[:MAX_ANSWER_CHARS]


@pytest.mark.parametrize(
    ("name", "pattern"), patterns().items(), ids=lambda value: value if isinstance(value, str) else ""
)
def test_every_pattern_is_read_in_bounded_time(name, pattern):
    started = time.process_time()
    slowest = (0.0, "")
    for piece in PIECES:
        before = time.process_time()
        for _ in pattern.finditer(hostile(piece)):
            pass
        slowest = max(slowest, (time.process_time() - before, piece))
    assert slowest[0] < 0.5, slowest
    assert time.process_time() - started < 10


@pytest.mark.parametrize("piece", PIECES)
def test_the_gate_answers_in_bounded_time(piece):
    started = time.process_time()
    screen(
        "批归一化在训练和推理时有什么不同？",
        hostile(piece),
        ("训练时用当前批的均值" * 40,),
        ("训练时用当前批的均值",),
    )
    assert time.process_time() - started < 3
