import json
import os
from html import unescape

import pytest

from bot.domain.errors import BadInput, NotFound
from bot.page.reports import MOST_BYTES, MOST_RECORD_BYTES, ReportShelf, empty_html, frame_html
from bot.page.reports_tab import ReportEvents


@pytest.fixture
def shelf(tmp_path):
    folder = tmp_path / "runs"
    folder.mkdir()
    for age, name in enumerate(["new.html", "old.html"]):
        (folder / name).write_text(f"<p>{name}</p>", "utf-8")
        os.utime(folder / name, (1_000_000 - age, 1_000_000 - age))
    return ReportShelf(folder)


def test_reports_are_listed_newest_first_and_nothing_else(shelf):
    (shelf.folder / "new.jsonl").write_text("{}")
    (shelf.folder / ".hidden.html").write_text("x")
    (shelf.folder / "folder.html").mkdir()
    assert [report.name for report in shelf.reports()] == ["new.html", "old.html"]
    assert shelf.read("old.html") == "<p>old.html</p>"


def test_a_missing_folder_holds_no_reports(tmp_path):
    assert ReportShelf(tmp_path / "none").reports() == []
    assert str(tmp_path / "none") in empty_html(tmp_path / "none")


@pytest.mark.parametrize("name", ["../secret.html", "/etc/passwd", "", "link.html", "none.html", None])
def test_only_files_of_the_folder_are_read(shelf, name):
    secret = shelf.folder.parent / "secret.html"
    secret.write_text("secret", "utf-8")
    (shelf.folder / "link.html").symlink_to(secret)
    with pytest.raises(NotFound):
        shelf.read(name)


def test_a_report_of_any_size_does_not_fill_the_page(shelf):
    (shelf.folder / "new.html").write_bytes(b"x" * (MOST_BYTES + 1))
    with pytest.raises(BadInput, match=r"new\.html"):
        shelf.read("new.html")


def test_a_name_is_shown_as_text(shelf):
    (shelf.folder / "<img src=x>.html").write_text("x", "utf-8")
    assert all("<" not in report.label for report in shelf.reports())


def record_of(**figures):
    found = {name: {"value": value, "low": None, "high": None} for name, value in figures.items()}
    return {
        "kind": "grade",
        "set": {"name": "my_set.jsonl", "sha256": "x", "size": 3},
        "settings": {"llm": "embedded", "embedding": "embedded"},
        "metrics": {"figures": found},
    }


def test_the_list_says_what_each_run_was_and_gave(shelf):
    (shelf.folder / "new.run.json").write_text(json.dumps(record_of(failure_rate=0.0, qwk=0.696)), "utf-8")
    new, old = (report.label for report in shelf.reports())
    assert new.startswith("new · my_set · embedded · QWK 0.70 · ")
    assert old.count(" · ") == 1


@pytest.mark.parametrize(
    "record",
    [b"not json", b"{}", b"\xff", b'{"set": {"name": 1}}', b"[" * 100_000, b" " * (MOST_RECORD_BYTES + 1)],
)
def test_a_record_that_cannot_be_read_leaves_name_and_time(shelf, record):
    (shelf.folder / "new.run.json").write_bytes(record)
    assert shelf.reports()[0].label.count(" · ") == 1


def test_a_record_is_text_like_any_other(shelf):
    record = record_of() | {"set": {"name": "<b>*bold*</b>\nand more"}}
    (shelf.folder / "new.run.json").write_text(json.dumps(record), "utf-8")
    label = shelf.reports()[0].label
    assert not set(label) & set("<>*\n")


def test_a_report_cannot_leave_its_frame():
    frame = frame_html('<p>"a" & <b>b</b></p></iframe><script>alert(1)</script>', '" onload="x')
    assert frame.startswith('<iframe class="report-frame" sandbox="" ')
    assert frame.count("<") == 2
    inside = unescape(frame.split('srcdoc="')[1].split('"')[0])
    assert inside.startswith('<meta http-equiv="Content-Security-Policy" content="default-src \'none\'')
    assert inside.endswith('<p>"a" & <b>b</b></p></iframe><script>alert(1)</script>')
    assert 'onload="' not in frame


def test_the_newest_is_open_at_first_and_the_chosen_one_stays(shelf):
    events = ReportEvents(shelf)
    choices, shown = events.show(None)
    assert choices["value"] == "new.html"
    assert "new.html" in shown
    assert events.show("old.html")[0]["value"] == "old.html"
    assert "old.html" in events.open("old.html")
    for report in shelf.reports():
        (shelf.folder / report.name).unlink()
    assert events.show("old.html")[0]["value"] is None
