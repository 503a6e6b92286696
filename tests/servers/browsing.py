"""What a learner does on the page."""

from bot.texts import say


def tab(page, name, lang="zh"):
    page.get_by_role("tab", name=say(f"page.tab_{name}", lang=lang)).click()


def ready(page):
    page.wait_for_selector(".status.ready")


def ask(page, query):
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
    return page.locator("#chat .bot-row").last
