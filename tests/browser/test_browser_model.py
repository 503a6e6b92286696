"""The page with the real embedded language model."""

import threading

import pytest
from servers.browsing import ask, ready
from servers.page import Served

from bot.texts import say

pytestmark = [pytest.mark.browser, pytest.mark.real, pytest.mark.llm]


@pytest.fixture(scope="module")
def served_with_model(make_kaodian, llm_server):
    from bot.app import Kaodian

    class WithModel(Kaodian):
        def language_model(self):
            return llm_server

        def model_is_here(self):
            return True

    with Served(make_kaodian(WithModel)) as running:
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
    page.reload()
    page.wait_for_function(
        "words => document.querySelector('#chat')?.innerText.includes(words)",
        arg=say("explaining.stopped", lang="zh"),
    )
