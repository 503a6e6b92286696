"""Commands called in this process, as the terminal calls them."""

import io
from typing import NamedTuple

import pytest
import typer

from bot import texts
from bot.cli import main
from bot.cli.console import Console, own_errors
from bot.cli.session import Session
from bot.texts import speaking


def called(settings, adders, arguments, *, lang, opening=None):
    """The exit code of a command; `opening` gives the product it works on, None: the real one."""
    with speaking(lang):
        console = Console()
        session = Session(settings, console) if opening is None else Session(settings, console, opening)
        app = typer.Typer(pretty_exceptions_enable=False)
        for add in adders:
            add(app, session)
        with pytest.raises(SystemExit) as left, own_errors(console):
            app(args=[str(argument) for argument in arguments])
    return left.value.code


class Done(NamedTuple):
    """What a command left behind; the fields are named as those of a finished process."""

    returncode: int
    stdout: str
    stderr: str


class Terminal:
    """Types commands, all read by this process: its imports are paid for once.

    Args:
        monkeypatch: For arguments, standard input and the environment.
        capsys: For what is printed.
        program: What reads them; `kaodian` where none is given.
        env: Settings, as environment variables.
    """

    def __init__(self, monkeypatch, capsys, program=main, **env):
        self._patch, self._seen, self._env = monkeypatch, capsys, {"COLUMNS": "200", **env}
        self._program = program

    def __call__(self, *arguments, stdin="", **env):
        with self._patch.context() as patch:
            for name, value in {**self._env, **env}.items():
                patch.setenv(name, value)
            patch.setattr("sys.stdin", io.StringIO(stdin))
            patch.setattr("sys.argv", ["program", *map(str, arguments)])
            patch.setattr(texts, "_default", texts.current_language())  # programs choose one, for good
            self._seen.readouterr()
            with pytest.raises(SystemExit) as left:
                self._program()
        return Done(left.value.code, *self._seen.readouterr())
