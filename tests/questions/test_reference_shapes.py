"""References as people write them for exams and lessons: what a scorer would check becomes a point."""

import re
import time
from collections import Counter

import pytest

from bot.domain.spans import Span
from bot.questions.key_points import STRUCTURE, key_points_of_reference
from bot.questions.point_making import Passage


def points(question, reference):
    return key_points_of_reference(question, reference)


def texts(question, reference):
    return [point.text for point in points(question, reference)]


def score(found, covered):
    """The score of an answer that covers the points with these numbers, by the rule of the domain."""
    earned = sum(point.weight for i, point in enumerate(found) if i in covered)
    return min(1.0, earned / sum(point.weight for point in found if point.vital))


@pytest.mark.parametrize(
    ("question", "reference"),
    [
        ("Can a copper spoon close the gap?", "The copper spoon would close the gap in the loop"),
        ("Why did lamp A stay on?", "Lamp A is still part of an unbroken loop with the cell"),
        ("什么是指针？", "保存另一个变量地址的变量"),
    ],
)
def test_one_fact_is_one_point(question, reference) -> None:
    [only] = points(question, f"{reference}。" if "指针" in question else f"{reference}.")
    assert only.text == reference and only.vital


def test_a_reason_stays_with_its_claim() -> None:
    assert texts(
        "Which bowl cools first?", "The flat bowl cools first because more of its surface meets the air."
    ) == ["The flat bowl cools first because more of its surface meets the air"]


def test_a_bare_verdict_repeats_no_long_question() -> None:
    question = (
        "Lena filled two jars to the brim with the same syrup. One jar is twice as tall as the other one. "
        "Do both jars taste equally sweet? Explain your answer."
    )
    first, second = texts(question, "Yes. The share of sugar in both is the same.")
    assert first == "Yes: Do both jars taste equally sweet"
    assert second == "The share of sugar in both is the same"


def test_the_letter_of_a_choice_is_no_marker_of_a_list() -> None:
    found = texts(
        "Which pan, A, B or C, gets hottest? Explain.", "C. Dark lids take in more sunlight than pale ones."
    )
    assert found[0].startswith("C. Dark lids")


def test_numbers_inside_a_line_make_a_list() -> None:
    assert texts(
        "How is a frame sent?",
        "1. The sender waits for a quiet line. 2. It sends and listens. 3. After a clash it backs off.",
    ) == ["The sender waits for a quiet line", "It sends and listens", "After a clash it backs off"]


ALTERNATIVES = """Possible difficulties:
1. Fading: the signal grows weak behind walls.
2. Battery: radios drain it. They must sleep often.
3. Movement: nodes come and go.
4. Eavesdropping: anybody nearby can listen.
"""


def test_any_two_of_four_give_full_marks() -> None:
    found = points("What makes radio networks hard? NAME and DESCRIBE two difficulties.", ALTERNATIVES)
    assert [p.vital for p in found] == [True, True, False, False]
    assert {p.weight for p in found} == {1.0}
    assert found[3].text == "Eavesdropping: anybody nearby can listen"
    for pair in ({0, 1}, {0, 3}, {2, 3}):
        assert score(found, pair) == 1
    assert score(found, {3}) == 0.5
    assert score(found, {0, 1, 2, 3}) == 1


@pytest.mark.parametrize(
    ("question", "reference", "needed", "of"),
    [
        ("请列举三种防止过拟合的做法。", "1. 早停\n2. 权重衰减\n3. 数据增强\n4. 丢弃法\n5. 集成", 3, 5),
        ("线程比进程有什么好处？", "任意两点即可：\n1. 创建快\n2. 切换开销小\n3. 通信方便", 2, 3),
        ("线程有哪些好处？请任意写出两点。", "创建快；切换开销小；通信方便；占用内存少", 2, 4),
        ("Why is the sky dark at night?", "One of the following reasons:\n- The sun is below the horizon\n- The air scatters no light", 1, 2),
        ("State at least 4 aims.", "To save power.\nTo save space.\nTo be safe.\nTo be fast.\nTo be cheap.\nTo be open.", 4, 6),
    ],
)  # fmt: skip
def test_only_as_many_alternatives_are_needed_as_are_asked_for(question, reference, needed, of) -> None:
    found = points(question, reference)
    assert len(found) == of
    assert sum(p.vital for p in found) == needed
    assert score(found, set(range(of - needed, of))) == 1
    assert not any("即可" in p.text or "following" in p.text for p in found)


def test_many_alternatives_share_points_and_each_keeps_its_weight() -> None:
    names = ["red", "blue", "green", "brown", "black", "white", "pink", "grey", "amber", "violet"]
    found = points("Name three colours.", "\n".join(f"- {name} paint" for name in names))
    assert len(found) == 7
    assert sum(p.weight for p in found) == 10
    assert sum(p.weight for p in found if p.vital) == 3


def test_what_is_needed_in_any_case_stays_vital_beside_alternatives() -> None:
    found = points(
        "What is a header, and what is its main advantage?",
        "A header holds data about a packet.\n\nMain advantage: one of the following is enough:\n"
        "1. Options can be added later.\n2. Routers may skip it.",
    )
    assert [p.vital for p in found] == [True, True, False]


