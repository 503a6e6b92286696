"""One event loop in one thread, so that a call can be stopped at any moment from any thread."""

import asyncio
import queue
import threading
from collections.abc import AsyncIterator, Callable, Coroutine, Iterator
from concurrent.futures import Future
from functools import cache
from typing import Self, TypeVar

T = TypeVar("T")


@cache
def _loop() -> asyncio.AbstractEventLoop:
    loop = asyncio.new_event_loop()
    threading.Thread(target=loop.run_forever, name="kaodian-llm", daemon=True).start()
    return loop


def begin(work: Coroutine[None, None, T]) -> Future[T]:
    """Run `work`; cancelling what this returns stops it at once."""
    return asyncio.run_coroutine_threadsafe(work, _loop())


def wait_for(work: Coroutine[None, None, T]) -> T:
    """Run `work` and wait for it; an interrupt in this thread stops it."""
    future = begin(work)
    try:
        return future.result()
    except BaseException:
        future.cancel()
        raise


class Pieces(Iterator[str]):
    """Text as it arrives. `close` stops its source at once, also while another thread waits for text.

    Args:
        source: Makes the text; called when the first piece is asked for.
    """

    def __init__(self, source: Callable[[], AsyncIterator[str]]) -> None:
        self._source = source
        self._arrived: queue.SimpleQueue[str | BaseException | None] = queue.SimpleQueue()
        self._pump: Future[None] | None = None
        self._closed = False

    def __iter__(self) -> Self:
        return self

    def __next__(self) -> str:
        if self._closed:
            raise StopIteration
        if self._pump is None:
            self._pump = asyncio.run_coroutine_threadsafe(_pump(self._source(), self._arrived), _loop())
        try:
            item = self._arrived.get()
        except BaseException:
            self.close()
            raise
        if isinstance(item, str):
            return item
        self._closed = True
        if item is None:
            raise StopIteration
        raise item

    def close(self) -> None:
        """Stop; what has not been taken is lost."""
        self._closed = True
        if self._pump is not None:
            self._pump.cancel()
        self._arrived.put(None)

    def __del__(self) -> None:
        self.close()


async def _pump(source: AsyncIterator[str], arrived: queue.SimpleQueue[str | BaseException | None]) -> None:
    try:
        async for piece in source:
            arrived.put(piece)
    except Exception as error:
        arrived.put(error)
    else:
        arrived.put(None)
