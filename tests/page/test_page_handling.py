import contextvars

import gradio as gr
import pytest

from bot.domain.errors import BadInput
from bot.page import handling
from bot.page.handling import plainly, streaming
from bot.texts import current_language, set_default_language


@pytest.fixture
def told(monkeypatch):
    """What the learner was told; Gradio itself needs a running page for it."""
    messages = []
    monkeypatch.setattr(gr, "Warning", lambda text, **_: messages.append(text))
    return messages


def test_a_handler_speaks_the_language_of_its_page():
    set_default_language("zh")
    assert plainly("en", current_language)() == "en"
    assert current_language() == "zh"


def test_our_own_error_is_told_in_words_and_changes_nothing(told):
    def handler():
        raise BadInput("quiz.blank_answer")

    assert plainly("en", handler)() == gr.skip()
    assert told == [
        "The answer is empty. Write one, or choose &quot;I don&#x27;t know&quot; or &quot;skip&quot;."
    ]


def test_a_stranger_s_error_is_told_without_its_text(told):
    def handler():
        raise RuntimeError("key sk-secret in /home/me")

    plainly("zh", handler)()
    assert "RuntimeError" in told[0]
    assert "secret" not in told[0]


def test_names_of_files_in_a_message_are_no_html(told):
    handling.warn("<img src=x>")
    assert told == ["&lt;img src=x&gt;"]


def test_steps_may_run_in_different_contexts():
    def handler():
        yield current_language()
        yield current_language()

    steps = streaming("en", handler)()
    assert [contextvars.Context().run(next, steps) for _ in range(2)] == ["en", "en"]


def test_closing_a_stream_closes_the_work_behind_it():
    closed = []

    def handler():
        try:
            while True:
                yield 1
        finally:
            closed.append(current_language())

    steps = streaming("en", handler)()
    next(steps)
    steps.close()
    assert closed == ["en"]


def test_an_error_in_the_middle_of_a_stream_is_told(told):
    def handler():
        yield 1
        raise BadInput("quiz.no_questions")

    assert list(streaming("zh", handler)()) == [1, gr.skip()]
    assert len(told) == 1
