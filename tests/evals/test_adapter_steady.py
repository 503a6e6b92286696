"""Whether what was read before moves what is read, on scripted readers."""

import math

import pytest
from fakes.embedder import FakeEmbedder

from bot.domain.questions import KeyPoint
from evals.adapter.reads import Known
from evals.adapter.steady import FIRST, WAYS, readings, table

POINTS = tuple(KeyPoint(text=text, quote=None) for text in ("训练时用当前批的均值", "推理时用滑动平均"))
KNOWN = [
    Known("gold", "a", "批归一化在训练和推理时有什么不同？", answer, POINTS, None, 1.0)
    for answer in ("训练时用这一批的均值，推理时用滑动平均。", "推理时也用这一批的均值。", "不知道")
]


class Steady:
    """Half sure that each point was said; `drift` more so for each closing since an opening was read."""

    name = "embedded:scripted"

    def __init__(self, drift=0.0):
        self.drift = drift
        self.openings = []

    def word_logprobs(self, opening, closings, words):
        self.openings.append(opening)
        for place, _ in enumerate(closings):
            covered = 0.6 + self.drift * place
            yield (math.log(covered), *[math.log((1 - covered) / 3)] * 3)


def rows_of(reader):
    lines = table(readings(reader, FakeEmbedder(), KNOWN)).splitlines()[2:]
    return {cells[1]: cells[2:7] for cells in ([cell.strip() for cell in line.split("|")] for line in lines)}


def test_a_reader_that_only_looks_at_its_prompt_moves_nothing():
    reader = Steady()
    rows = rows_of(reader)
    assert list(rows) == [way for way in WAYS if way != FIRST]
    assert set(map(tuple, rows.values())) == {("0.0e+00", "0.0e+00", "16", "0/4", "0/4")}
    assert len(reader.openings) == 2 * (1 + 2 + 1 + 3 + 1)


def test_a_reader_that_remembers_is_found_out():
    rows = rows_of(Steady(drift=0.1))
    alone, turned, between, again = rows.values()
    assert float(alone[0]) == pytest.approx(0.1)
    assert alone[3] == "2/4"
    assert float(turned[0]) == pytest.approx(0.1)
    assert turned[3] != "0/4"
    assert again == between == ["0.0e+00", "0.0e+00", "16", "0/4", "0/4"]


def test_what_rounding_takes_away_moves_no_verdict():
    rows = rows_of(Steady(drift=1e-7))
    assert 0 < float(rows["each point alone, nothing stored"][0]) < 1e-6
    assert {(cells[3], cells[4]) for cells in rows.values()} == {("0/4", "0/4")}
