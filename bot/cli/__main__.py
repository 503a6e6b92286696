"""`python -m bot.cli` is `kaodian`."""

from bot.cli import main

main()
