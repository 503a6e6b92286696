import json

import pytest
from fakes.terminal import called

from bot.cli.models import add_models
from bot.models import EMBEDDING_MODEL, SMALL_LANGUAGE_MODEL
from bot.settings import Settings


@pytest.fixture
def run(tmp_path, capsys):
    """Run `models …` over an empty home without any source; gives exit code, stdout, stderr."""

    def call(*arguments, lang="en"):
        settings = Settings(home=tmp_path, model_sources=())
        code = called(settings, [add_models], ["models", *arguments], lang=lang)
        return code, *capsys.readouterr()

    return call


def test_list_names_every_model_and_whether_it_is_here(run):
    code, out, _ = run("list")
    assert code == 0
    assert len(out.splitlines()) == 3
    assert all("not here" in line for line in out.splitlines())


def test_list_for_programs(run):
    _, out, _ = run("list", "--json")
    first = json.loads(out)[0]
    assert first["name"] == EMBEDDING_MODEL
    assert first["present"] is False
    assert first["licence"] == "MIT"


def test_pull_without_any_source_fails_and_says_why(run):
    code, out, err = run("pull", SMALL_LANGUAGE_MODEL)
    assert code == 1
    assert out == ""
    assert "--from" in err and "this machine" in err


def test_pull_from_a_wrong_file_is_refused(run, tmp_path):
    (tmp_path / "wrong.gguf").write_bytes(b"GGUF")
    assert run("pull", SMALL_LANGUAGE_MODEL, "--from", str(tmp_path / "wrong.gguf"))[0] == 1
    assert run("pull", SMALL_LANGUAGE_MODEL, "--from", str(tmp_path / "nothing"))[0] == 2


def test_an_unknown_model_is_told_in_the_language_of_the_user(run):
    assert "no model called" in run("remove", "gpt", lang="en")[2]
    assert "没有名为" in run("remove", "gpt", lang="zh")[2]


def test_verify_tells_what_is_missing(run):
    code, out, _ = run("verify", EMBEDDING_MODEL, "--json")
    assert code == 1
    assert "kaodian models pull" in json.loads(out)[0]["error"]


def test_removing_nothing_says_so(run):
    assert json.loads(run("remove", EMBEDDING_MODEL, "--json")[1]) == {
        "name": EMBEDDING_MODEL,
        "removed": False,
    }


@pytest.mark.real
def test_verify_and_list_see_the_real_model(model_store, embedder):
    model_store.verify(EMBEDDING_MODEL)
    assert model_store.is_present(EMBEDDING_MODEL)
    assert embedder.identity
