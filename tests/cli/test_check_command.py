"""`kaodian models check` in a process of its own."""

import json

import pytest
from fakes.terminal import Terminal
from servers.judges import JudgeServer, lenient
from test_command_line import kaodian


@pytest.fixture(scope="module")
def checked(tmp_path_factory):
    home = tmp_path_factory.mktemp("home")
    with JudgeServer(lenient) as server:
        env = {"KAODIAN_LLM_BASE_URL": server.base_url, "KAODIAN_LANG": "en", "KAODIAN_LLM_RETRIES": "0"}
        yield home, kaodian(home, "models", "check", "openai:m", **env), env


def test_a_check_prints_its_card(checked):
    _, shown, _ = checked
    assert shown.returncode == 0, shown.stderr
    assert "openai:m: does not judge; the embedded grader does, trust: low" in shown.stdout
    assert "Key points that earned something for empty words: 91%" in shown.stdout


@pytest.fixture
def typed(monkeypatch, capsys):
    """Types further commands in this process."""
    return lambda home, *arguments, **env: Terminal(monkeypatch, capsys, KAODIAN_HOME=str(home))(
        *arguments, **{"KAODIAN_LLM": "none", **env}
    )


def test_a_card_is_shown_without_a_call(checked, typed):
    home, shown, _ = checked
    again = typed(home, "models", "check", "--show", KAODIAN_LANG="en")
    assert again.stdout == shown.stdout
    [card] = json.loads(typed(home, "models", "check", "openai:m", "--show", "--json").stdout)
    assert (card["path"], card["trust"]) == ("verifier", "low")


def test_the_doctor_tells_what_the_check_found(checked, typed):
    home, _, env = checked
    told = typed(home, "doctor", **{**env, "KAODIAN_LLM": "openai:m", "KAODIAN_LLM_TIMEOUT": "2"})
    assert "does not judge; the embedded grader does" in told.stdout


def test_a_check_of_nothing_says_what_to_do(tmp_path, typed):
    assert typed(tmp_path, "models", "check").returncode == 2
    assert "models check" in typed(tmp_path, "models", "check", "--show").stderr
