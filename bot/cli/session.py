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
    def opened(self) -> Generator["Kaodian"]:
        """The product as it stands, so that wrong input is told before anything is fetched or indexed."""
        quiet_libraries()
        kaodian = self._opening(self.settings)
        try:
            yield kaodian
        finally:
            kaodian.close()

    def make_ready(self, kaodian: "Kaodian", *, with_model: bool = False, with_sample: bool = True) -> None:
        """Fetch models and index notes, with progress on stderr.

        Args:
            kaodian: What was opened.
            with_model: Fetch the embedded language model too, where the settings use it.
            with_sample: Bring in the sample notes first.

        Raises:
            SettingWrong: The settings name no language model that is there.
            ModelUnavailable: A model cannot be had.
        """
        if with_model:
            kaodian.language_model()
        with self.console.progress(Unit.BYTES) as progress:
            kaodian.fetch_encoder(progress)
        if with_sample:
            with self.console.progress() as progress:
                kaodian.index_notes(progress)
        if with_model:
            self._fetch_model(kaodian)

    def make_ready_at_best(self, kaodian: "Kaodian", *, to_judge: bool = False) -> None:
        """The same with the language model if it can be had, else without it, which is told in a line.

        Args:
            kaodian: What was opened.
            to_judge: The model is wanted as a judge only, so not where the settings name another judge; what
                the examiner reads answers with is fetched too.

        Raises:
            SettingWrong: The settings name no language model that is there.
            ModelUnavailable: An encoder cannot be had.
        """
        is_wanted = not to_judge or self.settings.judge == "auto"
        if is_wanted:
            kaodian.language_model()
        self.make_ready(kaodian)
        if to_judge:
            with self.console.progress(Unit.BYTES) as progress:
                kaodian.fetch_reader(progress)
        if is_wanted:
            try:
                self._fetch_model(kaodian)
            except (ModelUnavailable, StorageFull) as error:
                key = "cli.judged_without_model" if to_judge else "cli.without_model"
                self.console.note(say(key, why=" ".join(str(error).split())))

    def _fetch_model(self, kaodian: "Kaodian") -> None:
        with self.console.progress(Unit.BYTES) as progress:
            kaodian.fetch_model(progress)
