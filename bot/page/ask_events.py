"""What the ask tab does: every event reads and writes stored conversations."""

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
from bot.page.markup import one_line, safe_markdown
from bot.page.readiness import before_asking, while_asking
from bot.texts import say

FILE_NAME_CHARS = 40
CURSOR = " ▍"
"""Ends an answer that is still being written."""

Update = tuple[object, ...]
"""In the order of the outputs: list of conversations, chat, export, title; then of the streamed ones:
query, send, stop, new, switch."""


class AskEvents:
    """Handlers of the ask tab.

    Args:
        kaodian: The product.
    """

    def __init__(self, kaodian: Kaodian) -> None:
        self._kaodian = kaodian
        self._exports = tempfile.TemporaryDirectory(prefix="kaodian-", ignore_cleanup_errors=True)

    def ask(self, query: str, conversation_id: str | None) -> Generator[Update]:
        """Stream one answer into the chat."""
        query = query.strip()
        wait = before_asking(self._kaodian)
        if not query:
            return
        if wait:
            shown = [*self._messages(conversation_id), *_said(wait)]
            yield (gr.skip(), shown, gr.skip(), gr.skip(), query, *_resting())
            return
        if not conversation_id:
            conversation_id = self._kaodian.asking.start(query).id
        before = [*self._messages(conversation_id), user_message(query)]
        try:
            yield from self._streamed(conversation_id, query, before)
        except Exception:  # told by who called; the page must not stay busy
            yield (*self.open(conversation_id), gr.skip(), *_resting())
            raise
        choice, _, export, title = self.open(conversation_id)
        shown = [*self._messages(conversation_id), *_said(while_asking(self._kaodian))]
        yield (choice, shown, export, title, gr.skip(), *_resting())

    def stop(self, conversation_id: str | None, shown: list[Message], switch: StopSwitch | None) -> Update:
        """Stop the model; what was shown stays."""
        if switch is not None:
            switch.stop()
        choice, _, export, title = self.open(conversation_id)
        said = [*_without_cursor(shown), *_said(say("explaining.stopped"))]
        return (choice, said, export, title, gr.skip(), *_resting())

    def newest(self) -> Update:
        """The latest conversation, for a page that has just been opened."""
        known = self._kaodian.store.conversations.conversations()
        return self._show(known[0] if known else None)

    def blank(self) -> Update:
        """A conversation that begins with the next question."""
        return self._show(None)

    def open(self, conversation_id: str | None) -> Update:
        """A stored conversation."""
        if not conversation_id:
            return self._show(None)
        return self._show(self._kaodian.store.conversations.conversation(conversation_id))

    def rename(self, conversation_id: str | None, title: str) -> Update:
        """Give the open conversation another title."""
        title = " ".join(title.split())
        if conversation_id and title:
            self._kaodian.store.conversations.rename(conversation_id, title)
        return self.open(conversation_id)

    def delete(self, conversation_id: str | None) -> Update:
        """Forget a conversation, once the learner has confirmed it."""
        if not conversation_id:
            return (gr.skip(),) * 4
        self._kaodian.store.conversations.delete(conversation_id)
        return self.newest()

    def _streamed(self, conversation_id: str, query: str, before: list[Message]) -> Generator[Update]:
        switch, said = StopSwitch(), list[CitedSentence]()
        shown = [*before, assistant_message(say("page.searching"))]
        yield (self._choices(conversation_id, locked=True), shown, *_kept(2), "", *_busy(), switch)
        answer = self._kaodian.asking.ask(conversation_id, query, switch)
        try:
            for item in answer:
                if isinstance(item, Explanation):
                    shown = before + explanation_messages(item)
                else:
                    said.append(item)
                    shown = [*before, assistant_message(answer_text(said) + CURSOR)]
                yield (gr.skip(), shown, *_kept(3), *_busy(), gr.skip())
        finally:
            answer.close()

    def _messages(self, conversation_id: str | None) -> list[Message]:
        if not conversation_id:
            return []
        return conversation_messages(self._kaodian.store.conversations.conversation(conversation_id))

    def _show(self, conversation: Conversation | None) -> Update:
        if conversation is None:
            return (self._choices(None), [], gr.update(value=None, interactive=False), "")
        return (
            self._choices(conversation.id),
            conversation_messages(conversation),
            gr.update(value=self._exported(conversation), interactive=bool(conversation.turns)),
            conversation.title,
        )

    def _choices(self, current: str | None, *, locked: bool = False) -> object:
        known = self._kaodian.store.conversations.conversations()
        choices = [(one_line(each.title) or "…", each.id) for each in known]
        return gr.update(choices=choices, value=current, interactive=not locked)

    def _exported(self, conversation: Conversation) -> str:
        """A file for the download button, which gives what it holds when it is pressed."""
        name = "".join(char for char in conversation.title if char.isalnum() or char in " -_")
        path = (
            Path(self._exports.name) / conversation.id / f"{name[:FILE_NAME_CHARS].strip() or 'kaodian'}.md"
        )
        path.parent.mkdir(exist_ok=True)
        path.write_text(as_markdown(conversation), "utf-8")
        return str(path)


def _said(text: str) -> list[Message]:
    return [assistant_message(safe_markdown(text))] if text else []


def _without_cursor(messages: list[Message]) -> list[Message]:
    """The messages of a chat as the browser sends them, the last one no longer being written."""
    text = _text_of(messages[-1]["content"]) if messages else ""
    if not text.endswith(CURSOR):
        return messages
    return [*messages[:-1], assistant_message(text.removesuffix(CURSOR))]


def _text_of(content: object) -> str:
    """The text of a message, which may come in parts."""
    if isinstance(content, list):
        return "".join(_text_of(part) for part in content)
    if isinstance(content, dict):
        return str(content.get("text", ""))
    return str(content)


def _kept(count: int) -> Update:
    return (gr.skip(),) * count


def _busy() -> Update:
    """Send, stop and new while an answer streams."""
    return (gr.update(visible=False), gr.update(visible=True), gr.update(interactive=False))


def _resting() -> Update:
    """Send, stop, new and the switch when nothing streams."""
    return (gr.update(visible=True), gr.update(visible=False), gr.update(interactive=True), None)
