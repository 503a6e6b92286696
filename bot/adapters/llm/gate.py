"""One gate before a language model: the most urgent call goes first."""

import heapq
import threading
from collections.abc import Callable, Generator, Iterator, Sequence
from concurrent.futures import CancelledError, Future
from contextlib import AbstractContextManager, ExitStack, contextmanager, nullcontext, suppress
from enum import IntEnum
from pathlib import Path
from typing import Protocol

from filelock import FileLock, Timeout
from pydantic import BaseModel

from bot.seams import LanguageModel, Message, PassingModel, Piece, Reply, WordReader, close_stream


class Urgency(IntEnum):
    """Lower goes first."""

    VERDICT = 0
    """A learner waits for a grade."""
    WORDING = 1
    """A person reads along."""
    BACKGROUND = 2
    """Nobody waits."""


PATIENCE = 120.0
"""Seconds that one process waits for another one to be through with the model."""


@contextmanager
def among_processes(file: Path, patience: float = PATIENCE) -> Generator[None]:
    """Keep other processes of the user from the embedded model within the block.

    What one of them reads in between moves the digits of a verdict (`python -m evals.adapter.steady`). Who
    has waited for `patience` seconds goes on all the same: a digit is worth less than a grade.
    """
    file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    lock = FileLock(file, mode=0o600, thread_local=False)  # a stream may be ended by another thread
    with ExitStack() as kept:
        with suppress(Timeout):
            kept.enter_context(lock.acquire(timeout=patience))
        yield


class PriorityGate:
    """Lets `width` callers in at a time: by urgency, then in the order they came.

    Args:
        width: How many.
        shared: What a caller holds besides during its turn.
    """

    def __init__(
        self, width: int = 1, shared: Callable[[], AbstractContextManager[None]] = nullcontext
    ) -> None:
        self._free = width
        self._shared = shared
        self._changed = threading.Condition()
        self._waiting: list[tuple[int, int]] = []
        self._givers: list[tuple[int, Callable[[], object]]] = []
        """Urgency of calls that can be broken off, and what does so."""
        self._tickets = 0

    @contextmanager
    def turn(self, urgency: int) -> Generator[None]:
        """Wait for one's turn and keep it within the block."""
        with self._changed:
            self._tickets += 1
            ticket = (int(urgency), self._tickets)
            heapq.heappush(self._waiting, ticket)
            self._make_way()
            try:
                self._changed.wait_for(lambda: self._free > 0 and self._waiting[0] == ticket)
                self._free -= 1
            finally:
                self._waiting.remove(ticket)
                heapq.heapify(self._waiting)
                self._changed.notify_all()
        try:
            with self._shared():
                yield
        finally:
            with self._changed:
                self._free += 1
                self._changed.notify_all()

    @contextmanager
    def giving_way(self, urgency: int, give_up: Callable[[], object]) -> Generator[None]:
        """Within the block, inside of one's turn, `give_up` is called once something more urgent waits."""
        giver = (int(urgency), give_up)
        with self._changed:
            self._givers.append(giver)
            self._make_way()
        try:
            yield
        finally:
            with self._changed:
                self._givers.remove(giver)

    def _make_way(self) -> None:
        if self._free == 0 and self._waiting and self._givers:
            urgency, give_up = max(self._givers, key=lambda giver: giver[0])
            if urgency > self._waiting[0][0]:
                give_up()


class GatedModel(PassingModel):
    """A language model whose calls wait at a gate, all with one urgency."""

    def __init__(self, model: LanguageModel, gate: PriorityGate, urgency: Urgency) -> None:
        super().__init__(model)
        self._gate = gate
        self._urgency = urgency

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
        turn = ExitStack()
        turn.enter_context(self._gate.turn(self._urgency))
        return _Turn(self._model.stream(messages, max_tokens=max_tokens), turn)


class Beginning(LanguageModel, Protocol):
    """A language model whose replies can be begun and broken off."""

    def begin(
        self, messages: Sequence[Message], *, max_tokens: int, schema: type[BaseModel] | None = None
    ) -> Future[Reply]:
        """A reply that is not waited for; cancelling it stops the model."""
        ...


class GivingModel(GatedModel):
    """A gated model whose replies are broken off for what is more urgent, and asked for again after it."""

    def __init__(self, model: Beginning, gate: PriorityGate, urgency: Urgency) -> None:
        super().__init__(model, gate, urgency)
        self._beginning = model

    def reply(
        self, messages: Sequence[Message], *, max_tokens: int, schema: type[BaseModel] | None = None
    ) -> Reply:
        """As the model behind the gate replies, however often it is asked.

        Raises:
            ModelUnavailable: As there.
        """
        while True:
            with self._gate.turn(self._urgency):
                call = self._beginning.begin(messages, max_tokens=max_tokens, schema=schema)
                try:
                    with self._gate.giving_way(self._urgency, call.cancel):
                        return call.result()
                except CancelledError:
                    continue
                finally:
                    call.cancel()


class GatedReader:
    """A word reader that keeps its turn for a whole answer: nothing comes between opening and closings."""

    def __init__(self, reader: WordReader, gate: PriorityGate, urgency: Urgency) -> None:
        self._reader = reader
        self._gate = gate
        self._urgency = urgency

    @property
    def name(self) -> str:
        """Name of the model behind the gate."""
        return self._reader.name

    def word_logprobs(
        self, opening: Sequence[Piece], closings: Sequence[Sequence[Piece]], words: Sequence[str]
    ) -> Iterator[tuple[float, ...]]:
        """As the reader behind the gate.

        Raises:
            ModelUnavailable: As there.
        """
        with self._gate.turn(self._urgency):
            yield from self._reader.word_logprobs(opening, closings, words)


class _Turn(Iterator[str]):
    """A stream that keeps its turn until it ends or is closed, by whichever thread."""

    def __init__(self, pieces: Iterator[str], turn: ExitStack) -> None:
        self._pieces = pieces
        self._turn = turn
        self._lock = threading.Lock()

    def __next__(self) -> str:
        try:
            return next(self._pieces)
        except BaseException:
            self._end()
            raise

    def close(self) -> None:
        """Stop the model and let the next caller in."""
        try:
            close_stream(self._pieces)
        finally:
            self._end()

    def _end(self) -> None:
        with self._lock:
            self._turn.close()
