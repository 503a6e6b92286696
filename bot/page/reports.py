"""Reports that the evals left in the data directory, and how one of them is shown on the page.

The folder is the user's own, yet anybody's file may have come into it: only plain files in it are read, none
above a size, and a browser gives what they hold no script, no form, no request and no way to the page.
"""

import os
import stat
from datetime import UTC, datetime
from pathlib import Path

from bot.domain.errors import BadInput, NotFound
from bot.domain.spans import Frozen
from bot.page.markup import one_line, plain_text
from bot.texts import say

MOST_BYTES = 4_000_000
MOST_REPORTS = 200
SUFFIX = ".html"
POLICY = "default-src 'none'; style-src 'unsafe-inline'"
"""What a browser may do for a report, whatever the report itself allows."""


class ReportFile(Frozen):
    """A report in the folder."""

    name: str
    changed_at: datetime

    @property
    def label(self) -> str:
        """Name and time, on one line without markup."""
        when = self.changed_at.astimezone().strftime("%m-%d %H:%M")
        return f"{one_line(self.name.removesuffix(SUFFIX))} · {when}"


class ReportShelf:
    """The reports in one folder.

    Args:
        folder: Need not be there.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def reports(self) -> list[ReportFile]:
        """Reports, the newest first; no links, nothing below the folder, no hidden files."""
        try:
            with os.scandir(self.folder) as entries:
                found = [_report(entry) for entry in entries if _is_report(entry)]
        except OSError:
            return []
        return sorted(found, key=lambda report: report.changed_at, reverse=True)[:MOST_REPORTS]

    def read(self, name: str) -> str:
        """The text of a report.

        Raises:
            NotFound: The folder holds no such report.
            BadInput: It is too large to be shown.
        """
        if name not in {report.name for report in self.reports()}:
            raise NotFound("page.report_gone")
        try:
            data = _read(self.folder / name)
        except OSError as error:
            raise NotFound("page.report_gone") from error
        if len(data) > MOST_BYTES:
            raise BadInput("page.report_too_large", file=name, mb=MOST_BYTES // 1_000_000)
        return data.decode("utf-8", "replace")


def _is_report(entry: "os.DirEntry[str]") -> bool:
    visible = entry.name.endswith(SUFFIX) and not entry.name.startswith(".")
    return visible and entry.is_file(follow_symlinks=False)


def _report(entry: "os.DirEntry[str]") -> ReportFile:
    changed = datetime.fromtimestamp(entry.stat(follow_symlinks=False).st_mtime, UTC)
    return ReportFile(name=entry.name, changed_at=changed)


def _read(path: Path) -> bytes:
    """At most one byte more than may be shown; a link that took the file's place is not followed."""
    descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0))
    with os.fdopen(descriptor, "rb") as file:
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            raise OSError(path)
        return file.read(MOST_BYTES + 1)


def frame_html(report: str, title: str) -> str:
    """A frame that shows `report` and lets it do nothing."""
    policy = f'<meta http-equiv="Content-Security-Policy" content="{POLICY}">'
    return (
        f'<iframe class="report-frame" sandbox="" referrerpolicy="no-referrer" title="{plain_text(title)}" '
        f'srcdoc="{plain_text(policy + report)}"></iframe>'
    )


def empty_html(folder: Path) -> str:
    """How reports come here."""
    return f'<div class="empty">{plain_text(say("page.no_reports", folder=folder))}</div>'
