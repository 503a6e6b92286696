"""The tab where notes are asked."""

import tempfile
from collections.abc import Generator
from pathlib import Path

import gradio as gr

from bot.app import Kaodian, StopSwitch, as_markdown
from bot.domain.answers import CitedSentence, Explanation
from bot.domain.conversations import Conversation
from bot.page.answers import (
    Message,
    answer_text,
    assistant_message,
    conversation_messages,
    explanation_messages,
    user_message,
)
from bot.page.handling import plainly, streaming
from bot.page.markup import LATEX, one_line, safe_markdown
from bot.page.readiness import before_asking, while_asking
from bot.texts import Language, say

FILE_NAME_CHARS = 40


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
                height="calc(100vh - 250px)",
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
    streamed = [chosen, chat, query, send, stop, new, switch]
    quiet = {"api_visibility": "private", "show_progress": "hidden"}
    asked = gr.on(
        [send.click, query.submit],
        streaming(lang, desk.ask),
        [query, chosen, chat],
        streamed,
        concurrency_id="ask",
        concurrency_limit=4,
        **quiet,
    )
    stop.click(plainly(lang, desk.stop), [chat, switch], streamed, cancels=[asked], **quiet)
    page.load(plainly(lang, desk.newest), None, [chosen, chat, export, title], **quiet)
    chosen.input(plainly(lang, desk.open), chosen, [chat, export, title], **quiet)
    new.click(plainly(lang, desk.blank), None, [chosen, chat, export, title], **quiet)
    rename.click(plainly(lang, desk.rename), [chosen, title], [chosen], **quiet)
    delete.click(
        plainly(lang, desk.delete),
        chosen,
        [chosen, chat, export, title],
        js=confirm("page.sure_conversation"),
        **quiet,
    )
    asked.then(plainly(lang, desk.opened), chosen, [export, title], **quiet)
    export.click(plainly(lang, desk.export), chosen, export, **quiet)


def confirm(key: str) -> str:
    """A question of the browser's before an event; the first input becomes null where it is denied."""
    question = say(key).replace("\\", "").replace("'", "’")
    return f"(first, ...rest) => [window.confirm('{question}') ? first : null, ...rest]"


class AskEvents:
    """What the tab does, as updates of its parts.

    Args:
        kaodian: The product.
    """

    def __init__(self, kaodian: Kaodian) -> None:
        self._kaodian = kaodian

    def ask(
        self, query: str, conversation_id: str | None, shown: list[Message] | None
    ) -> Generator[tuple[object, ...]]:
        """Stream one answer into the chat."""
        query = query.strip()
        wait = before_asking(self._kaodian)
        if not query or wait:
            yield self._resting(
                (shown or []) + ([assistant_message(safe_markdown(wait))] if wait else []), query
            )
            return
        asking = self._kaodian.asking
        conversation = (
            self._kaodian.store.conversations.conversation(conversation_id)
            if conversation_id
            else asking.start(query)
        )
        switch = StopSwitch()
        before = [*conversation_messages(conversation), user_message(query)]
        choice = self._choices(conversation.id, locked=True)
        yield (choice, [*before, assistant_message(say("page.searching"))], "", *_busy(), switch)
        said: list[CitedSentence] = []
        after = list(before)
        answer = asking.ask(conversation.id, query, switch)
        try:
            for item in answer:
                if isinstance(item, Explanation):
                    after = before + explanation_messages(item)
                else:
                    said.append(item)
                    after = [*before, assistant_message(answer_text(said) + " ▍")]
                yield (gr.skip(), after, gr.skip(), *_busy(), gr.skip())
        finally:
            answer.close()
        note = while_asking(self._kaodian)
        yield self._resting(after + _said(note), "")

    def stop(self, shown: list[Message], switch: StopSwitch | None) -> tuple[object, ...]:
        """Stop the model; what was shown stays."""
        if switch is not None:
            switch.stop()
        return self._resting([*shown, assistant_message(say("explaining.stopped"))], "")

    def newest(self) -> tuple[object, ...]:
        """The latest conversation, for a page that has just been opened."""
        known = self._kaodian.store.conversations.conversations()
        return self._show(known[0] if known else None)

    def blank(self) -> tuple[object, ...]:
        """A conversation that begins with the next question."""
        return self._show(None)

    def open(self, conversation_id: str | None) -> tuple[object, ...]:
        """A stored conversation."""
        if not conversation_id:
            return self._show(None)[1:]
        return self._show(self._kaodian.store.conversations.conversation(conversation_id))[1:]

    def opened(self, conversation_id: str | None) -> tuple[object, ...]:
        """Title and file of the open conversation."""
        return self.open(conversation_id)[1:]

    def rename(self, conversation_id: str | None, title: str) -> object:
        """Give the open conversation another title."""
        title = " ".join(title.split())
        if conversation_id and title:
            self._kaodian.store.conversations.rename(conversation_id, title)
        return self._choices(conversation_id)

    def delete(self, conversation_id: str | None) -> tuple[object, ...]:
        """Forget a conversation, once the learner has confirmed it."""
        if not conversation_id:
            return (gr.skip(),) * 4
        self._kaodian.store.conversations.delete(conversation_id)
        return self.newest()

    def export(self, conversation_id: str | None) -> object:
        """The open conversation as a file."""
        if not conversation_id:
            return gr.skip()
        conversation = self._kaodian.store.conversations.conversation(conversation_id)
        name = "".join(c for c in conversation.title if c.isalnum() or c in " -_")[:FILE_NAME_CHARS].strip()
        path = Path(tempfile.mkdtemp(prefix="kaodian-")) / f"{name or 'kaodian'}.md"
        path.write_text(as_markdown(conversation), "utf-8")
        return str(path)

    def _show(self, conversation: Conversation | None) -> tuple[object, ...]:
        if conversation is None:
            return (self._choices(None), [], gr.update(interactive=False), "")
        return (
            self._choices(conversation.id),
            conversation_messages(conversation),
            gr.update(interactive=bool(conversation.turns)),
            conversation.title,
        )

    def _choices(self, current: str | None, *, locked: bool = False) -> object:
        known = self._kaodian.store.conversations.conversations()
        choices = [(one_line(each.title) or "…", each.id) for each in known]
        return gr.update(choices=choices, value=current, interactive=not locked)

    def _resting(self, messages: list[Message], query: str) -> tuple[object, ...]:
        return (
            gr.update(interactive=True),
            messages,
            query,
            gr.update(visible=True),
            gr.update(visible=False),
            gr.update(interactive=True),
            None,
        )


def _said(text: str) -> list[Message]:
    return [assistant_message(safe_markdown(text))] if text else []


def _busy() -> tuple[object, ...]:
    return (gr.update(visible=False), gr.update(visible=True), gr.update(interactive=False))
