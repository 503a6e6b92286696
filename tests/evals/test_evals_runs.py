"""Runs: resumed after any kill, refused after any change."""

import json
import threading

import pytest

from bot.domain.errors import BadInput, Busy, Refused
from bot.seams import no_progress
from evals.cases import RefuseCase
from evals.metrics.estimate import Estimate, Metrics
from evals.product import Facts
from evals.records import Source, record_path
from evals.runs import Plan, read_record, run

CASES = tuple(RefuseCase(id=i, query=f"问题 {i}", answerable=i % 2 == 0) for i in range(4))


class CountingTask:
    """Says how long each query is; notes which ones it was asked for."""

    kind = "refuse"

    def __init__(self, failing=(), killed_at=None):
        self.asked = []
        self.failing, self.killed_at = failing, killed_at

    def row(self, case):
        if case.id == self.killed_at:
            raise KeyboardInterrupt
        self.asked.append(case.id)
        error = "no model" if case.id in self.failing else None
        return {"id": case.id, "length": len(case.query), "error": error, "seconds": 0.5}

    def metrics(self, cases, rows):
        assert [row["id"] for row in rows] == [case.id for case in cases]
        return Metrics(figures={"rows": Estimate(value=len(rows))})


def plan(tmp_path, *, settings=None, sha="a" * 64, **options):
    return Plan(
        out=tmp_path / "deep" / "out.jsonl",
        set=Source(name="set.jsonl", sha256=sha, size=4),
        corpus=None,
        facts=Facts(settings or {"llm": "none"}),
        **options,
    )


def rows(tmp_path):
    return [json.loads(line) for line in (tmp_path / "deep/out.jsonl").read_text("utf-8").splitlines()]


def test_a_run_leaves_one_row_a_case_and_its_record(tmp_path):
    record = run(CountingTask(), CASES, plan(tmp_path), no_progress)
    assert [row["id"] for row in rows(tmp_path)] == [0, 1, 2, 3]
    assert (record.done, record.total, record.seconds) == (4, 4, 2.0)
    assert read_record(record_path(tmp_path / "deep/out.jsonl")) == record
    assert record.metrics.figures["rows"].value == 4


def test_progress_counts_finished_rows_too(tmp_path):
    seen = []
    run(CountingTask(), CASES, plan(tmp_path), lambda done, total, what: seen.append((done, total)))
    run(CountingTask(), CASES, plan(tmp_path), lambda done, total, what: seen.append((done, total)))
    assert seen == [(1, 4), (2, 4), (3, 4), (4, 4)] * 2


def test_finished_rows_are_not_done_again(tmp_path):
    with pytest.raises(KeyboardInterrupt):
        run(CountingTask(killed_at=2), CASES, plan(tmp_path), no_progress)
    assert read_record(tmp_path / "deep/out.run.json").metrics is None
    task = CountingTask()
    run(task, CASES, plan(tmp_path), no_progress)
    assert task.asked == [2, 3]


def test_a_file_cut_anywhere_is_gone_on_with(tmp_path):
    """Kill -9 by enumeration: whatever prefix is on disk, the rerun ends with the same rows."""
    run(CountingTask(), CASES, plan(tmp_path), no_progress)
    out = tmp_path / "deep/out.jsonl"
    whole = out.read_bytes()
    for length in range(len(whole)):
        out.write_bytes(whole[:length])
        task = CountingTask()
        run(task, CASES, plan(tmp_path), no_progress)
        assert out.read_bytes() == whole
        assert len(task.asked) == 4 - whole[:length].count(b"\n")


@pytest.mark.parametrize(
    ("change", "name"),
    [
        ({"settings": {"llm": "openai:x"}}, "llm"),
        ({"settings": {"llm": "none", "feedback": True}}, "feedback"),
        ({"sha": "b" * 64}, "set"),
    ],
)
def test_a_change_is_refused_with_the_way_out(tmp_path, change, name):
    run(CountingTask(), CASES, plan(tmp_path), no_progress)
    before = (tmp_path / "deep/out.jsonl").read_bytes()
    with pytest.raises(Refused) as caught:
        run(CountingTask(), CASES, plan(tmp_path, **change), no_progress)
    assert name in str(caught.value)
    assert "--fresh" in str(caught.value)
    assert (tmp_path / "deep/out.jsonl").read_bytes() == before


