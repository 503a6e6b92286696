"""Tracked figures: worse is told, better and within the interval is not."""

import json

import pytest
from fakes.measured import FakeProducts

from bot.domain.errors import BadInput
from evals.attack_suite import attack_suite
from evals.metrics.estimate import Estimate
from evals.tracking import (
    FAMILIES,
    FILE,
    RUNS,
    Regressed,
    TrackedFigure,
    TrackedRun,
    check,
    read_tracked,
    record,
)

ONE = {"grade_small": TrackedRun("grade", "grade_small")}


def figure(better, **recorded):
    return TrackedFigure(name="s/f", better=better, recorded=Estimate(**recorded), command="c")


@pytest.mark.parametrize(
    ("better", "now", "worse"),
    [
        ("higher", 0.49, True),
        ("higher", 0.5, False),
        ("higher", 0.95, False),
        ("lower", 0.71, True),
        ("lower", 0.7, False),
        ("lower", 0.1, False),
        ("higher", None, True),
    ],
)
def test_only_the_wrong_side_of_the_interval_is_worse(better, now, worse):
    assert figure(better, value=0.6, low=0.5, high=0.7).is_worse(Estimate(value=now)) is worse


def test_without_an_interval_the_figure_itself_is_held():
    assert figure("higher", value=1.0).is_worse(Estimate(value=0.99))
    assert not figure("higher", value=1.0).is_worse(Estimate(value=1.0))
    assert not figure("higher", value=None).is_worse(Estimate(value=None))


def test_an_interval_that_touches_zero_counts():
    assert figure("higher", value=0.2, low=0.0, high=0.4).is_worse(Estimate(value=-0.1))
    assert not figure("higher", value=0.2, low=0.0, high=0.4).is_worse(Estimate(value=0.0))
    assert figure("lower", value=0.0, low=0.0, high=0.0).is_worse(Estimate(value=0.1))


def test_what_was_recorded_holds_and_what_is_worse_is_named(tmp_path):
    file = tmp_path / "tracked.json"
    with pytest.raises(BadInput, match="--record"):
        check(FakeProducts(), file, ONE)
    recorded = record(FakeProducts(), file, ONE)
    held = check(FakeProducts(), file, ONE)
    assert "grade_small/mae" in held.words
    stored = json.loads(file.read_text("utf-8"))
    assert recorded.value == stored
    assert [figure["now"] for figure in held.value["figures"]] == [f["recorded"] for f in stored["figures"]]
    assert stored["figures"][0]["command"].startswith("python -m evals grade evals/sets/grade_small.jsonl")
    for entry in stored["figures"]:
        if entry["name"] == "grade_small/macro_f1":
            entry["recorded"] = {"value": 1.0, "low": 0.99, "high": 1.0}
    file.write_text(json.dumps(stored), "utf-8")
    with pytest.raises(Regressed, match="grade_small/macro_f1"):
        check(FakeProducts(), file, ONE)


def test_every_run_is_recorded():
    names = {figure.name.split("/")[0] for figure in read_tracked(FILE).figures}
    assert names == set(RUNS)


def test_every_tracked_figure_can_become_worse():
    assert [figure.name for figure in read_tracked(FILE).figures if not figure.can_fail] == []


@pytest.mark.parametrize(
    ("better", "recorded", "fails"),
    [
        ("higher", {"value": 0.3, "low": 0.0, "high": 0.6}, False),
        ("higher", {"value": 0.3, "low": 0.1, "high": 0.6}, True),
        ("lower", {"value": 0.3, "low": 0.0, "high": 1.0}, False),
        ("lower", {"value": 0.0, "low": 0.0, "high": 0.0}, True),
        ("higher", {"value": None}, False),
    ],
)
def test_a_figure_that_holds_without_any_skill_cannot_fail(better, recorded, fails):
    assert figure(better, **recorded).can_fail is fails


def test_what_cannot_fail_is_named_and_not_recorded(tmp_path):
    file = tmp_path / "tracked.json"
    told = record(FakeProducts(), file, ONE).words
    assert "grade_small/contradicted_recall" in told
    names = [figure.name for figure in read_tracked(file).figures]
    assert "grade_small/contradicted_recall" not in names
    assert "grade_small/mae" in names


def test_each_figure_names_the_command_that_gives_it():
    commands = {figure.name.split("/")[0]: figure.command for figure in read_tracked(FILE).figures}
    assert commands == {name: run.command for name, run in RUNS.items()}
    assert RUNS["grade_small_embedded"].command == (
        "python -m evals grade evals/sets/grade_small.jsonl --sample 20 --llm embedded --out OUT.jsonl"
    )


def test_every_family_of_attacks_is_tracked():
    assert set(FAMILIES) == {case.family for case in attack_suite()}
