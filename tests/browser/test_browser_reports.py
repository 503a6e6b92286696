"""The tab of the evals in a real browser: a report is shown, and none can do harm."""

import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.request import urlopen

import pytest
from servers.browsing import ready, tab, watch

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


EVIL = """<script>parent.hacked = 1; fetch('{evil}')</script>
<img src="{evil}x.png" onerror="parent.hacked = 2"><meta http-equiv="refresh" content="0;url={evil}">
<form action="{evil}"><button id="go">x</button></form><h1>shown</h1>"""


class Overhearing:
    """A server elsewhere that a page must never reach."""

    def __init__(self):
        heard = self.heard = []

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self):
                heard.append(self.path)
                self.send_response(204)
                self.end_headers()

            def do_POST(self):
                self.do_GET()

            def log_message(self, *_):
                """Say nothing."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_port}/"

    def __enter__(self):
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_):
        self._server.shutdown()
        self._server.server_close()


@pytest.fixture
def elsewhere():
    with Overhearing() as server:
        yield server


def test_a_strange_file_in_the_folder_can_do_nothing(served, chromium, elsewhere):
    """A browser may tell of a request that its policy then stops: what counts is what arrives."""
    with urlopen(elsewhere.url + "heard") as reply:
        assert reply.status == 204
    folder = served.kaodian.settings.runs
    folder.mkdir(exist_ok=True)
    evil = folder / "evil.html"
    evil.write_text(EVIL.format(evil=elsewhere.url), "utf-8")
    context = chromium.new_context()
    page = context.new_page()
    page.set_default_timeout(120_000)
    watch(page)
    page.goto(served.url)
    ready(page)
    tab(page, "evals")
    evil.unlink()
    frame = page.frame_locator("#report-shown iframe")
    assert frame.locator("h1").inner_text() == "shown"
    frame.locator("#go").click()
    page.wait_for_timeout(500)
    assert page.evaluate("window.hacked") is None
    assert frame.locator("h1").inner_text() == "shown"
    assert elsewhere.heard == ["/heard"]
    context.close()


def test_without_reports_it_says_how_they_come(served, open_page):
    page = open_page(f"{served.url}/en/")
    ready(page)
    tab(page, "evals", "en")
    page.wait_for_selector("#report-shown .empty")
    assert "kaodian eval" in page.locator("#report-shown").inner_text()
