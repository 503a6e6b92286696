"""Everything wired together: the one place that knows both the rooms and the outside world."""

from bot.app.asking import AskingDesk
from bot.app.configuring import save_settings, set_by_environment
from bot.app.exporting import as_markdown
from bot.app.kaodian import Kaodian, open_kaodian
from bot.app.loading import Loading, LoadingBoard, Stage
from bot.app.notes import NoteDesk, in_effect
from bot.app.outside import Outside
from bot.app.sample import sample_directory, sample_files
from bot.app.stopping import StopSwitch

__all__ = [
    "AskingDesk",
    "Kaodian",
    "Loading",
    "LoadingBoard",
    "NoteDesk",
    "Outside",
    "Stage",
    "StopSwitch",
    "as_markdown",
    "in_effect",
    "open_kaodian",
    "sample_directory",
    "sample_files",
    "save_settings",
    "set_by_environment",
]
