import io

import pytest
from rich.console import Console as RichConsole

from bot.cli.console import Console
from bot.cli.progress import LINE_SECONDS, SparseLines, Unit, bar, verdicts_counted
from bot.domain.grades import Status, Verdict
from bot.texts import say, speaking

MISSING = Verdict(status=Status.MISSING, confidence=1.0)


def test_lines_come_at_a_modest_rate_and_quick_work_says_nothing():
    now, told = [0.0], []
    lines = SparseLines(told.append, Unit.THINGS, lambda: now[0])
    for done in range(100):
        now[0] += LINE_SECONDS / 10
        lines(done, 100, "读")
    assert [line.partition(" · ")[0] for line in told] == [f"读 {done}/100" for done in range(9, 100, 10)]
    assert SparseLines(told.append, Unit.THINGS, lambda: 0.0)(1, 2, "快") is None
    assert len(told) == 10


@pytest.mark.parametrize(
    ("unit", "steps", "told"),
    [
        (Unit.THINGS, [(0, 10), (5, 10)], "a 5/10 · about 10 s left"),
        (Unit.THINGS, [(5, 10), (6, 10)], "a 6/10 · about 40 s left"),
        (Unit.BYTES, [(0, 4_000_000), (1_000_000, 4_000_000)], "a 1/4 MB · about 30 s left"),
        (Unit.THINGS, [(0, 10), (0, 10)], "a 0/10"),
        (Unit.THINGS, [(0, 570), (1, 570)], "a 1/570"),
        (Unit.THINGS, [(9, 10), (0, 10), (2, 10)], "a 2/10 · about 40 s left"),
        (Unit.STEPS, [(0, 10), (5, 10)], "a 5/10"),
        (Unit.THINGS, [(0, 0), (5, 0)], "a…"),
    ],
)
def test_a_line_tells_how_long_it_will_still_take(unit, steps, told):
    now, lines = [0.0], []
    progress = SparseLines(lines.append, unit, lambda: now[0])
    with speaking("en"):
        for done, total in steps:
            progress(done, total, "a")
            now[0] += 10
    assert lines[-1] == told


@pytest.mark.parametrize(
    ("unit", "total", "words"),
    [(Unit.THINGS, 40, "a 20/40"), (Unit.BYTES, 4_000_000_000, "a 2000/4000 MB"), (Unit.BYTES, 0, "a…")],
)
def test_only_downloads_are_told_in_bytes(unit, total, words):
    assert unit.words(total // 2, total, "a") == words


@pytest.mark.parametrize(("unit", "in_bytes"), [(Unit.THINGS, False), (Unit.BYTES, True)])
def test_a_bar_counts_texts_as_texts(unit, in_bytes):
    out = io.StringIO()
    with bar(RichConsole(file=out, force_terminal=True, width=120), unit) as progress:
        progress(16, 40, "正在计算向量")
    shown = out.getvalue()
    assert "正在计算向量" in shown
    assert ("bytes" in shown) == in_bytes
    assert ("16/40" in shown and "bytes" not in shown) != in_bytes


def test_without_a_terminal_there_is_no_bar(capsys):
    with Console().progress() as progress:
        assert isinstance(progress, SparseLines)
    assert capsys.readouterr().err == ""


@pytest.mark.parametrize("reveal", [True, False])
def test_each_verdict_is_told_as_it_arrives(reveal):
    seen = []
    with speaking("en"):
        watch = verdicts_counted(lambda *step: seen.append(step), 3, reveal=reveal)
        watch(2, MISSING)
        watch(0, MISSING)
        watch(2, MISSING)
    assert [step[:2] for step in seen] == [(0, 3), (1, 3), (2, 3), (2, 3)]
    told = [step[2] for step in seen[1:]]
    assert all((say("grading.status_missing", lang="en") in words) == reveal for words in told)
    assert ("Point 3" in told[0]) == reveal
