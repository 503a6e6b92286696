"""Stopping one answer while a language model writes it."""

import threading
from collections.abc import Iterator, Sequence

from bot.seams import LanguageModel, Message, PassingModel, close_stream


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
            close_stream(self._stream)

    def over(self, model: LanguageModel | None) -> LanguageModel | None:
        """The same model, its streams under this switch."""
        return None if model is None else _Stoppable(model, self)

    def hold(self, stream: Iterator[str]) -> Iterator[str]:
        """Put a stream under this switch."""
        with self._lock:
            self._stream = stream
            if self._stopped:
                close_stream(stream)
        return stream


class _Stoppable(PassingModel):
    def __init__(self, model: LanguageModel, switch: StopSwitch) -> None:
        super().__init__(model)
        self._switch = switch

    def stream(self, messages: Sequence[Message], *, max_tokens: int) -> Iterator[str]:
        return self._switch.hold(self._model.stream(messages, max_tokens=max_tokens))
