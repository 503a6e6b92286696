"""A learner's way through the page, without a language model."""

import re

import pytest
from servers.browsing import ask, ready, reload, settled, tab

from bot.texts import say

pytestmark = [pytest.mark.browser, pytest.mark.real]


def test_ask_follow_up_be_refused_and_open_a_citation(served, open_page):
    page = open_page(served.url)
    ready(page)
    answer = ask(page, "BN 在训练和测试时有什么区别？")
    assert "滑动平均" in answer.inner_text()
    title = answer.locator(".thought-group .title").first
    assert "norm.md › 批归一化" in title.inner_text()
    before = answer.inner_text()
    title.click()
    page.wait_for_function(
        "() => [...document.querySelectorAll('#chat .bot-row')].at(-1).innerText.includes('所在段落')"
    )
    assert "所在段落" not in before
    marked = answer.locator("mark").first
    assert marked.is_visible()
    assert marked.inner_text().startswith("训练时用当前小批量")
    follow_up = ask(page, "那它为什么能加快收敛？")
    assert "学习率" in follow_up.inner_text()
    assert follow_up.locator(".katex").count() > 0
    refusal = ask(page, "怎样做红烧肉才不腻？")
    assert say("page.refused", lang="zh") in refusal.inner_text()
    assert refusal.locator(".thought-group").count() > 0

    reload(page)
    page.wait_for_function("() => document.querySelectorAll('#chat .user-row').length === 3")
    page.locator("#new-conversation").click()
    page.wait_for_function("() => document.querySelectorAll('#chat .user-row').length === 0")
    page.locator("#conversations label").first.click()
    page.wait_for_function("() => document.querySelectorAll('#chat .user-row').length === 3")


def wait_until(page, condition):
    """Let the browser go on until something here has happened."""
    for _ in range(600):
        if condition():
            return
        page.wait_for_timeout(100)
    raise AssertionError("it did not happen within a minute")


def test_a_conversation_is_renamed_exported_and_deleted(served, open_page):
    page = open_page(served.url)
    ready(page)
    page.locator("#new-conversation").click()
    ask(page, "L1 和 L2 正则化有什么区别？")
    page.locator("#manage button").first.click()
    page.fill("#title input, #title textarea", "正则化复习")
    page.locator("#rename").click()
    page.wait_for_function("() => document.querySelector('#conversations').innerText.includes('正则化复习')")
    with page.expect_download() as download:
        page.locator("#export").click()
    assert download.value.suggested_filename == "正则化复习.md"
    text = download.value.path().read_text("utf-8")
    assert "## L1 和 L2 正则化有什么区别？" in text
    answers = [False, True]
    page.on("dialog", lambda dialog: dialog.accept() if answers.pop(0) else dialog.dismiss())
    page.locator("#delete-conversation").click()
    wait_until(page, lambda: len(answers) == 1)
    settled(page)
    assert "正则化复习" in page.locator("#conversations").inner_text()
    page.locator("#delete-conversation").click()
    page.wait_for_function("() => !document.querySelector('#conversations').innerText.includes('正则化复习')")


def test_an_attack_in_a_note_is_shown_as_text(served, open_page):
    page = open_page(served.url)
    ready(page)
    page.locator("#new-conversation").click()
    answer = ask(page, "Dropout 为什么能防止过拟合？<img src=x onerror='window.hacked=2'>")
    answer.locator(".thought-group .title").first.click()
    page.wait_for_function("() => document.querySelector('#chat').innerText.includes('evil.example')")
    assert page.evaluate("window.hacked") is None
    assert page.locator("#chat .message img").count() == 0


def test_a_quiz_of_three_questions_survives_a_reload(served, open_page):
    page = open_page(served.url)
    ready(page)
    tab(page, "quiz")
    page.fill("#length input[type=number]", "3")
    page.locator("#start-quiz").click()
    page.wait_for_selector("#submit:visible")
    settled(page)
    page.locator("#hint").click()
    page.wait_for_function("() => document.querySelector('#quiz-chat').innerText.includes('提示')")
    page.fill("#answer textarea", "训练用小批量的统计量，测试用全局的；学习率可以更大；随机置零；稀疏解。")
    page.locator("#submit").dblclick()
    page.wait_for_selector("#next:visible")
    assert re.search(r"得分 \d+", page.locator("#quiz-chat").inner_text())
    assert page.locator("#quiz-chat table").count() == 1
    assert len(served.kaodian.store.grades.grades()) == 1

    page.locator("#next").click()
    page.wait_for_selector("#submit:visible")
    reload(page)
    ready(page)
    tab(page, "quiz")
    page.wait_for_selector("#give-up:visible")
    assert "第 2 题" in page.locator("#quiz-chat").inner_text()
    page.locator("#give-up").click()
    page.wait_for_selector("#next:visible")
    settled(page)
    page.locator("#next").click()
    page.wait_for_selector("#skip:visible")
    page.wait_for_function("() => document.querySelector('#quiz-chat').innerText.includes('第 3 题')")
    page.locator("#skip").click()
    page.wait_for_selector("#next:visible")
    settled(page)
    page.locator("#next").click()
    page.wait_for_selector("#another-quiz:visible")
    page.wait_for_function("() => document.querySelector('#quiz-chat').innerText.includes('测验结束')")
    (quiz,) = served.kaodian.store.quizzes.quizzes()
    assert quiz.finished
    assert [turn.state for turn in quiz.turns] == ["graded", "graded", "skipped"]


