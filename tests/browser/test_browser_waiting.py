"""Waiting for a model in one tab holds up no other."""

import threading

import pytest
from fakes.llm import ScriptedModel
from fakes.product import NORM, product
from servers.browsing import show_tab
from servers.page import Served

from bot.domain.jobs import JobState
from bot.texts import say

pytestmark = pytest.mark.browser

ANSWER = "训练时用当前小批量的均值和方差归一化。"


class HeldModel(ScriptedModel):
    """Says nothing until it is let go."""

    def __init__(self):
        self.asked, self.let_go = threading.Event(), threading.Event()
        super().__init__(self._held, name="held:model")

    def _held(self, _):
        self.asked.set()
        assert self.let_go.wait(240)
        return ANSWER


@pytest.fixture
def held():
    model = HeldModel()
    yield model
    model.let_go.set()


def test_other_tabs_respond_while_an_answer_waits_for_the_model(tmp_path, held, open_page):
    with Served(product(tmp_path, ("bn.md", NORM), model=held), warm=False) as served:
        page = open_page(served.url)
        page.fill("#query textarea", "BN 在训练和测试时有什么区别？")
        page.press("#query textarea", "Enter")
        assert held.asked.wait(120)
        show_tab(page, "notes")
        page.locator("#look").click()
        page.wait_for_function("() => document.querySelector('#outline').innerText.includes('滑动平均')")
        show_tab(page, "quiz")
        page.locator("#start-quiz").click()
        page.wait_for_selector("#submit:visible")
        assert not held.let_go.is_set()
        show_tab(page, "ask")
        assert page.locator("#stop").is_visible()
        held.let_go.set()
        page.wait_for_selector("#send:visible")
        assert ANSWER in page.locator("#chat .bot-row").last.inner_text()
        page.close()  # it looks at what is made ahead every second, and would find the server gone


def test_what_is_made_ahead_is_seen_and_paused_and_goes_with_its_quiz(tmp_path, held, open_page):
    kaodian = product(tmp_path, ("bn.md", NORM), model=held)
    with Served(kaodian, warm=False) as served:
        page = open_page(served.url)
        show_tab(page, "quiz")
        page.locator("#start-quiz").click()
        page.wait_for_selector("#jobs-text .job:visible")
        ahead = say("jobs.ahead", scope=say("jobs.everything", lang="zh"), lang="zh")
        assert ahead in page.locator("#jobs-text").inner_text()
        assert not page.locator("#job").is_visible(), "there is only one"
        page.locator("#pause-job").click()
        page.wait_for_function(
            "words => document.querySelector('#jobs-text').innerText.includes(words)",
            arg=say("page.job_paused", lang="zh"),
        )
        (job,) = kaodian.making.open()
        assert job.state is JobState.PAUSED
        page.locator("#stop-quiz").click()
        page.wait_for_selector("#jobs", state="hidden")
        assert kaodian.store.jobs.job(job.id).state is JobState.CANCELLED
