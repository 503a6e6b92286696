"""Long work with stored state, done one piece at a time."""

from bot.jobs.estimate import is_telling, seconds_left, time_left
from bot.jobs.roles import Handler, Report, ShouldStop
from bot.jobs.runner import WAITED_FOR, JobRunner

__all__ = [
    "WAITED_FOR",
    "Handler",
    "JobRunner",
    "Report",
    "ShouldStop",
    "is_telling",
    "seconds_left",
    "time_left",
]
