"""The tab of the evals in a real browser: a report is shown, and none can do harm."""

import pytest
from servers.browsing import ready, tab

pytestmark = [pytest.mark.browser, pytest.mark.real]

REPORT = """<!doctype html><html><head><title>t</title><style>p { color: rgb(1, 2, 3) }</style></head><body>
<h1>第一次评测</h1><p>数字</p><svg viewBox="0 0 10 10"><circle cx="5" cy="5" r="3"/></svg>
</body></html>"""


def test_a_report_is_listed_and_shown(served, open_page):
    folder = served.kaodian.settings.runs
    folder.mkdir(exist_ok=True)
    (folder / "first.html").write_text(REPORT, "utf-8")
    page = open_page(served.url)
    ready(page)
    tab(page, "evals")
    frame = page.frame_locator("#report-shown iframe")
    assert frame.locator("h1").inner_text() == "第一次评测"
    assert frame.locator("p").evaluate("e => getComputedStyle(e).color") == "rgb(1, 2, 3)"
    assert "first" in page.locator("#reports").inner_text()
    (folder / "first.html").unlink()


EVIL = """<script>parent.hacked = 1; fetch('http://evil.example/')</script>
<img src="http://evil.example/x.png" onerror="parent.hacked = 2"><meta http-equiv="refresh" content="0;url=http://evil.example/">
<form action="http://evil.example/"><button id="go">x</button></form><h1>shown</h1>"""


def test_a_strange_file_in_the_folder_can_do_nothing(served, chromium):
    folder = served.kaodian.settings.runs
    folder.mkdir(exist_ok=True)
    (folder / "evil.html").write_text(EVIL, "utf-8")
    context = chromium.new_context()
    page = context.new_page()
    page.set_default_timeout(120_000)
    requests = []
    page.on("request", lambda request: requests.append(request.url))
    page.goto(served.url)
    ready(page)
    tab(page, "evals")
    frame = page.frame_locator("#report-shown iframe")
    assert frame.locator("h1").inner_text() == "shown"
    frame.locator("#go").click()
    page.wait_for_timeout(500)
    assert page.evaluate("window.hacked") is None
    assert frame.locator("h1").inner_text() == "shown"
    assert not [url for url in requests if "evil.example" in url]
    context.close()
    (folder / "evil.html").unlink()


def test_without_reports_it_says_how_they_come(served, open_page):
    page = open_page(f"{served.url}/en/")
    ready(page)
    tab(page, "evals", "en")
    page.wait_for_selector("#report-shown .empty")
    assert "kaodian eval" in page.locator("#report-shown").inner_text()
