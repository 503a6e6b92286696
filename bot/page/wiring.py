"""How events of the page are tied to what handles them."""

from collections.abc import Callable, Generator, Sequence
from typing import Literal, TypedDict, Unpack

import gradio as gr
from gradio.components import Component
from gradio.events import Dependency

from bot.page.handling import plainly, streaming
from bot.texts import Language, say

Blocks = Component | gr.Column | gr.Row | gr.Accordion
"""What an event may read or change."""

Trigger = Callable[..., Dependency]
"""An event of a part of the page: `button.click`."""


class Options(TypedDict, total=False):
    """What an event may have besides."""

    js: str
    """Runs in the browser first and gives the inputs."""
    cancels: list[Dependency]
    concurrency_id: str
    """Events of one id wait for each other, all others do not."""
    concurrency_limit: int
    trigger_mode: Literal["once", "multiple", "always_last"]
    """'always_last': while one is handled, only the newest of those that follow is kept."""
    show_progress: Literal["full", "minimal", "hidden"]


class Wiring:
    """Ties events to handlers: in one language, errors told in words, nothing callable from outside.

    Args:
        lang: Of the page.
    """

    def __init__(self, lang: Language) -> None:
        self._lang: Language = lang

    def on(
        self,
        trigger: Trigger | list[Trigger],
        handler: Callable[..., object],
        inputs: Blocks | Sequence[Blocks] | None = None,
        outputs: Blocks | Sequence[Blocks] | None = None,
        **options: Unpack[Options],
    ) -> Dependency:
        """Let `handler` give the outputs once."""
        return _tie(trigger, plainly(self._lang, handler), (inputs, outputs), options)

    def stream(
        self,
        trigger: Trigger | list[Trigger],
        handler: Callable[..., Generator[object]],
        inputs: Blocks | Sequence[Blocks] | None = None,
        outputs: Blocks | Sequence[Blocks] | None = None,
        **options: Unpack[Options],
    ) -> Dependency:
        """Let `handler` give the outputs again and again."""
        return _tie(trigger, streaming(self._lang, handler), (inputs, outputs), options)

    def after(
        self,
        event: Dependency,
        handler: Callable[..., object],
        inputs: Blocks | Sequence[Blocks],
        outputs: Sequence[Blocks] | None = None,
    ) -> Dependency:
        """Let `handler` run once another event is through; without outputs it changes nothing on the page."""
        return event.then(
            plainly(self._lang, handler), inputs, outputs, show_progress="hidden", api_visibility="private"
        )  # type: ignore[arg-type]


def _tie(
    trigger: Trigger | list[Trigger],
    handler: Callable[..., object],
    ends: tuple[object, object],
    options: Options,
) -> Dependency:
    show: Options = {"show_progress": "hidden"}
    inputs, outputs = ends
    return gr.on(trigger, handler, inputs, outputs, api_visibility="private", **{**show, **options})  # type: ignore[arg-type]


def confirm(key: str) -> str:
    """A question of the browser's before an event; the first input becomes null where it is denied."""
    question = say(key).replace("\\", "").replace("'", "’")
    return f"(first, ...rest) => [window.confirm('{question}') ? first : null, ...rest]"
