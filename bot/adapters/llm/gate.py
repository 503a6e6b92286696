"""One gate before a language model: the most urgent call goes first."""

import heapq
import threading
from collections.abc import Generator, Iterator, Sequence
from contextlib import contextmanager
from enum import IntEnum

from pydantic import BaseModel

from bot.seams import LanguageModel, Message, Reply


class Urgency(IntEnum):
    """Lower goes first."""

    VERDICT = 0
    """A learner waits for a grade."""
    WORDING = 1
    """A person reads along."""
    BACKGROUND = 2
    """Nobody waits."""


class PriorityGate:
    """Lets `width` callers in at a time: by urgency, then in the order they came."""

    def __init__(self, width: int = 1) -> None:
        self._free = width
        self._changed = threading.Condition()
        self._waiting: list[tuple[int, int]] = []
        self._tickets = 0

    @contextmanager
    def turn(self, urgency: int) -> Generator[None]:
        """Wait for one's turn and keep it within the block."""
        with self._changed:
            self._tickets += 1
            ticket = (int(urgency), self._tickets)
            heapq.heappush(self._waiting, ticket)
            try:
                self._changed.wait_for(lambda: self._free > 0 and self._waiting[0] == ticket)
                self._free -= 1
            finally:
                self._waiting.remove(ticket)
                heapq.heapify(self._waiting)
                self._changed.notify_all()
        try:
            yield
        finally:
            with self._changed:
                self._free += 1
                self._changed.notify_all()


class GatedModel:
    """A language model whose calls wait at a gate, all with one urgency."""

    def __init__(self, model: LanguageModel, gate: PriorityGate, urgency: Urgency) -> None:
        self._model = model
        self._gate = gate
        self._urgency = urgency

    @property
    def name(self) -> str:
        """Name of the model behind the gate."""
        return self._model.name

    def reply(
        self, messages: Sequence[Message], *, max_tokens: int, schema: type[BaseModel] | None = None
    ) -> Reply:
        """As the model behind the gate replies.

        Raises:
            ModelUnavailable: As there.
        """
        with self._gate.turn(self._urgency):
            return self._model.reply(messages, max_tokens=max_tokens, schema=schema)

    def stream(self, messages: Sequence[Message], *, max_tokens: int) -> Iterator[str]:
        """As the model behind the gate streams; the turn ends with the stream.

        Raises:
            ModelUnavailable: As there.
        """
        with self._gate.turn(self._urgency):
            yield from self._model.stream(messages, max_tokens=max_tokens)
