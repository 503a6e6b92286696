"""`kaodian eval`: the evals, which live in a package of their own."""

import subprocess
import sys

import typer

from bot.cli.session import Session
from bot.texts import say


def add_eval(app: typer.Typer, session: Session) -> None:
    """Put `eval` under `app`; its arguments are those of `python -m evals`."""

    @app.command(
        help=say("cli.eval_help"),
        context_settings={"allow_extra_args": True, "ignore_unknown_options": True, "help_option_names": []},
    )
    def eval(context: typer.Context) -> None:
        finished = subprocess.run([sys.executable, "-m", "evals", *context.args], check=False)
        raise typer.Exit(finished.returncode)
