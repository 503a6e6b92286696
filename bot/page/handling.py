"""How every event of the page is handled: in the page's language, errors told in words."""

import html
import logging
from collections.abc import Callable, Generator
from typing import ParamSpec

import gradio as gr

from bot.domain.errors import KaodianError
from bot.texts import Language, say, speaking

P = ParamSpec("P")

_log = logging.getLogger(__name__)


def plainly(lang: Language, handler: Callable[P, object]) -> Callable[P, object]:
    """`handler` in one language; where it fails, the learner is told and the page stays as it is."""

    def handled(*args: P.args, **kwargs: P.kwargs) -> object:
        with speaking(lang):
            try:
                return handler(*args, **kwargs)
            except Exception as error:
                _tell(error)
                return gr.skip()

    return handled


def streaming(lang: Language, handler: Callable[P, Generator[object]]) -> Callable[P, Generator[object]]:
    """The same for a handler that yields; closing the result closes the handler.

    The language is set anew for every step, since each may run in another thread.
    """

    def handled(*args: P.args, **kwargs: P.kwargs) -> Generator[object]:
        with speaking(lang):
            steps = handler(*args, **kwargs)
        try:
            while True:
                with speaking(lang):
                    try:
                        step = next(steps)
                    except StopIteration:
                        return
                    except Exception as error:
                        _tell(error)
                        step = gr.skip()
                yield step
        finally:
            with speaking(lang):
                steps.close()

    return handled


def _tell(error: Exception) -> None:
    if isinstance(error, KaodianError):
        warn(str(error))
        return
    _log.error("an event of the page failed", exc_info=error)
    warn(say("page.unexpected", kind=type(error).__name__))


def warn(text: str) -> None:
    """Tell the learner what is wrong; `text` is plain, whatever it quotes."""
    gr.Warning(html.escape(text), title=say("page.attention"))


def inform(text: str) -> None:
    """Tell the learner that something is done."""
    gr.Info(html.escape(text), title=say("page.notice"), duration=4)
