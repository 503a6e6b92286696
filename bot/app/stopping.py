"""Stopping one answer while a language model writes it."""

import threading
from collections.abc import Iterator, Sequence

from pydantic import BaseModel

from bot.seams import LanguageModel, Message, Reply


class StopSwitch:
    """Stops the language model of one answer at once, from any thread."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._stream: Iterator[str] | None = None
        self._stopped = False

    @property
    def is_stopped(self) -> bool:
        """Whether somebody has pressed stop."""
        return self._stopped

    def stop(self) -> None:
        """Close the stream that is open now, and every later one."""
        with self._lock:
            self._stopped = True
            _close(self._stream)

    def over(self, model: LanguageModel | None) -> LanguageModel | None:
        """The same model, its streams under this switch."""
        return None if model is None else _Stoppable(model, self)

    def hold(self, stream: Iterator[str]) -> Iterator[str]:
        """Put a stream under this switch."""
        with self._lock:
            self._stream = stream
            if self._stopped:
                _close(stream)
        return stream


class _Stoppable:
    def __init__(self, model: LanguageModel, switch: StopSwitch) -> None:
        self._model = model
        self._switch = switch

    @property
    def name(self) -> str:
        return self._model.name

    def reply(
        self, messages: Sequence[Message], *, max_tokens: int, schema: type[BaseModel] | None = None
    ) -> Reply:
        return self._model.reply(messages, max_tokens=max_tokens, schema=schema)

    def stream(self, messages: Sequence[Message], *, max_tokens: int) -> Iterator[str]:
        return self._switch.hold(self._model.stream(messages, max_tokens=max_tokens))


def _close(stream: Iterator[str] | None) -> None:
    close = getattr(stream, "close", None)
    if close is not None:
        close()
