"""All commands under one name, with help in the user's language."""

from collections.abc import Callable, Sequence
from typing import Annotated

import typer

from bot import __version__
from bot.cli.asking import add_ask
from bot.cli.console import Console
from bot.cli.doctor import add_doctor
from bot.cli.evaluating import add_eval
from bot.cli.grading import add_grade
from bot.cli.models import add_models
from bot.cli.notes import add_notes
from bot.cli.questions import add_questions
from bot.cli.quizzing import add_quiz
from bot.cli.serving import add_serve
from bot.cli.session import Session
from bot.cli.usage import run, worded
from bot.settings import Settings
from bot.texts import say

COMMANDS = (
    add_serve, add_ask, add_quiz, add_questions, add_grade, add_notes, add_models, add_doctor, add_eval,
)  # fmt: skip
"""In the order of the help."""


def build(settings: Settings, console: Console) -> Callable[[Sequence[str]], int]:
    """The `kaodian` command; called with arguments it gives the exit code."""
    app = typer.Typer(
        name="kaodian",
        add_completion=False,
        help=say("cli.help"),
        no_args_is_help=True,
        pretty_exceptions_show_locals=False,
        pretty_exceptions_enable=False,
        context_settings={"help_option_names": ["-h", "--help"]},
    )
    session = Session(settings, console)
    for add in COMMANDS:
        add(app, session)

    def show_version(wanted: bool) -> None:
        if wanted:
            console.print(__version__)
            raise typer.Exit

    @app.callback()
    def options(
        version: Annotated[
            bool,
            typer.Option("--version", help=say("cli.version_help"), callback=show_version, is_eager=True),
        ] = False,
    ) -> None:
        """Options before a command; the eager callback has already acted on them."""

    worded(app)
    return lambda arguments: run(app, arguments, "kaodian")
