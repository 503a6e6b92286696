"""Commands called in this process, as the terminal calls them."""

import pytest
import typer

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
