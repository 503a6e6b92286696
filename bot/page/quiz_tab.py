"""The tab that examines the learner."""

from collections.abc import Callable
from dataclasses import dataclass, fields

import gradio as gr

from bot.app import Kaodian
from bot.domain.quizzes import QuizMode
from bot.page import job_rows, question_panel
from bot.page.job_rows import JobRows
from bot.page.markup import LATEX
from bot.page.question_panel import QuestionPanel
from bot.page.quiz_events import QuizEvents
from bot.page.scopes import EVERYTHING, scope_choices
from bot.page.wiring import Blocks, Options, Wiring
from bot.texts import Language, say

LENGTH = 5
LONGEST = 30


@dataclass(frozen=True, slots=True)
class QuizParts:
    """What every event of the tab may change, in this order."""

    place: gr.State
    setup: gr.Column
    play: gr.Column
    chat: gr.Chatbot
    answering: gr.Column
    answer: gr.Textbox
    graded: gr.Row
    ungraded: gr.Row
    stop: gr.Button
    finished: gr.Row
    start: gr.Button
    hint: gr.Button
    questions: gr.Accordion


@dataclass(frozen=True, slots=True)
class QuizButtons:
    """What a learner can press during a quiz."""

    submit: gr.Button
    give_up: gr.Button
    skip: gr.Button
    next: gr.Button
    again: gr.Button
    another: gr.Button
    more: gr.Button


@dataclass(frozen=True, slots=True)
class QuizTab:
    """The tab, for the parts of the page that it has to follow."""

    kaodian: Kaodian
    lang: Language
    scope: gr.Dropdown

    def follow(self, changed: gr.State) -> None:
        """Offer the parts of the notes anew whenever they change."""

        def choices(chosen: str | None) -> object:
            known = scope_choices(self.kaodian)
            value = chosen if chosen in {scope for _, scope in known} else EVERYTHING
            return gr.update(choices=known, value=value)

        Wiring(self.lang).on(changed.change, choices, self.scope, self.scope)


def build(page: gr.Blocks, kaodian: Kaodian, lang: Language) -> QuizTab:
    """Lay out the tab and wire it."""
    with gr.Column(elem_id="quiz-setup", elem_classes="card") as setup:
        gr.Markdown(say("page.quiz_intro"), elem_classes="intro")
        with gr.Row():
            scope = gr.Dropdown(
                [(say("page.everything"), EVERYTHING)], value=EVERYTHING, label=say("page.scope"),
                elem_id="scope", scale=3, min_width=240,
            )  # fmt: skip
            topic = gr.Textbox(
                label=say("page.topic"), placeholder=say("page.topic_hint"), elem_id="topic", scale=3,
                min_width=240, max_lines=1,
            )  # fmt: skip
            length = gr.Slider(
                1, LONGEST, value=LENGTH, step=1, label=say("page.length"), elem_id="length", scale=2,
                min_width=200, buttons=[],
            )  # fmt: skip
        mode = gr.Radio(
            [(say(f"page.mode_{each}"), str(each)) for each in QuizMode], value=str(QuizMode.PRACTICE),
            label=say("page.mode"), elem_id="mode",
        )  # fmt: skip
        start = gr.Button(say("page.start"), variant="primary", elem_id="start-quiz")

    def below() -> tuple[JobRows, QuestionPanel]:
        return job_rows.build(page, kaodian, lang), question_panel.build(kaodian, lang, scope, topic)

    parts, buttons, rows = _play(setup, start, below)
    events = QuizEvents(kaodian)
    rows.begin(buttons.more.click, scope, topic)
    _wire(page, parts, buttons, events, rows)
    started = rows.wire.stream(parts.start.click, events.start, [scope, topic, length, mode], _all(parts))
    rows.follow(rows.wire.after(started, events.make_ahead, parts.place))
    return QuizTab(kaodian, lang, scope)


def _play(
    setup: gr.Column, start: gr.Button, below: Callable[[], tuple[JobRows, QuestionPanel]]
) -> tuple[QuizParts, QuizButtons, JobRows]:
    with gr.Column(visible=False, elem_id="quiz-play") as play:
        chat = gr.Chatbot(
            show_label=False, elem_id="quiz-chat", height="calc(100vh - 420px)", min_height=340,
            latex_delimiters=LATEX, feedback_options=None, buttons=[], layout="panel",
        )  # fmt: skip
        with gr.Column(elem_id="answering") as answering:
            answer = gr.Textbox(
                show_label=False, placeholder=say("page.answer_hint"), lines=5, max_lines=16,
                elem_id="answer", container=False,
            )  # fmt: skip
            with gr.Row(elem_classes="buttons"):
                submit = gr.Button(
                    say("page.submit"), variant="primary", elem_id="submit", scale=3, min_width=120
                )
                hint = gr.Button(say("page.hint"), elem_id="hint", min_width=80)
                give_up = gr.Button(say("page.give_up"), elem_id="give-up", min_width=80)
                skip = gr.Button(say("page.skip"), elem_id="skip", min_width=80)
        with gr.Row(visible=False) as graded:
            go_on = gr.Button(say("page.next"), variant="primary", elem_id="next")
        with gr.Row(visible=False) as ungraded:
            again = gr.Button(say("page.grade_again"), variant="primary", elem_id="grade-again")
        with gr.Row(visible=False) as finished:
            another = gr.Button(say("page.another_quiz"), variant="primary", elem_id="another-quiz")
        stop = gr.Button(say("page.stop_quiz"), size="sm", elem_id="stop-quiz", elem_classes="quiet-button")
    place = gr.State(None)
    rows, panel = below()
    parts = QuizParts(
        place, setup, play, chat, answering, answer, graded, ungraded, stop, finished, start, hint,
        panel.accordion,
    )  # fmt: skip
    return parts, QuizButtons(submit, give_up, skip, go_on, again, another, panel.more), rows


def _all(parts: QuizParts) -> list[Blocks]:
    return [getattr(parts, field.name) for field in fields(parts)]


def _wire(page: gr.Blocks, parts: QuizParts, buttons: QuizButtons, events: QuizEvents, rows: JobRows) -> None:
    out, place, wire = _all(parts), parts.place, rows.wire
    judging: Options = {"concurrency_id": "grade", "concurrency_limit": 4}
    wire.on(page.load, events.found_again, None, out)
    wire.stream(buttons.submit.click, events.submit, [place, parts.answer], out, **judging)
    wire.stream(buttons.give_up.click, events.give_up, place, out, **judging)
    wire.stream(buttons.again.click, events.again, place, out, **judging)
    wire.on(parts.answer.change, events.typed, [place, parts.answer], None, trigger_mode="always_last")
    wire.on(parts.hint.click, events.hint, place, out)
    wire.on(buttons.skip.click, events.skip, place, out)
    gone_on = wire.stream(buttons.next.click, events.go_on, place, out)
    rows.follow(wire.after(gone_on, events.make_ahead, place))
    wire.on(buttons.another.click, events.leave, None, out)
    rows.follow(wire.on(parts.stop.click, events.stop, place, out))