def test_a_number_that_names_all_of_them_leaves_nothing_to_choose() -> None:
    found = points(
        "Name the 2 phases of the protocol.",
        "1. Slow start\n2. Congestion avoidance\n3. Both halve the limit",
    )
    assert all(p.vital for p in found)


def test_named_parts_on_one_line_are_points_of_their_own() -> None:
    assert texts(
        "How do the two modes differ?",
        "Blocking: the caller waits for the result. Polling: the caller asks again and again.",
    ) == ["Blocking: the caller waits for the result", "Polling: the caller asks again and again"]
    assert texts("A 和 B 有何不同？", "A：逐行读取文件。B：一次读入全部内容。") == [
        "A：逐行读取文件",
        "B：一次读入全部内容",
    ]


def test_sides_are_split_and_keep_their_name() -> None:
    assert texts("电动车的优缺点是什么？", "电动车的优缺点：优点——安静、省钱、干净。缺点——充电慢、续航短。") == [
        "优点：安静", "优点：省钱", "优点：干净", "缺点：充电慢", "缺点：续航短",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("question", "reference", "expected"),
    [
        ("铁路信号可分为哪几类？", "铁路信号分为视觉信号和听觉信号。", ["视觉信号", "听觉信号"]),
        ("检查分几类？", "检查可分为两类，一类是日常检查，一类是专项检查。", ["日常检查", "专项检查"]),
        ("电路由什么组成？", "一个完整的电路是由电源、导线和用电器组成。", ["电源", "导线", "用电器"]),
        ("磁带有什么特点？", "磁带的特点：容量大，价格低，只能按顺序读出其中数据，没有纠错能力。", ["容量大", "价格低", "只能按顺序读出其中数据", "没有纠错能力"]),
        ("市场有哪些作用？", "市场在以下几个方面发挥作用：提供信息；调节比例；推动生产。", ["提供信息", "调节比例", "推动生产"]),
    ],
)  # fmt: skip
def test_what_the_question_says_is_no_point(question, reference, expected) -> None:
    assert texts(question, reference) == expected


def test_semicolons_part_statements_that_are_short() -> None:
    assert texts("递归和循环有什么共同点？", "都会重复执行;都有结束条件;都可能停不下来。") == [
        "都会重复执行", "都有结束条件", "都可能停不下来",
    ]  # fmt: skip


def test_code_and_formulas_stay_whole() -> None:
    found = texts(
        "How is the sum made?",
        "The loop adds each entry, which takes O(n log n) time.\nfor (int i = 0; i < n; i++) {\n  sum = sum + a[i];\n}",
    )
    assert found[0] == "The loop adds each entry, which takes O(n log n) time"
    assert len(found) == 2 and found[1].startswith("for (int i = 0;")
    assert len(texts("What is P?", "P = 0.5 * 0.5\n= 0.25")) == 1


def test_marks_beside_the_points_become_their_weights() -> None:
    found = points(
        "What does the layer do?", "1. It centres its input (2 points)\n2. It scales its input (1 point)"
    )
    assert [(p.text, p.weight) for p in found] == [
        ("It centres its input", 2.0),
        ("It scales its input", 1.0),
    ]
    assert [p.weight for p in points("这一层做什么？", "1. 减去均值（2分）\n2. 再做缩放")] == [1.0, 1.0]


def test_what_would_also_be_right_is_a_bonus() -> None:
    found = points(
        "Which code fits best?",
        "Plain binary, since the link is full. Cheapness is also acceptable as a reason.",
    )
    assert [p.vital for p in found] == [True, False]


def test_a_lead_in_loses_nothing_that_stands_before_it() -> None:
    found = texts(
        "Order the events and say why.",
        "The right order is B, C, then the rest. The reasons are:\n- B needs the parts of C\n- nothing precedes the first event",
    )
    assert found[0] == "The right order is B, C, then the rest"
    assert len(found) == 3


def kept(found, reference):
    """Share of the reference's letters and digits that its key points hold, numbers of entries apart."""
    there = Counter(char for point in found for char in point.text if char.isalnum())
    bare = re.sub(r"^\d+\. ", "", reference, flags=re.MULTILINE)
    wanted = Counter(char for char in bare if char.isalnum())
    return (there & wanted).total() / wanted.total()


NOUNS = [
    "queue",
    "stack",
    "graph",
    "tree",
    "heap",
    "table",
    "list",
    "cache",
    "lock",
    "thread",
    "page",
    "frame",
    "packet",
    "route",
    "socket",
    "bridge",
]
VERBS = ["stores", "sorts", "sends", "reads", "merges", "drops", "splits", "counts"]
ZH_NOUNS = [
    "队列",
    "栈",
    "图",
    "树",
    "堆",
    "散列表",
    "链表",
    "缓存",
    "互斥锁",
    "线程",
    "页面",
    "帧",
    "报文",
    "路由",
    "套接字",
    "网桥",
]
ZH_VERBS = ["保存", "排序", "发送", "读取", "合并", "丢弃", "拆开", "统计"]


