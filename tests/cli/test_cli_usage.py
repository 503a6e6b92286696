"""Help and complaints about arguments speak the chosen language, typer's own words included."""

import pytest

from bot.cli.commands import build
from bot.cli.console import Console, own_errors
from bot.settings import Settings
from bot.texts import catalogue, say, speaking

COMMANDS = [
    "", "serve", "ask", "quiz", "questions", "grade", "ingest", "chunks", "forget", "doctor",
    "models", "models list", "models pull", "models verify", "models remove", "models check",
]  # fmt: skip
ENGLISH = (
    "Usage",
    "OPTIONS",
    "COMMAND",
    "ARGS",
    "Arguments",
    "Options",
    "Commands",
    "default",
    "required",
    "Show",
)
"""What typer says by itself."""


@pytest.fixture
def run(tmp_path, capsys, monkeypatch):
    """Runs `kaodian` in a language; gives its exit code, stdout and stderr."""
    monkeypatch.setenv("COLUMNS", "160")

    def call(lang, *arguments):
        with speaking(lang):
            console = Console()
            with pytest.raises(SystemExit) as left, own_errors(console):
                raise SystemExit(build(Settings(home=tmp_path, llm="none"), console)(arguments))
        out, err = capsys.readouterr()
        return left.value.code, out, err

    return call


@pytest.mark.parametrize("command", COMMANDS)
def test_chinese_help_holds_no_english_heading(run, command):
    code, out, err = run("zh", *command.split(), "--help")
    assert (code, err) == (0, "")
    assert say("usage.usage", lang="zh") in out
    assert say("usage.options", lang="zh") in out
    assert say("usage.show_help", lang="zh") in out
    assert [word for word in ENGLISH if word in out.replace("--show", "")] == []


@pytest.mark.parametrize("command", COMMANDS)
def test_english_help_holds_nothing_chinese(run, command):
    code, out, _ = run("en", *command.split(), "--help")
    assert code == 0
    assert f"Usage: kaodian {command}".rstrip() in out
    assert "Show this message and exit." in out
    assert not any("\u4e00" <= char <= "\u9fff" for char in out)


def test_arguments_defaults_and_what_has_to_be_given_are_named(run):
    _, out, _ = run("zh", "grade", "--help")
    assert all(say(f"usage.{key}", lang="zh") in out for key in ("arguments", "required"))
    _, out, _ = run("zh", "quiz", "--help")
    assert say("usage.default", lang="zh", value="5") in out


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize(
    ("arguments", "key", "name"),
    [
        ("ask", "missing", "question"),
        ("models remove", "missing", "NAME"),
        ("nonsense", "no_command", "nonsense"),
        ("models nonsense", "no_command", "nonsense"),
        ("ask a b c", "too_many", "b c"),
        ("ask a --nope", "no_option", "--nope"),
        ("ask a --conversation", "option_value", "--conversation"),
    ],
)
def test_wrong_use_is_told_in_one_line_with_the_way_to_the_help(run, lang, arguments, key, name):
    code, out, err = run(lang, *arguments.split())
    assert (code, out) == (2, "")
    assert say(f"usage.{key}", lang=lang, name=name) in err
    assert err.count("\n") == 1
    assert "--help" in err


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize(
    ("arguments", "name", "why"),
    [
        ("quiz -n x", "--length", "validation.int_parsing"),
        ("quiz --mode x", "--mode", "usage.not_a_choice"),
        ("serve --port 0", "--port", "validation.greater_than_equal"),
    ],
)
def test_a_value_that_cannot_be_used_is_told_with_its_reason(run, lang, arguments, name, why):
    reason = catalogue(lang)[why].format(ge=1)
    code, _, err = run(lang, *arguments.split())
    assert code == 2
    assert say("usage.bad_value", lang=lang, name=name, why=reason) in err


def test_an_option_that_was_nearly_right_is_named(run):
    _, _, err = run("en", "ask", "a", "--conversatio", "x")
    assert "--conversation" in err


def test_without_a_command_the_help_is_shown_and_the_code_says_wrong_use(run):
    code, out, err = run("zh")
    assert code == 2
    assert say("usage.commands", lang="zh") in out + err


def test_the_evals_speak_the_same_words(capsys, monkeypatch, tmp_path):
    from evals.cli import main

    monkeypatch.setenv("KAODIAN_HOME", str(tmp_path))
    monkeypatch.setenv("COLUMNS", "160")
    for arguments, told in ((["--help"], say("usage.commands", lang="zh")), (["grade"], "SET.jsonl")):
        monkeypatch.setattr("sys.argv", ["evals", *arguments])
        with pytest.raises(SystemExit) as left:
            main()
        out, err = capsys.readouterr()
        assert told in out + err
        assert left.value.code == (0 if out else 2)
        assert not any(word in out + err for word in ("Usage", "Options", "Missing"))