def test_fresh_starts_anew(tmp_path):
    run(CountingTask(), CASES, plan(tmp_path), no_progress)
    task = CountingTask()
    record = run(task, CASES, plan(tmp_path, settings={"llm": "x"}, fresh=True), no_progress)
    assert task.asked == [0, 1, 2, 3]
    assert record.settings == {"llm": "x"}


def test_rows_without_their_record_are_refused(tmp_path):
    run(CountingTask(), CASES, plan(tmp_path), no_progress)
    (tmp_path / "deep/out.run.json").unlink()
    with pytest.raises(Refused, match="--fresh"):
        run(CountingTask(), CASES, plan(tmp_path), no_progress)


def test_a_row_broken_in_the_middle_is_not_guessed_at(tmp_path):
    run(CountingTask(), CASES, plan(tmp_path), no_progress)
    out = tmp_path / "deep/out.jsonl"
    out.write_bytes(out.read_bytes().replace(b'{"id": 1', b'{"id" 1', 1))
    with pytest.raises(BadInput, match="2"):
        run(CountingTask(), CASES, plan(tmp_path), no_progress)


def test_failed_rows_stay_unless_asked_for_again(tmp_path):
    run(CountingTask(failing=(1,)), CASES, plan(tmp_path), no_progress)
    task = CountingTask()
    run(task, CASES, plan(tmp_path), no_progress)
    assert task.asked == []
    run(task, CASES, plan(tmp_path, retry=True), no_progress)
    assert task.asked == [1]
    assert [(row["id"], row["error"]) for row in rows(tmp_path)] == [(i, None) for i in range(4)]


def test_two_processes_cannot_write_one_run(tmp_path):
    class Nested(CountingTask):
        def row(self, case):
            with pytest.raises(Busy):
                run(CountingTask(), CASES, plan(tmp_path), no_progress)
            return super().row(case)

    run(Nested(), CASES[:1], plan(tmp_path), no_progress)


def test_half_a_surrogate_pair_does_not_stop_a_run(tmp_path):
    class Echo(CountingTask):
        def row(self, case):
            return super().row(case) | {"note": "\ud800"}

    run(Echo(), CASES, plan(tmp_path), no_progress)
    assert rows(tmp_path)[0]["note"] == "\ud800"


class Meeting(CountingTask):
    """Each row waits until as many others have begun as are to be made at once."""

    def __init__(self, together, **options):
        super().__init__(**options)
        self._barrier = threading.Barrier(together, timeout=10)

    def row(self, case):
        self._barrier.wait()
        return super().row(case)


def test_rows_can_be_made_at_once_and_stand_in_order_at_the_end(tmp_path):
    seen = []
    task = Meeting(4)
    run(task, CASES, plan(tmp_path, parallel=4), lambda done, total, what: seen.append(done))
    assert [row["id"] for row in rows(tmp_path)] == [0, 1, 2, 3]
    assert seen == [1, 2, 3, 4]


def test_a_run_of_several_rows_at_once_is_taken_up_where_it_was_killed(tmp_path):
    with pytest.raises(KeyboardInterrupt):
        run(CountingTask(killed_at=2), CASES, plan(tmp_path, parallel=2), no_progress)
    there = {row["id"] for row in rows(tmp_path)}
    task = CountingTask()
    run(task, CASES, plan(tmp_path, parallel=2), no_progress)
    assert set(task.asked) == {0, 1, 2, 3} - there
    assert [row["id"] for row in rows(tmp_path)] == [0, 1, 2, 3]


class Spending(CountingTask):
    def row(self, case):
        usage = {"calls": 2, "hits": 1, "prompt_tokens": 100, "reply_tokens": 10, "cost": 0.001}
        return super().row(case) | ({"usage": usage} if case.id else {})


def test_what_the_rows_cost_is_summed_even_over_a_resumed_run(tmp_path):
    with pytest.raises(KeyboardInterrupt):
        run(Spending(killed_at=3), CASES, plan(tmp_path), no_progress)
    record = run(Spending(), CASES, plan(tmp_path), no_progress)
    assert record.usage == {
        "calls": 6,
        "hits": 3,
        "prompt_tokens": 300,
        "reply_tokens": 30,
        "cost": 0.003,
    }
    assert run(CountingTask(), CASES, plan(tmp_path, fresh=True), no_progress).usage == {}