def english(count):
    """Sentences that each say something else."""
    return [
        f"The {NOUNS[i % 16]} of layer {i} {VERBS[i % 8]} the {NOUNS[(3 * i + 5) % 16]} before slot {7 * i + 2}"
        for i in range(count)
    ]


def chinese(count):
    return [
        f"第{i}层的{ZH_NOUNS[i % 16]}先{ZH_VERBS[i % 8]}{7 * i + 2}号位置里的{ZH_NOUNS[(3 * i + 5) % 16]}"
        for i in range(count)
    ]


LONG = {
    "list_en": ("How does the pipeline work?", "\n".join(f"{i + 1}. {s}." for i, s in enumerate(english(30)))),
    "list_zh": ("这条流水线怎样工作？", "\n".join(f"{i + 1}. {s}。" for i, s in enumerate(chinese(30)))),
    "prose_en": ("How does the pipeline work?", " ".join(f"{s}." for s in english(45))),
    "prose_zh": ("这条流水线怎样工作？", "".join(f"{s}。" for s in chinese(60))),
    "paragraphs_en": (
        "How does the pipeline work?",
        "\n\n".join(" ".join(f"{s}." for s in english(60)[i : i + 10]) for i in range(0, 60, 10)),
    ),
    "no_full_stop_zh": ("这条流水线怎样工作？", "，".join(chinese(120))),
    "no_mark_at_all": ("What is sent?", "abcdefghij" * 600),
    "eight_of_600": ("Explain.", "\n".join(f"- {', '.join(english(80)[i : i + 10])}" for i in range(0, 80, 10))),
    "choice_en": ("Name three steps.", "\n".join(f"- {s}" for s in english(40))),
    "bonus_zh": ("这条流水线怎样工作？", "。".join([*chinese(20), *(f"例如，{s}" for s in chinese(40)[20:])])),
}  # fmt: skip


@pytest.mark.parametrize("name", LONG)
def test_a_long_reference_loses_nothing(name) -> None:
    question, reference = LONG[name]
    found = points(question, reference)
    assert 1 <= len(found) <= 7
    assert kept(found, reference) >= 0.95
    assert any(point.vital for point in found)


def test_a_key_point_that_several_statements_share_weighs_as_many_as_they_are() -> None:
    for name in ("list_en", "list_zh"):
        found = points(*LONG[name])
        assert len(found) == 7
        assert sum(point.weight for point in found) == 30
        assert max(point.weight for point in found) <= 6
    assert sum(point.weight for point in points(*LONG["prose_zh"])) == pytest.approx(60)


def test_what_was_marked_shares_its_marks() -> None:
    reference = "\n".join(f"{i + 1}. {s} ({1 + i % 2} points)" for i, s in enumerate(english(10)))
    assert sum(point.weight for point in points("How does it work?", reference)) == 15


def test_a_bonus_never_joins_what_is_needed() -> None:
    found = points(*LONG["bonus_zh"])
    assert [point.vital for point in found] == [True] * 6 + [False]
    assert "例如" not in "".join(point.text for point in found if point.vital)
    assert sum(point.weight for point in found if point.vital) == 20


def test_seven_statements_stay_seven_points_of_equal_weight() -> None:
    sentences = english(7)
    found = points("How does it work?", "\n".join(f"- {s}." for s in sentences))
    assert [(point.text, point.weight) for point in found] == [(s, 1.0) for s in sentences]


def test_what_finds_no_room_is_told(caplog) -> None:
    reference = "".join(f"{s}。" for s in chinese(600))
    found = points("这条流水线怎样工作？", reference)
    assert len(found) == 7
    assert sum(len(point.text) for point in found) >= 6000
    assert "found no room" in caplog.text
    caplog.clear()
    points(*LONG["prose_zh"])
    assert not caplog.text


def test_notes_are_chosen_from_as_before() -> None:
    text = "\n".join(f"- {s}." for s in english(30))
    made = STRUCTURE.make("How does it work?", Passage(raw=text, spans=(Span(start=0, end=len(text)),)))
    assert {point.weight for point in made.points} <= {0.5, 1.0}
    assert len(made.points) == 7 and not made.dropped


def test_a_very_long_sentence_of_a_reference_stays_whole() -> None:
    reference = "because the packet that carries the number " * 12
    [only] = points("What happens?", reference)
    assert only.text == reference.strip()


@pytest.mark.parametrize("reference", ["?", "…", "-", "——", " \n", "![img](x.png)", "|"])
def test_what_says_nothing_makes_no_key_point(reference) -> None:
    assert points("What is it?", reference) == ()


@pytest.mark.parametrize("reference", ["4", "O(n)", "∞", "+", "<=", "红", "λ", "$x^2$"])
def test_a_number_a_formula_or_a_word_is_a_key_point(reference) -> None:
    assert texts("What is it?", reference) == [reference]


def test_a_reference_takes_less_than_50_milliseconds() -> None:
    reference = ALTERNATIVES * 5
    started = time.process_time()
    for _ in range(5):
        points("What makes radio networks hard? Name two difficulties.", reference)
    assert (time.process_time() - started) / 5 < 0.05
