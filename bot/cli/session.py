"""One product object for one command, opened late and closed always."""

from collections.abc import Generator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from bot.cli.console import Console, quiet_libraries
from bot.settings import Settings

if TYPE_CHECKING:
    from bot.app import Kaodian


class Session:
    """What every command is given.

    Args:
        settings: In effect.
        console: Where it speaks.
    """

    def __init__(self, settings: Settings, console: Console) -> None:
        self.settings = settings
        self.console = console

    @contextmanager
    def opened(self, *, with_model: bool = False, with_sample: bool = True) -> Generator["Kaodian"]:
        """The product, ready: models fetched and notes indexed, with progress on stderr.

        Args:
            with_model: Fetch the embedded language model too, where the settings use it.
            with_sample: Bring in the sample notes first.

        Raises:
            ModelUnavailable: A model cannot be had.
        """
        from bot.app import open_kaodian

        quiet_libraries()
        kaodian = open_kaodian(self.settings)
        try:
            with self.console.progress() as progress:
                kaodian.prepare(progress, with_model=with_model, with_sample=with_sample)
            yield kaodian
        finally:
            kaodian.close()
