"""The command line: results on stdout, progress and messages on stderr."""

import sys
from collections.abc import Sequence


def main(arguments: Sequence[str] | None = None) -> None:
    """Run `kaodian` and leave with its exit code: 0 done, 1 failed, 2 wrong use."""
    from bot.cli.commands import build
    from bot.cli.console import Console, own_errors
    from bot.settings import load_settings
    from bot.texts import set_default_language

    console = Console()
    with own_errors(console):
        settings = load_settings()
        set_default_language(settings.lang)
        sys.exit(build(settings, console)(sys.argv[1:] if arguments is None else arguments))
