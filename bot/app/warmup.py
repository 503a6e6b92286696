"""What a start does in the background while the page is already up."""

import logging
import threading
from collections.abc import Callable

from bot.app.loading import LoadingBoard, Stage
from bot.domain.errors import KaodianError
from bot.seams import Progress

log = logging.getLogger(__name__)

Work = Callable[[Progress], None]


class WarmUp:
    """Runs the stages one after another in one thread and writes them on the board.

    Args:
        board: Where the page reads.
        stages: Work of each stage, in order; None for a stage that the settings leave out.
    """

    def __init__(self, board: LoadingBoard, stages: dict[Stage, Work | None]) -> None:
        self._board = board
        self._stages = stages
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        """Begin, or begin again after a failure; does nothing while it runs."""
        if self._thread is None or not self._thread.is_alive():
            self._thread = threading.Thread(target=self.run, name="kaodian-warm-up", daemon=True)
            self._thread.start()

    def again(self, stage: Stage) -> None:
        """Run one stage once more, in a thread of its own; nothing where the settings leave it out."""
        work = self._stages.get(stage)
        if work is not None:
            self._board.set(stage, "running")
            name = f"kaodian-{stage}"
            threading.Thread(target=self._done, args=(stage, work), name=name, daemon=True).start()

    def wait(self, seconds: float) -> bool:
        """Wait until the stages are through; False when they are not after `seconds`."""
        if self._thread is None:
            return True
        self._thread.join(seconds)
        return not self._thread.is_alive()

    def run(self) -> None:
        """Run every stage; notes need the encoder, the language model needs neither."""
        failed: set[Stage] = set()
        for stage, work in self._stages.items():
            if stage is Stage.NOTES and Stage.ENCODER in failed:
                self._board.set(stage, "failed", self._board.stage(Stage.ENCODER).message)
            elif work is None:
                self._board.set(stage, "off")
            elif not self._done(stage, work):
                failed.add(stage)

    def _done(self, stage: Stage, work: Work) -> bool:
        self._board.set(stage, "running")
        try:
            work(self._board.watch(stage))
        except KaodianError as error:
            self._board.set(stage, "failed", str(error))
            return False
        except Exception as error:  # a thread that dies in silence would leave the page waiting for ever
            log.exception("warm-up stage %s failed", stage)
            self._board.set(stage, "failed", f"{type(error).__name__}: {error}")
            return False
        self._board.set(stage, "done")
        return True
