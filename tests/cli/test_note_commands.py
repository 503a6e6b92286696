"""Notes in, shown and out again, from the command line."""

import json
import shlex

import pytest
from fakes.product import NORM, product
from fakes.terminal import called

from bot.app import sample_files
from bot.cli.notes import add_notes
from bot.domain.notes import Collection
from bot.page.notes_tab import NotesEvents
from bot.texts import say

COPY = NORM.replace("# 批归一化", "# BN")
SAMPLE = sample_files()[0].source


@pytest.fixture
def run(tmp_path, capsys):
    """Runs one command on a product with the notes given; gives it, the exit code, stdout and stderr."""

    def call(*arguments, notes=(), kaodian=None):
        kaodian = kaodian or product(tmp_path / "home", *notes)
        kaodian.fetch_encoder = lambda progress: None
        kaodian.index_notes = lambda progress: kaodian.notes.sync_sample(sample_files()[:2], progress)
        code = called(kaodian.settings, [add_notes], arguments, lang="en", opening=lambda _: kaodian)
        return kaodian, code, *capsys.readouterr()

    return call


def said(key, **params):
    return say(key, lang="en", **params)


def own(kaodian):
    return [document.source for document in kaodian.notes.documents(Collection.OWN)]


def test_a_note_that_is_forgotten_is_told_on_stdout(run):
    kaodian, code, out, err = run("forget", "bn.md", notes=[("bn.md", NORM)])
    assert (code, out.strip()) == (0, said("cli.forgotten", name="bn.md"))
    assert said("cli.forgotten", name="bn.md") not in err
    assert own(kaodian) == []


def test_a_sample_note_stays_and_is_said_to(run):
    kaodian, code, out, err = run("forget", SAMPLE, notes=[("bn.md", NORM)])
    assert (code, out, err.strip()) == (2, "", said("page.sample_stays"))
    run("chunks", "bn", kaodian=kaodian)
    assert SAMPLE in [document.source for document in kaodian.notes.documents(Collection.SAMPLE)]
    assert run("forget", SAMPLE, kaodian=kaodian)[1] == 2
    assert SAMPLE in [document.source for document in kaodian.notes.documents(Collection.SAMPLE)]


def test_of_an_own_and_a_sample_note_of_one_name_only_the_own_goes(run):
    kaodian, code, out, _ = run("forget", SAMPLE, "--json", notes=[(SAMPLE, NORM), ("bn.md", NORM)])
    assert (code, json.loads(out)["source"]) == (0, SAMPLE)
    assert own(kaodian) == ["bn.md"]
    assert SAMPLE in [document.source for document in kaodian.notes.documents(Collection.SAMPLE)]


def test_what_is_stored_once_is_shown_with_both_sources_and_as_left_out(run):
    notes = [("a.md", NORM), ("b.md", COPY)]
    kaodian, code, out, _ = run("chunks", notes=notes)
    assert code == 0
    first, second = (out[out.index(head) :] for head in ("(a.md)", "(b.md)"))
    first = first.removesuffix(second)
    assert "[duplicate]" not in first
    assert said("ingest.outline_sources", sources="a.md, b.md") in first
    assert said("ingest.outline_duplicate", source="a.md", line=3) in second
    documents = {
        each["document"]["source"]: each for each in json.loads(run("chunks", "--json", kaodian=kaodian)[2])
    }
    assert "raw" not in documents["a.md"]["document"]
    kept, left = documents["a.md"]["chunks"][0], documents["b.md"]["chunks"][0]
    assert (kept["sources"], kept["duplicate_of"]) == (["a.md", "b.md"], None)
    assert left["duplicate_of"] == {"chunk_id": kept["id"], "source": "a.md", "line": 3}
    page = NotesEvents(kaodian).look(documents["b.md"]["document"]["id"])
    assert say("ingest.outline_duplicate", source="a.md", line=3) in page


def test_notes_whose_files_are_gone_are_told_and_stay(run, tmp_path):
    folder = tmp_path / "my notes"
    folder.mkdir()
    (folder / "a.md").write_text(NORM, "utf-8")
    (folder / "it's b.md").write_text("## 什么是早停？\n\n验证损失不再下降就停止训练。\n", "utf-8")
    kaodian, code, out, err = run("ingest", folder, notes=[("pasted.md", "## 什么是核？\n\n一个函数。\n")])
    assert (code, err.count("kaodian forget")) == (0, 0)
    (folder / "it's b.md").unlink()
    _, code, out, err = run("ingest", folder, "--json", kaodian=kaodian)
    assert json.loads(out)["files"] == 1
    assert err.strip().splitlines()[-1] == said(
        "cli.file_gone", name="it's b.md", quoted=shlex.quote("it's b.md")
    )
    assert err.count("kaodian forget") == 1
    assert "it's b.md" in own(kaodian)
    assert run("forget", "it's b.md", kaodian=kaodian)[1] == 0
    assert "kaodian forget" not in run("ingest", folder, kaodian=kaodian)[3]


def test_a_file_of_its_own_tells_of_no_other(run, tmp_path):
    for name in ("a.md", "b.md"):
        (tmp_path / name).write_text(NORM.replace("批归一化", name), "utf-8")
    kaodian = run("ingest", tmp_path / "a.md", tmp_path / "b.md")[0]
    (tmp_path / "b.md").unlink()
    assert "kaodian forget" not in run("ingest", tmp_path / "a.md", kaodian=kaodian)[3]
