"""Judges of every character behind OpenAI's chat completions, over the probes of the model check."""

import json
import re

from servers.openai_like import Hang, OpenAILike, Text

from bot.checking.probes import Kind, shipped_probes

PROBES = {
    (probe.question, probe.answer): probe for probe in shipped_probes() if probe.kind is not Kind.TURNED
}
BLOCK = r"<{0}-[0-9a-f]{{8}}>\n(.*?)\n</{0}-"


class JudgeServer(OpenAILike):
    """Answers by character, not by script.

    Args:
        character: From a probe, the point's text, its number and its right status to the status that is said.
    """

    def __init__(self, character, *, logprobs=True):
        super().__init__()
        self._character = character
        self._logprobs = logprobs

    def next_step(self, seen):
        self.seen.append(seen)
        wants = seen.body.get("logprobs", False)
        if wants:
            return Text("2", logprobs=self._logprobs)
        return self._character(*asked(seen.body))


def asked(body):
    """The probe, and its points as asked: (number, text)."""
    user = body["messages"][-1]["content"]
    question, points, answer = (
        re.search(BLOCK.format(label), user, re.DOTALL)[1] for label in ("question", "key_points", "answer")
    )
    numbered = [line.partition(". ")[::2] for line in points.splitlines()]
    return PROBES[question, answer], [(int(number), text) for number, text in numbered]


def said(probe, points, status_of):
    """A reply in the form asked for, each quote the answer's first sentence."""
    gold = dict(zip(probe.points, probe.verdicts, strict=True))
    first = re.split(r"(?<=[。.])", probe.answer)[0]
    entries = []
    for number, text in points:
        status = str(status_of(number, gold[text]))
        quote = "" if status == "missing" else first
        entries.append({"number": number, "quote": quote, "status": status, "sure": True, "conflict": False})
    return Text(json.dumps({"thoughts": "…", "points": entries}, ensure_ascii=False))


def strong(probe, points):
    return said(probe, points, lambda number, gold: gold)


def lenient(probe, points):
    return said(probe, points, lambda number, gold: "covered")


def stubborn(probe, points):
    """Knows the field, and judges by what it knows instead of by the notes."""
    turned = {"covered": "contradicted", "contradicted": "covered"}
    if probe.kind is Kind.ADHERENCE:
        return said(probe, points, lambda number, gold: turned[gold])
    return strong(probe, points)


def fickle(probe, points):
    """Is harder on the point that comes first."""
    harder = {"covered": "partial", "partial": "missing"}
    return said(probe, points, lambda number, gold: harder.get(gold, gold) if number == 1 else gold)


def garbled(probe, points):
    return Text("这个回答写得不错，我给八分。")


def slow(probe, points):
    return Hang(20)
