"""One product object for one command, opened late and closed always."""

from collections.abc import Callable, Generator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from bot.cli.console import Console, quiet_libraries
from bot.cli.progress import Unit
from bot.domain.errors import ModelUnavailable, StorageFull
from bot.settings import Settings
from bot.texts import say

if TYPE_CHECKING:
    from bot.app import Kaodian


def _open(settings: Settings) -> "Kaodian":
    from bot.app import open_kaodian

    return open_kaodian(settings)


class Session:
    """What every command is given.

    Args:
        settings: In effect.
        console: Where it speaks.
        opening: Makes the product.
    """

    def __init__(
        self, settings: Settings, console: Console, opening: Callable[[Settings], "Kaodian"] = _open
    ) -> None:
        self.settings = settings
        self.console = console
        self._opening = opening

    @contextmanager
    def opened(self, *, with_model: bool = False, with_sample: bool = True) -> Generator["Kaodian"]:
        """The product, ready: models fetched and notes indexed, with progress on stderr.

        Args:
            with_model: Fetch the embedded language model too, where the settings use it.
            with_sample: Bring in the sample notes first.

        Raises:
            ModelUnavailable: A model cannot be had.
        """
        quiet_libraries()
        kaodian = self._opening(self.settings)
        try:
            with self.console.progress(Unit.BYTES) as progress:
                kaodian.fetch_encoder(progress)
            if with_sample:
                with self.console.progress() as progress:
                    kaodian.index_notes(progress)
            if with_model:
                self._fetch_model(kaodian)
            yield kaodian
        finally:
            kaodian.close()

    @contextmanager
    def opened_at_best(self, *, to_judge: bool = False) -> Generator["Kaodian"]:
        """The product with the language model if it can be had, else without it, which is told in a line.

        Args:
            to_judge: The model is wanted as a judge only, so not where the settings name another judge.

        Raises:
            ModelUnavailable: The encoder cannot be had.
        """
        with self.opened() as kaodian:
            if not to_judge or self.settings.judge == "auto":
                try:
                    self._fetch_model(kaodian)
                except (ModelUnavailable, StorageFull) as error:
                    key = "cli.judged_without_model" if to_judge else "cli.without_model"
                    self.console.note(say(key, why=" ".join(str(error).split())))
            yield kaodian

    def _fetch_model(self, kaodian: "Kaodian") -> None:
        with self.console.progress(Unit.BYTES) as progress:
            kaodian.fetch_model(progress)
