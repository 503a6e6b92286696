"""Reports that the evals left in the data directory, and how one of them is shown on the page.

The folder is the user's own, yet anybody's file may have come into it: only plain files in it are read, none
above a size, and a browser gives what they hold no script, no form, no request and no way to the page.
"""

import os
import stat
from datetime import UTC, datetime
from pathlib import Path

from pydantic import BaseModel, ValidationError

from bot.domain.errors import BadInput, NotFound
from bot.domain.spans import Frozen
from bot.page.markup import one_line, plain_text
from bot.texts import say

MOST_BYTES = 4_000_000
MOST_REPORTS = 200
MOST_RECORD_BYTES = 2_000_000
SUFFIX = ".html"
RECORD_SUFFIX = ".run.json"
HEADLINES = {"qwk": "QWK", "recall@3": "recall@3", "balanced_accuracy": "balanced accuracy", "holds": "holds"}
"""Of each kind of run the figure that the list shows, and how it is written."""
POLICY = "default-src 'none'; style-src 'unsafe-inline'"
"""What a browser may do for a report, whatever the report itself allows."""


class _Source(BaseModel):
    name: str


class _Figure(BaseModel):
    value: float | None = None


class _Metrics(BaseModel):
    figures: dict[str, _Figure]


class _Record(BaseModel):
    """What the list shows of the record that a run leaves beside its report."""

    set: _Source
    settings: dict[str, object]
    metrics: _Metrics | None = None

    @property
    def told(self) -> list[str]:
        """Set, language model, and the figure that counts most."""
        figures = self.metrics.figures if self.metrics else {}
        found = ((words, figures[name].value) for name, words in HEADLINES.items() if name in figures)
        headline = [f"{words} {value:.2f}" for words, value in found if value is not None]
        model = self.settings.get("llm")
        return [self.set.name.removesuffix(".jsonl"), *([str(model)] if model else []), *headline[:1]]


class ReportFile(Frozen):
    """A report in the folder."""

    name: str
    changed_at: datetime
    told: tuple[str, ...] = ()
    """Of its run: set, language model, the figure that counts most; empty where no record tells."""

    @property
    def label(self) -> str:
        """Name, what its run was and gave, and time, on one line without markup."""
        when = self.changed_at.astimezone().strftime("%m-%d %H:%M")
        name = self.name.removesuffix(SUFFIX)
        told = [part for part in self.told if part not in name]
        return " · ".join([*map(one_line, [name, *told]), when])


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
    return ReportFile(name=entry.name, changed_at=changed, told=_told(Path(entry.path)))


def _told(report: Path) -> tuple[str, ...]:
    """What the record beside a report says of its run; a report on several runs has none."""
    try:
        data = _read(report.with_suffix(RECORD_SUFFIX), MOST_RECORD_BYTES)
        return tuple(_Record.model_validate_json(data).told)
    except (OSError, ValidationError):
        return ()


def _read(path: Path, most: int = MOST_BYTES) -> bytes:
    """At most one byte more than `most`; a link that took the file's place is not followed."""
    descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0))
    with os.fdopen(descriptor, "rb") as file:
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            raise OSError(path)
        return file.read(most + 1)


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
