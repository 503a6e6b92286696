"""The page with the real embedded language model."""

import threading

import pytest
from servers.browsing import ask, ready, reload, settled, show_tab, tab
from servers.page import Served

from bot.texts import say

pytestmark = [pytest.mark.browser, pytest.mark.real, pytest.mark.llm]

WATCH_THE_CHAT = """() => {
    window.told = [];
    new MutationObserver(() => window.told.push(document.querySelector('#quiz-chat')?.textContent ?? ''))
        .observe(document.body, { childList: true, subtree: true, characterData: true });
}"""


@pytest.fixture(scope="module")
def served_with_model(make_kaodian, llm_server):
    """The product as it ships, over the one child of all tests."""
    with Served(make_kaodian(llm_server, llm="embedded")) as running:
        yield running


def test_an_answer_is_worded_by_the_model_and_every_sentence_is_cited(served_with_model, open_page):
    page = open_page(served_with_model.url)
    ready(page)
    answer = ask(page, "BN 在训练和测试时有什么区别？")
    assert "[1]" in answer.inner_text()
    (conversation,) = served_with_model.kaodian.store.conversations.conversations()
    explanation = conversation.turns[0].explanation
    assert explanation.outcome in ("answered", "passages")
    assert all(sentence.citations or not sentence.text.strip("：:") for sentence in explanation.sentences)


def test_stop_frees_the_model_and_the_page(served_with_model, llm_server, open_page):
    page = open_page(served_with_model.url)
    ready(page)
    page.locator("#new-conversation").click()
    page.fill("#query textarea", "L1 和 L2 正则化有什么区别？请非常详细地说明。")
    page.locator("#send").click()
    page.locator("#stop").click()
    page.wait_for_selector("#send:visible")
    freed = threading.Event()

    def call():
        from bot.seams import Message

        llm_server.reply([Message(role="user", content="1+1=?")], max_tokens=2)
        freed.set()

    threading.Thread(target=call, daemon=True).start()
    assert freed.wait(60)
    answer = ask(page, "Dropout 为什么能防止过拟合？")
    assert "[1]" in answer.inner_text()
    reload(page)
    page.wait_for_function(
        "words => document.querySelector('#chat')?.innerText.includes(words)",
        arg=say("explaining.stopped", lang="zh"),
    )


def test_an_answer_is_judged_by_the_model_while_another_tab_still_responds(served_with_model, open_page):
    store = served_with_model.kaodian.store
    page = open_page(served_with_model.url)
    ready(page)
    tab(page, "quiz")
    page.fill("#topic input, #topic textarea", "BN")
    page.fill("#length input[type=number]", "1")
    page.locator("#start-quiz").click()
    page.wait_for_selector("#submit:visible")
    settled(page)
    page.evaluate(WATCH_THE_CHAT)
    page.fill(
        "#answer textarea",
        "训练时用小批量的均值和方差，测试时用累积的全局统计量；输入分布稳定，学习率可以更大。",
    )
    page.locator("#submit").click()
    words = say("page.grading", lang="zh").strip("*…")
    page.wait_for_function("words => window.told.join().includes(words)", arg=words)
    show_tab(page, "notes")
    page.locator("#look").click()
    page.wait_for_function("() => document.querySelector('#outline').innerText.trim() !== ''")
    assert store.grades.grades() == [], "the notes were looked at before the grade was there"
    show_tab(page, "quiz")
    page.wait_for_selector("#next:visible")
    (grade,) = store.grades.grades()
    assert grade.path.startswith("embedded")
    assert grade.error is None
    assert len(grade.verdicts) == len(grade.key_points) > 0
    assert page.locator("#quiz-chat table tbody tr").count() >= len(grade.verdicts)
    total = len(grade.verdicts)
    counts = [say("page.grading_so_far", lang="zh", done=n, total=total).strip("*") for n in (1, 2, 3)]
    told = page.evaluate("() => window.told.join()")
    assert any(count in told for count in counts), "the verdicts came one by one"