def test_what_is_typed_survives_a_reload_and_an_interview_reveals_at_its_end(served, open_page):
    page = open_page(served.url)
    ready(page)
    tab(page, "quiz")
    page.locator("#mode").get_by_label(say("page.mode_interview", lang="zh")).check()
    page.fill("#length input[type=number]", "1")
    page.locator("#start-quiz").click()
    page.wait_for_selector("#submit:visible")
    settled(page)
    assert not page.locator("#hint").is_visible()
    assert not page.locator("#questions-panel").is_visible()
    typed = "学习率可以更大，训练更快"
    page.locator("#answer textarea").press_sequentially(typed)
    quizzes = served.kaodian.store.quizzes
    wait_until(page, lambda: quizzes.draft(quizzes.quizzes()[0].id, 1) == typed)
    reload(page)
    ready(page)
    tab(page, "quiz")
    page.wait_for_selector("#submit:visible")
    assert page.locator("#answer textarea").input_value() == typed
    page.locator("#submit").click()
    page.wait_for_selector("#next:visible")
    assert say("page.revealed_later", lang="zh") in page.locator("#quiz-chat").inner_text()
    assert page.locator("#quiz-chat .thought-group").count() == 0
    page.locator("#next").click()
    page.wait_for_selector("#another-quiz:visible")
    page.wait_for_function("() => document.querySelectorAll('#quiz-chat .thought-group').length === 1")
    page.wait_for_function(
        "words => !document.querySelector('#quiz-chat').innerText.includes(words)",
        arg=say("page.revealed_later", lang="zh"),
    )


def test_a_question_is_looked_at_and_corrected(served, open_page):
    page = open_page(f"{served.url}/en/")
    ready(page)
    tab(page, "quiz", "en")
    page.locator("#questions-panel button").first.click()
    page.locator("#show-questions").click()
    page.wait_for_selector("#question-text textarea:visible, #question-text input:visible")
    page.fill("#question-text textarea, #question-text input", "BN 训练与测试有何不同？")
    page.locator("#save-question").click()
    page.wait_for_function("() => document.querySelector('#evidence').innerText.includes('有何不同')")
    texts = [question.text for question in served.kaodian.store.questions.questions()]
    assert "BN 训练与测试有何不同？" in texts


def test_notes_are_pasted_looked_at_and_deleted(served, open_page):
    page = open_page(served.url)
    ready(page)
    tab(page, "notes")
    page.wait_for_selector("#notes-table table")
    page.fill("#paste-title input, #paste-title textarea", "核方法")
    page.fill(
        "#paste-text textarea",
        "# 核方法\n\n## 什么是核技巧？\n\n核技巧不显式升维，只算高维空间的内积。\n\n点赞关注不迷路！",
    )
    page.locator("#paste").click()
    page.wait_for_selector(".report:not(.busy)")
    page.wait_for_function("() => document.querySelector('#notes-table').innerText.includes('paste: 核方法')")
    assert page.locator("#paste-text textarea").input_value() == ""
    page.locator("#note input").click()
    page.get_by_role("option", name="核方法").click()
    page.locator("#look").click()
    page.wait_for_function("() => document.querySelector('#outline').innerText.includes('核技巧不显式升维')")
    page.once("dialog", lambda dialog: dialog.accept())
    page.locator("#delete-note").click()
    page.wait_for_function(
        "() => !document.querySelector('#notes-table').innerText.includes('paste: 核方法')"
    )


def test_the_other_language_is_one_click_away(served, open_page):
    page = open_page(served.url)
    assert page.url.endswith("/zh/")
    link = page.get_by_role("link", name="English").get_attribute("href")
    ready(page)
    page = open_page(served.url + link)  # a click would break off what the first page still loads
    assert page.url.endswith("/en/")
    ready(page)
    assert page.get_by_role("tab", name="Quiz").count() == 1
    assert page.evaluate("document.documentElement.lang") == "en"
    assert not re.search("[\u4e00-\u9fff]", page.locator("#tabs > .tab-wrapper").inner_text())


@pytest.mark.parametrize("name", ["ask", "quiz", "notes", "evals", "settings"])
def test_a_phone_never_scrolls_sideways(served, open_page, name):
    page = open_page(served.url, 390, 844)
    ready(page)
    tab(page, name)
    assert page.evaluate("document.documentElement.scrollWidth") <= 390


def test_settings_are_saved_and_no_key_is_ever_shown(served, open_page):
    page = open_page(served.url)
    ready(page)
    tab(page, "settings")
    page.wait_for_selector("#in-effect table")
    page.fill("#set-key input", "sk-very-secret")
    page.locator("#save-settings").click()
    page.wait_for_function("() => document.querySelector('#set-key input').value === ''")
    file = served.kaodian.settings.config_file
    assert "sk-very-secret" in file.read_text("utf-8")
    assert file.stat().st_mode & 0o077 == 0
    reload(page)
    page.wait_for_selector("#query textarea")
    assert "sk-very-secret" not in page.content()
