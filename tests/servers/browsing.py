"""What a learner does on the page."""

from weakref import WeakKeyDictionary

from bot.texts import say

STREAM = "/gradio_api/queue/data"
STEP_MS = 50
QUIET_STEPS = 6
MOST_STEPS = 60

_streams = WeakKeyDictionary()
"""The answers of the server that each page is still receiving."""


def watch(page):
    """Follow what the page receives, so that `settled` can tell when that is all."""
    open_streams = _streams[page] = set()
    page.on("request", lambda request: STREAM in request.url and open_streams.add(request))
    page.on("requestfinished", lambda request: open_streams.discard(request))
    page.on("requestfailed", lambda request: open_streams.discard(request))


def settled(page):
    """Wait until no event of the page is under way: Gradio drops a click on a button that is still busy.

    At most three seconds: the browser does not tell of the end of every stream.
    """
    quiet = 0
    for _ in range(MOST_STEPS):
        page.wait_for_timeout(STEP_MS)
        quiet = 0 if _streams[page] else quiet + 1
        if quiet == QUIET_STEPS:
            return


def show_tab(page, name, lang="zh"):
    """Open a tab, whatever else goes on."""
    page.get_by_role("tab", name=say(f"page.tab_{name}", lang=lang)).click()


def tab(page, name, lang="zh"):
    """Open a tab and wait until it is filled."""
    show_tab(page, name, lang)
    settled(page)


def ready(page):
    """Wait until the page is filled and the notes are indexed."""
    page.wait_for_selector(".status.ready")
    settled(page)


def reload(page):
    """Load the page again once no event is under way: one that is cut off is an error of the page's."""
    settled(page)
    page.reload()


def ask(page, query):
    """Ask and wait for the whole answer."""
    page.fill("#query textarea", query)
    page.press("#query textarea", "Enter")
    page.wait_for_selector("#send:visible")
    page.wait_for_function(
        "words => { const rows = [...document.querySelectorAll('#chat .message-row')];"
        " return rows.length > 1 && rows.at(-2).innerText.includes(words)"
        " && !rows.at(-1).innerText.includes('……') }",
        arg=query,
    )
    page.wait_for_selector("#send:visible")
    settled(page)
    return page.locator("#chat .bot-row").last
