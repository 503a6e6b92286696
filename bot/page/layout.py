"""The page as a whole: header, tabs, and what they have in common."""

import gradio as gr

from bot.app import Kaodian
from bot.page import ask_tab, notes_tab, quiz_tab, reports_tab, settings_tab
from bot.page.markup import plain_text
from bot.page.status import has_failed, is_settled, notes_are_ready, status_html
from bot.page.wiring import Wiring
from bot.texts import LANGUAGES, Language, say, speaking

POLL_SECONDS = 1.5


def build_page(kaodian: Kaodian, lang: Language) -> gr.Blocks:
    """The page in one language; all its state is in the store, so that any number of tabs may show it."""
    with (
        speaking(lang),
        gr.Blocks(title=say("page.title"), analytics_enabled=False, delete_cache=(3600, 3600)) as page,
    ):
        with gr.Row(elem_id="top"):
            gr.HTML(_brand(lang), elem_id="brand")
            status = gr.HTML(status_html(kaodian.board.read()), elem_id="status")
            retry = gr.Button(say("page.retry"), size="sm", visible=False, elem_id="retry", min_width=80)
        notes_ready = gr.State(False)
        timer = gr.Timer(POLL_SECONDS)
        with gr.Tabs(elem_id="tabs"):
            with gr.Tab(say("page.tab_ask"), id="ask"):
                ask_tab.build(page, kaodian, lang)
            with gr.Tab(say("page.tab_quiz"), id="quiz"):
                quiz = quiz_tab.build(page, kaodian, lang)
            with gr.Tab(say("page.tab_notes"), id="notes"):
                notes = notes_tab.build(page, kaodian, lang)
            with gr.Tab(say("page.tab_evals"), id="evals") as evals:
                reports_tab.build(evals, kaodian, lang)
            with gr.Tab(say("page.tab_settings"), id="settings"):
                settings_tab.build(page, kaodian, lang)
        quiz.follow(notes.changed)
        quiz.follow(notes_ready)
        notes.follow(notes_ready)
        _keep_status(page, kaodian, lang, (status, retry, timer, notes_ready))
    return page


def _brand(lang: Language) -> str:
    links = "".join(
        f'<a href="/{other}/" lang="{other}">{plain_text(say("page.language", lang=other))}</a>'
        for other in LANGUAGES
        if other != lang
    )
    return (
        '<div class="brand"><svg viewBox="0 0 32 32" aria-hidden="true"><rect width="32" height="32" rx="8"/>'
        f'<path d="M8 17l5 5L24 10"/></svg><h1>{plain_text(say("page.name"))}</h1>'
        f'<span class="claim">{plain_text(say("page.claim"))}</span>{links}</div>'
    )


def _keep_status(
    page: gr.Blocks,
    kaodian: Kaodian,
    lang: Language,
    parts: tuple[gr.HTML, gr.Button, gr.Timer, gr.State],
) -> None:
    _, retry, timer, _ = parts

    def read() -> tuple[object, ...]:
        stages = kaodian.board.read()
        return (
            status_html(stages),
            gr.update(visible=has_failed(stages) and is_settled(stages)),
            gr.Timer(active=not is_settled(stages)),
            notes_are_ready(stages),
        )

    def again() -> tuple[object, ...]:
        kaodian.start()
        return (*read()[:2], gr.Timer(active=True), False)

    wire = Wiring(lang)
    wire.on([page.load, timer.tick], read, None, parts)
    wire.on(retry.click, again, None, parts)
