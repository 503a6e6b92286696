"""The probe set that ships: enough of each kind, and of no eval set's questions."""

import json
from collections import Counter
from importlib.resources import files

import pytest

from bot.checking.figures import concordance
from bot.checking.floor import floor_scores
from bot.checking.probes import Kind, shipped_probes
from bot.domain.grades import Status
from bot.grading.gate import screen

SETS = [path for path in (files("evals") / "sets").iterdir() if path.name.endswith(".jsonl")]


def of(kind):
    return [probe for probe in shipped_probes() if probe.kind is kind]


def test_there_are_enough_of_each_kind_for_about_sixty_calls():
    kinds = Counter(probe.kind for probe in shipped_probes())
    assert kinds[Kind.GRADED] == 24
    assert min(kinds.values()) >= 6
    assert 50 <= len(shipped_probes()) <= 60
    assert len({probe.id for probe in shipped_probes()}) == len(shipped_probes())


def test_each_probe_reaches_the_judge():
    stopped = [probe.id for probe in shipped_probes() if screen(probe.question, probe.answer).stopped]
    assert stopped == []


def test_each_kind_holds_what_it_is_for():
    assert all(set(probe.verdicts) == {Status.MISSING} for probe in of(Kind.CONTENT_FREE))
    assert all(probe.verdicts.count(Status.CONTRADICTED) == 1 for probe in of(Kind.NEGATION))
    assert {verdict for probe in of(Kind.GRADED) for verdict in probe.verdicts} == set(Status)
    assert {probe.lang for probe in of(Kind.GRADED)} == {"zh", "en"}
    golds = [probe.gold for probe in of(Kind.TURNED)]
    assert min(golds) < 0.3
    assert max(golds) == 1


@pytest.mark.parametrize("path", SETS, ids=lambda path: path.name)
def test_no_probe_is_in_an_eval_set(path):
    known = {
        row.get("question") or row.get("query")
        for row in map(json.loads, path.read_text("utf-8").splitlines())
    }
    assert not known & {probe.question for probe in shipped_probes()}


def test_the_floor_is_well_below_a_good_judge_and_above_chance():
    import numpy as np

    graded = of(Kind.GRADED)
    gold = np.array([probe.gold for probe in graded])
    assert 0 < concordance(gold, floor_scores(graded)) < 0.8
    assert concordance(gold, gold) == 1
    assert concordance(gold, np.full(len(gold), 0.5)) == pytest.approx(0, abs=1e-9)
