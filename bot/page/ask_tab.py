"""The tab where notes are asked."""

import gradio as gr

from bot.app import Kaodian
from bot.page.ask_events import AskEvents
from bot.page.markup import LATEX
from bot.page.wiring import Wiring, confirm
from bot.texts import Language, say


def build(page: gr.Blocks, kaodian: Kaodian, lang: Language) -> None:
    """Lay out the tab and wire it."""
    with gr.Row(elem_classes="with-side"):
        with gr.Column(scale=1, min_width=220, elem_classes="side"):
            new = gr.Button(say("page.new_conversation"), size="sm", elem_id="new-conversation")
            chosen = gr.Radio(
                [], show_label=False, container=False, elem_id="conversations", interactive=True
            )
            with gr.Accordion(say("page.manage"), open=False, elem_classes="quiet", elem_id="manage"):
                title = gr.Textbox(show_label=False, placeholder=say("page.new_title"), elem_id="title")
                rename = gr.Button(say("page.rename"), size="sm", elem_id="rename")
                export = gr.DownloadButton(say("page.export"), size="sm", elem_id="export")
                delete = gr.Button(
                    say("page.delete_conversation"), size="sm", variant="stop", elem_id="delete-conversation"
                )
        with gr.Column(scale=4, min_width=300, elem_classes="talk"):
            chat = gr.Chatbot(
                show_label=False,
                elem_id="chat",
                height="calc(100vh - 205px)",
                min_height=300,
                latex_delimiters=LATEX,
                feedback_options=None,
                buttons=["copy"],
                placeholder=say("page.ask_placeholder"),
                layout="bubble",
            )
            with gr.Row(elem_classes="composer"):
                query = gr.Textbox(
                    show_label=False, placeholder=say("page.ask_hint"), lines=1, max_lines=6, scale=8,
                    elem_id="query", container=False, autofocus=True,
                )  # fmt: skip
                send = gr.Button(say("page.send"), variant="primary", scale=1, min_width=84, elem_id="send")
                stop = gr.Button(
                    say("page.stop"), visible=False, variant="stop", scale=1, min_width=84, elem_id="stop"
                )
    switch = gr.State(None)
    desk = AskEvents(kaodian)
    shown = [chosen, chat, export, title]
    streamed = [*shown, query, send, stop, new, switch]
    wire = Wiring(lang)
    asked = wire.stream(
        [send.click, query.submit],
        desk.ask,
        [query, chosen],
        streamed,
        concurrency_id="ask",
        concurrency_limit=4,
    )
    wire.on(stop.click, desk.stop, [chosen, chat, switch], streamed, cancels=[asked])
    wire.on(page.load, desk.newest, None, shown)
    wire.on(chosen.input, desk.open, chosen, shown)
    wire.on(new.click, desk.blank, None, shown)
    wire.on(rename.click, desk.rename, [chosen, title], shown)
    wire.on(delete.click, desk.delete, chosen, shown, js=confirm("page.sure_conversation"))
