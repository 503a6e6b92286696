"""The judge's prompt: graded anchors in the very form that is asked for, and a second look in another order."""

import json
import re

from bot.grading.judge_llm import _Reply
from bot.prompts import load

ANCHOR = re.compile(r"^- (\w+)\. Answer: (.*)\n(\{.*\})$", re.MULTILINE)


def test_there_is_a_full_a_partial_and_a_contradicted_anchor():
    anchors = {name: _Reply.model_validate_json(reply) for name, _, reply in ANCHOR.findall(load("judge"))}
    statuses = {name: {point.status for point in reply.points} for name, reply in anchors.items()}
    assert statuses["Full"] == {"covered"}
    assert "partial" in statuses["Partial"]
    assert "contradicted" in statuses["Contradicted"]
    assert all(len(reply.points) == 2 for reply in anchors.values())


def test_each_quote_of_an_anchor_stands_in_its_answer():
    for _, answer, reply in ANCHOR.findall(load("judge")):
        for point in json.loads(reply)["points"]:
            assert point["quote"] in answer
            assert bool(point["quote"]) == (point["status"] != "missing")


def test_the_quote_comes_before_the_status_and_thoughts_before_both():
    fields = list(_Reply.model_json_schema()["properties"])
    point = list(_Reply.model_json_schema()["$defs"]["_PointReply"]["properties"])
    assert fields == ["thoughts", "points"]
    assert point.index("quote") < point.index("status")
