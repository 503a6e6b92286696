"""From the command line to files: outcomes, messages, exit codes."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
import typer
from fakes.measured import FakeProducts
from fakes.terminal import Terminal

from bot.domain.errors import BadInput, ModelUnavailable, Refused
from bot.texts import say, speaking
from evals.cli import app, main
from evals.running import Request, measure

ROOT = Path(__file__).parents[2]
NOTE = "早停就是验证误差不再下降时停止训练。"


def write(path, *rows):
    path.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), "utf-8")
    return path


@pytest.fixture
def corpus(tmp_path):
    folder = tmp_path / "notes"
    folder.mkdir()
    (folder / "a.md").write_text(NOTE, "utf-8")
    (folder / "b.md").write_text("卷积在各个位置共用一组权重。", "utf-8")
    return folder


def answers(count=6):
    return [
        {
            "id": f"a{i}",
            "question": f"问题 {i % 3}",
            "answer": "答" * (i + 1),
            "score": i % 2,
            "max_score": 1,
            "reference": "参考",
        }
        for i in range(count)
    ]


def request(kind, cases, tmp_path, **options):
    base = {"corpus": None, "llm": "none", "fresh": False, "retry": False, "feedback": False}
    base |= {"sample": None, "seed": 0}
    return Request(kind, cases, tmp_path / "out.jsonl", **(base | options))


def record(tmp_path):
    return json.loads((tmp_path / "out.run.json").read_text("utf-8"))


def test_grade_leaves_rows_record_and_report(tmp_path):
    cases = write(tmp_path / "set.jsonl", *answers())
    text = measure(request("grade", cases, tmp_path), FakeProducts(), "en")
    assert "QWK, failures left out" in text
    assert len((tmp_path / "out.jsonl").read_text("utf-8").splitlines()) == 6
    found = record(tmp_path)
    assert found["set"]["name"] == "set.jsonl"
    assert found["corpus"] is None
    assert found["settings"] == {"llm": "none", "feedback": False, "sample": None, "sample_seed": None}
    assert found["metrics"]["figures"]["mae"]["value"] is not None
    report = (tmp_path / "out.md").read_text("utf-8")
    assert "Floor: length and overlap" in report
    assert "By gold score" in report
    page = (tmp_path / "out.html").read_text("utf-8")
    assert "Floor: length and overlap" in page
    assert str(tmp_path) not in report + page + json.dumps(found)


def test_report_speaks_the_users_language(tmp_path):
    cases = write(tmp_path / "set.jsonl", *answers())
    assert "不计失败" in measure(request("grade", cases, tmp_path), FakeProducts(), "zh")


def test_a_sample_is_written_down_and_cannot_be_mixed(tmp_path):
    cases = write(tmp_path / "set.jsonl", *answers(40))
    measure(request("grade", cases, tmp_path, sample=12), FakeProducts(), "en")
    assert record(tmp_path)["total"] == 12
    with pytest.raises(Refused, match="sample"):
        measure(request("grade", cases, tmp_path), FakeProducts(), "en")


def test_only_the_part_that_was_asked_for_is_run_and_cannot_be_mixed(tmp_path):
    rows = [row | {"split": ("dev", "test")[i % 2]} for i, row in enumerate(answers(9))]
    cases = write(tmp_path / "set.jsonl", *rows, answers(10)[9])
    measure(request("grade", cases, tmp_path, part="test"), FakeProducts(), "en")
    assert record(tmp_path)["total"] == 4
    assert {json.loads(line)["id"] for line in (tmp_path / "out.jsonl").read_text("utf-8").splitlines()} == {
        f"a{i}" for i in (1, 3, 5, 7)
    }
    with pytest.raises(Refused, match="part"):
        measure(request("grade", cases, tmp_path), FakeProducts(), "en")
    with pytest.raises(BadInput, match="half"):
        measure(request("grade", cases, tmp_path, part="half"), FakeProducts(), "en")


def test_nothing_is_opened_for_a_bad_set(tmp_path):
    products = FakeProducts()
    cases = write(tmp_path / "set.jsonl", {"id": "a"})
    with pytest.raises(BadInput):
        measure(request("grade", cases, tmp_path), products, "en")
    assert products.opened == []
    assert not (tmp_path / "out.jsonl").exists()


def test_a_run_in_which_every_row_failed_is_an_error(tmp_path):
    cases = write(tmp_path / "set.jsonl", *answers())
    with pytest.raises(ModelUnavailable, match="--retry"):
        measure(request("grade", cases, tmp_path), FakeProducts(broken=True), "en")
    measure(request("grade", cases, tmp_path, retry=True), FakeProducts(), "en")
    assert record(tmp_path)["metrics"]["counts"]["failed"] == 0


def test_a_corpus_changes_nothing_where_no_notes_are_searched(tmp_path, corpus):
    cases = write(tmp_path / "set.jsonl", *answers())
    measure(request("grade", cases, tmp_path, corpus=corpus), FakeProducts(), "en")
    found = record(tmp_path)
    assert found["corpus"] is None
    assert "corpus" not in found["settings"]
    measure(request("grade", cases, tmp_path), FakeProducts(), "en")


def test_a_language_model_changes_nothing_where_none_is_asked(tmp_path, corpus):
    cases = write(tmp_path / "set.jsonl", {"id": 1, "query": "早停", "must_contain": "停止训练"})
    measure(request("retrieve", cases, tmp_path, corpus=corpus, llm="openai:m"), FakeProducts(), "en")
    assert "llm" not in record(tmp_path)["settings"]
    measure(request("retrieve", cases, tmp_path, corpus=corpus), FakeProducts(), "en")


@pytest.mark.parametrize(
    ("kind", "options", "unused"),
    [
        ("grade", ("--corpus", "notes", "--llm", "none"), ["--corpus"]),
        ("retrieve", ("--corpus", "notes", "--llm", "none"), ["--llm"]),
        ("refuse", ("--corpus", "notes", "--llm", "none", "--feedback"), ["--feedback"]),
    ],
)
def test_one_synopsis_fits_all_and_what_is_not_used_is_told(tmp_path, capsys, kind, options, unused):
    (tmp_path / "set.jsonl").write_text("{oops", "utf-8")
    arguments = [kind, str(tmp_path / "set.jsonl"), "--out", str(tmp_path / "out.jsonl"), *options]
    with speaking("en"), pytest.raises(BadInput, match="line 1: not JSON"):  # it goes on to read the set
        app()(arguments, standalone_mode=False)
    out, err = capsys.readouterr()
    assert out == ""
    told = [line for line in err.splitlines() if line]
    assert told == [say("evals.unused", lang="en", kind=kind, option=one) for one in unused]


def test_retrieve_over_a_corpus(tmp_path, corpus):
    start = NOTE.index("停止")
    cases = write(
        tmp_path / "set.jsonl",
        {"id": 1, "query": "早停", "must_contain": "停止训练"},
        {"id": 2, "query": "权重", "passage": {"path": "b.md", "start": 0, "end": 4}},
        {"id": 3, "query": "早停", "passage": {"path": "a.md", "start": start, "end": start + 4}},
    )
    measure(request("retrieve", cases, tmp_path, corpus=corpus), FakeProducts(), "en")
    rows = [json.loads(line) for line in (tmp_path / "out.jsonl").read_text("utf-8").splitlines()]
    assert [row["rank"] for row in rows] == [1, 1, 1]
    assert record(tmp_path)["corpus"]["size"] == 2
    (corpus / "c.md").write_text("新的笔记", "utf-8")
    with pytest.raises(Refused, match="corpus"):
        measure(request("retrieve", cases, tmp_path, corpus=corpus), FakeProducts(), "en")


def test_a_place_outside_the_corpus_is_named(tmp_path, corpus):
    place = {"path": "z.md", "start": 0, "end": 4}
    cases = write(tmp_path / "set.jsonl", {"id": 1, "query": "早停", "passage": place})
    with pytest.raises(BadInput, match=r"z\.md"):
        measure(request("retrieve", cases, tmp_path, corpus=corpus), FakeProducts(), "en")
    assert not (tmp_path / "out.jsonl").exists()


def test_refuse_over_a_corpus(tmp_path, corpus):
    cases = write(
        tmp_path / "set.jsonl",
        {"id": 1, "query": "早停是什么", "answerable": True},
        {"id": 2, "query": "天气", "answerable": False},
        {"id": 3, "query": "卷积", "answerable": True},
    )
    text = measure(request("refuse", cases, tmp_path, corpus=corpus), FakeProducts(), "en")
    figures = record(tmp_path)["metrics"]["figures"]
    assert figures["refusal"]["value"] == 1.0
    assert figures["false_refusal"]["value"] == 0.5
    assert "Refusal of what the notes do not answer" in text


def test_an_empty_corpus_is_refused(tmp_path):
    (tmp_path / "empty").mkdir()
    cases = write(tmp_path / "set.jsonl", {"id": 1, "query": "x", "answerable": True})
    with pytest.raises(BadInput, match="empty"):
        measure(request("refuse", cases, tmp_path, corpus=tmp_path / "empty"), FakeProducts(), "en")


@pytest.fixture
def run_command(tmp_path, monkeypatch, capsys):
    """Types `python -m evals` commands."""
    env = {"KAODIAN_LANG": "en", "KAODIAN_HOME": str(tmp_path / "home")}
    return Terminal(monkeypatch, capsys, main, **env)


@pytest.mark.parametrize(
    ("row", "word"),
    [("{oops", "line 1: not JSON"), ('{"id": "a"}', "line 1: question"), ("", "no cases")],
)
def test_a_bad_set_ends_with_exit_code_2(tmp_path, run_command, row, word):
    (tmp_path / "set.jsonl").write_text(row, "utf-8")
    done = run_command("grade", tmp_path / "set.jsonl", "--out", tmp_path / "out.jsonl")
    assert (done.returncode, done.stdout) == (2, "")
    assert word in done.stderr


def test_out_must_be_a_jsonl_file_of_its_own(tmp_path, run_command):
    cases = write(tmp_path / "set.jsonl", *answers())
    assert run_command("grade", cases, "--out", tmp_path / "out.txt").returncode == 2
    assert run_command("grade", cases, "--out", cases).returncode == 2
    assert len(cases.read_text("utf-8").splitlines()) == 6


def test_every_command_can_give_its_result_as_json():
    commands = typer.main.get_group(app()).commands
    assert len(commands) == 9
    for name, command in commands.items():
        assert "--json" in {option for param in command.params for option in param.opts}, name


def test_the_document_is_named_as_json(tmp_path, capsys):
    (tmp_path / "evals.md").write_text("No figures.\n", "utf-8")
    app()(["figures", "--document", str(tmp_path / "evals.md"), "--json"], standalone_mode=False)
    assert json.loads(capsys.readouterr().out) == {"document": str(tmp_path / "evals.md")}


def test_help_names_every_command(tmp_path):
    """In a process of its own, as a user calls it."""
    env = os.environ | {"KAODIAN_LANG": "en", "KAODIAN_HOME": str(tmp_path / "home")}
    command = [sys.executable, "-m", "evals", "--help"]
    done = subprocess.run(command, capture_output=True, text=True, env=env, cwd=ROOT, timeout=120)
    assert done.returncode == 0
    for command in ("grade", "retrieve", "refuse", "report", "track", "figures", "bench"):
        assert command in done.stdout


def test_a_report_goes_to_the_folder_that_the_page_lists(tmp_path, run_command):
    cases = write(tmp_path / "set.jsonl", *answers())
    measure(request("grade", cases, tmp_path), FakeProducts(), "en")
    done = run_command("report", tmp_path / "out.jsonl")
    assert (done.returncode, done.stderr) == (0, "")
    assert "问题" in (tmp_path / "home/runs/out.html").read_text("utf-8")
    told = json.loads(run_command("report", tmp_path / "out.jsonl", "--json").stdout)
    assert told == {"html": str(tmp_path / "home/runs/out.html"), "md": str(tmp_path / "home/runs/out.md")}
    assert (tmp_path / "home/runs/out.md").exists()
    assert run_command("report", tmp_path / "none.jsonl").returncode == 2
    assert run_command("report", tmp_path / "out.jsonl", "--out", "x.txt").returncode == 2


def test_what_of_the_scores_is_taken_another_way_is_said(tmp_path, capsys):
    odd = [answers()[0] | {"id": "above", "score": 3}, answers()[0] | {"id": "none", "score": None}]
    cases = write(tmp_path / "set.jsonl", *answers(), *odd)
    with speaking("en"):
        measure(request("grade", cases, tmp_path), FakeProducts(), "en")
    told = capsys.readouterr().err
    assert "1 score(s) above max_score" in told
    assert "1 answer(s) have no score" in told


def test_a_set_that_nobody_has_graded_is_graded_and_reported(tmp_path):
    lines = [{k: v for k, v in line.items() if k not in ("id", "score", "max_score")} for line in answers()]
    measure(request("grade", write(tmp_path / "set.jsonl", *lines), tmp_path), FakeProducts(), "en")
    assert record(tmp_path)["metrics"]["counts"]["unscored"] == 6
    assert len((tmp_path / "out.jsonl").read_text("utf-8").splitlines()) == 6
    assert "Without a score of people" in (tmp_path / "out.md").read_text("utf-8")


def test_templates_that_cannot_be_used_are_left_out_aloud_unless_all_are(tmp_path, capsys):
    good = {"id": "g", "family": "style", "template_zh": "。", "template_en": ".", "expect": "score==0"}
    bad = good | {"id": "b", "template_zh": "{unheard_of}", "template_en": "{unheard_of}"}
    odd = good | {"id": "o", "expect": "be nice"}
    with speaking("en"):
        templates = write(tmp_path / "t.jsonl", good, bad, odd)
        measure(request("attacks", templates, tmp_path, sample=20), FakeProducts(), "en")
        told = capsys.readouterr().err
        assert "2 template(s) are left out" in told
        assert "b: its gap cannot be filled: unheard_of" in told
        assert "o: Cannot read what a template expects: be nice" in told
        with pytest.raises(BadInput, match="unheard_of"):
            measure(request("attacks", write(tmp_path / "t.jsonl", bad), tmp_path), FakeProducts(), "en")
