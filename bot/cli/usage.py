"""Typer's own headings and complaints, from the catalogue like every other word."""

import re
from collections.abc import Sequence
from typing import cast

import typer
from pydantic import ValidationError
from typer import rich_utils
from typer.core import TyperCommand, TyperGroup

from bot.domain.errors import BadInput
from bot.domain.validation import why_not
from bot.texts import say

WRONG_USE = cast(type[Exception], typer.BadParameter.__mro__[1])
"""What every sort of wrong use is, wherever this release of typer keeps that class."""
_SAID_BY_US = "value_error"
"""How pydantic calls what a validator of typer's has said in English."""
_IN_USAGE = ("usage.usage", "usage.some_options", "usage.some_command")


class _InOurWords:
    """Speaks the current language where typer has words of its own."""

    def get_usage(self, ctx: object) -> str:
        """The line that shows how it is called."""
        return _worded(super().get_usage(ctx))  # type: ignore[misc]

    def get_help(self, ctx: object) -> str:
        """What --help shows."""
        _word_help_option(cast(TyperCommand | TyperGroup, self), cast(typer.Context, ctx))
        return super().get_help(ctx)  # type: ignore[misc]


class WordedCommand(_InOurWords, TyperCommand):
    """A command whose help speaks the current language."""


class WordedGroup(_InOurWords, TyperGroup):
    """A group of commands whose help speaks the current language."""


def worded(app: typer.Typer) -> typer.Typer:
    """The app, from now on in the current language, groups within it included."""
    rich_utils.ARGUMENTS_PANEL_TITLE = say("usage.arguments")
    rich_utils.OPTIONS_PANEL_TITLE = say("usage.options")
    rich_utils.COMMANDS_PANEL_TITLE = say("usage.commands")
    rich_utils.DEFAULT_STRING = say("usage.default", value="{}")
    rich_utils.REQUIRED_LONG_STRING = say("usage.required")
    app.info.cls = WordedGroup
    for command in app.registered_commands:
        command.cls = WordedCommand
    for group in app.registered_groups:
        if group.typer_instance is not None:
            worded(group.typer_instance)
    return app


def run(app: typer.Typer, arguments: Sequence[str], program: str) -> int:
    """Run a command; gives its exit code.

    Raises:
        BadInput: The arguments are not what the command takes.
    """
    try:
        code = app(args=list(arguments), prog_name=program, standalone_mode=False)
    except WRONG_USE as error:
        if type(error).__name__ == "NoArgsIsHelpError":  # the help is out already
            return 2
        called = getattr(getattr(error, "ctx", None), "command_path", program)
        raise BadInput("usage.wrong", why=why_wrong(error), command=called) from error
    return code if isinstance(code, int) else 0


def why_wrong(error: Exception) -> str:
    """What is wrong with the arguments, in one sentence."""
    option, param = getattr(error, "option_name", ""), _name_of(getattr(error, "param", None))
    match type(error).__name__:
        case "MissingParameter":
            return say("usage.missing", name=param)
        case "NoSuchOption":
            likely = ", ".join(getattr(error, "possibilities", None) or ())
            return say("usage.no_option", name=option) + (say("usage.likely", names=likely) if likely else "")
        case "BadOptionUsage":
            return say("usage.option_value", name=option)
        case "BadParameter":
            return say("usage.bad_value", name=param, why=_why(error))
        case _:
            return _extra(error)


def _why(error: Exception) -> str:
    cause = error.__cause__
    if isinstance(cause, ValidationError) and (first := cause.errors()[0])["type"] != _SAID_BY_US:
        return why_not(first)
    return say("usage.not_a_choice")


def _extra(error: Exception) -> str:
    """A command that is not there, or more arguments than a command takes."""
    named = re.search(r"'(.*?)'|\((?!s\))(.*)\)", str(error))
    name = (named[1] or named[2]) if named else ""
    is_group = isinstance(getattr(getattr(error, "ctx", None), "command", None), TyperGroup)
    return say("usage.no_command" if is_group else "usage.too_many", name=name)


def _name_of(param: object) -> str:
    """An option as it is written, an argument as the usage shows it."""
    names = cast(list[str], getattr(param, "opts", None) or [""])
    return names[-1] if names[-1].startswith("-") else getattr(param, "metavar", None) or names[-1]


def _worded(usage: str) -> str:
    for key in _IN_USAGE:
        usage = usage.replace(say(key, lang="en"), say(key), 1)
    return usage


def _word_help_option(command: TyperCommand | TyperGroup, ctx: typer.Context) -> None:
    option = command.get_help_option(ctx)
    if option is not None:
        option.help = say("usage.show_help")
