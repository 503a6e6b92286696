"""Any LangChain chat model as a language model of ours."""

import asyncio
import random
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable, Iterator, Sequence
from concurrent.futures import Future
from contextlib import aclosing
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar, TypeVar

from pydantic import BaseModel

from bot.adapters.llm.failures import Failure, Secrets, failure_of, unavailable
from bot.adapters.llm.loop import Pieces, begin, wait_for
from bot.adapters.llm.wire import Wire, without_thoughts
from bot.domain.errors import KaodianError, ModelUnavailable
from bot.prompts.replies import json_text
from bot.seams import Message, Reply

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel
    from langchain_core.messages import BaseMessage, BaseMessageChunk

T = TypeVar("T")

_LIMIT_REASONS = {"length", "max_tokens", "max_output_tokens"}


@dataclass(frozen=True)
class Patience:
    """How long one waits and how often one tries again."""

    timeout: float
    """Seconds for a whole reply, or from one streamed piece to the next."""
    retries: int
    """Further tries after a failure that may pass."""
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep

    async def before_retry(self, failure: Failure, tried: int) -> None:
        """Wait as long as the server asked for, else 0.5, 1, 2 … up to 20 seconds with jitter."""
        backoff = min(20.0, 0.5 * 2**tried) * random.uniform(0.75, 1.25)
        await self.sleep(backoff if failure.wait is None else failure.wait)


class ChatAdapter:
    """A language model over a LangChain chat model.

    Args:
        name: As settings name it.
        connect: Gives the chat model; called with True after a connection was lost. May block.
        wire: How this provider wants to be asked.
        patience: Time limits and tries.
        secrets: Keys that no message may hold.
    """

    lost_keys: ClassVar[frozenset[str]] = frozenset({"llm.unreachable"})
    """Failures after which the connection is made anew."""

    def __init__(
        self,
        name: str,
        connect: Callable[[bool], "BaseChatModel"],
        *,
        wire: Wire,
        patience: Patience,
        secrets: Secrets | None = None,
    ) -> None:
        self.name = name
        self._connect = connect
        self._wire = wire
        self._patience = patience
        self._secrets = secrets or Secrets()

    def __repr__(self) -> str:
        return f"ChatAdapter({self.name!r})"

    def reply(
        self, messages: Sequence[Message], *, max_tokens: int, schema: type[BaseModel] | None = None
    ) -> Reply:
        """One whole reply; with a schema, as JSON text that is not yet validated.

        Raises:
            ModelUnavailable: No answer after the retries that the settings allow.
        """

        async def once(chat: "BaseChatModel") -> Reply:
            async with asyncio.timeout(self._patience.timeout):
                told, extra = self._wire.request(messages, max_tokens, schema)
                return self._reply(await chat.ainvoke(told, **extra), schema)

        return wait_for(self._tried(once))

    def begin(
        self, messages: Sequence[Message], *, max_tokens: int, schema: type[BaseModel] | None = None
    ) -> Future[Reply]:
        """A reply that is not waited for; it is streamed, so that cancelling it stops the model at once.

        Its result raises what `reply` raises; tokens are not counted.
        """

        async def once(chat: "BaseChatModel") -> Reply:
            told, extra = self._wire.request(messages, max_tokens, schema)
            stream = _Stream(chat.astream(told, **extra), self._patience.timeout)
            await stream.begin()
            async with aclosing(stream.texts()) as texts:
                text = without_thoughts("".join([piece async for piece in texts]))
            if self._wire.says_why_it_ended and stream.ended is None:
                raise EOFError
            finished = stream.ended not in _LIMIT_REASONS
            return Reply(text=json_text(text) if schema else text, finished=finished, model=self.name)

        return begin(self._tried(once))

    def stream(self, messages: Sequence[Message], *, max_tokens: int) -> Iterator[str]:
        """Pieces of a reply as they arrive; `close()` of the iterator stops the model from any thread.

        Raises:
            ModelUnavailable: The model does not answer, or breaks off.
        """
        return Pieces(lambda: self._pieces(messages, max_tokens))

    def gives_logprobs(self) -> bool:
        """Whether a short call with log-probabilities brings some; False too where it fails."""
        if self._wire.shape != "openai":
            return False

        async def once(chat: "BaseChatModel") -> bool:
            async with asyncio.timeout(self._patience.timeout):
                told, extra = self._wire.request([Message(role="user", content="1+1=?")], 1, None)
                extra["extra_body"] |= {"logprobs": True, "top_logprobs": 5}
                return bool((await chat.ainvoke(told, **extra)).response_metadata.get("logprobs"))

        try:
            return wait_for(self._tried(once))
        except ModelUnavailable:
            return False

    async def _pieces(self, messages: Sequence[Message], max_tokens: int) -> AsyncIterator[str]:
        async def begin(chat: "BaseChatModel") -> "_Stream":
            told, extra = self._wire.request(messages, max_tokens, None)
            stream = _Stream(chat.astream(told, **extra), self._patience.timeout)
            await stream.begin()
            return stream

        stream = await self._tried(begin)
        try:
            async with aclosing(stream.texts()) as texts:
                async for text in texts:
                    yield text
            if self._wire.says_why_it_ended and stream.ended is None:
                raise EOFError
        except Exception as error:
            broken = Failure("llm.broke_off", again=False, why=str(error))
            raise self._unavailable(broken) from None

    async def _tried(self, once: Callable[["BaseChatModel"], Awaitable[T]]) -> T:
        tried, lost = 0, False
        while True:
            try:
                return await once(await asyncio.to_thread(self._connect, lost))
            except KaodianError:
                raise
            except Exception as error:
                failure, wire = failure_of(error), self._wire
                self._wire = wire.without(failure.why)
                if self._wire != wire:
                    continue
                if not self._hopeful(failure) or tried >= self._patience.retries:
                    # The client's own error may hold the key: it goes no further.
                    raise self._unavailable(failure) from None
                lost = failure.key in self.lost_keys
                await self._patience.before_retry(failure, tried)
                tried += 1

    def _hopeful(self, failure: Failure) -> bool:
        """Whether another try is worth it."""
        return failure.again

    def _unavailable(self, failure: Failure) -> ModelUnavailable:
        return unavailable(failure, self.name, self._secrets)

    def _reply(self, message: "BaseMessage", schema: type[BaseModel] | None) -> Reply:
        text = without_thoughts(message.text)
        usage: dict[str, Any] = dict(getattr(message, "usage_metadata", None) or {})
        metadata = message.response_metadata
        return Reply(
            text=json_text(text) if schema else text,
            finished=_end_reason(metadata) not in _LIMIT_REASONS,
            model=str(metadata.get("model_name") or metadata.get("model") or self.name),
            prompt_tokens=usage.get("input_tokens"),
            reply_tokens=usage.get("output_tokens"),
        )


class _Stream:
    """A stream whose first text has arrived."""

    def __init__(self, chunks: "AsyncIterator[BaseMessageChunk]", timeout: float) -> None:
        self._chunks = chunks
        self._timeout = timeout
        self._first: str | None = None
        self.ended: str | None = None
        """Why the model stopped; None while it has not said."""

    async def begin(self) -> None:
        try:
            self._first = await self._next()
        except BaseException:
            await self._close()
            raise

    async def texts(self) -> AsyncGenerator[str]:
        try:
            while self._first is not None:
                yield self._first
                self._first = await self._next()
        finally:
            await self._close()

    async def _next(self) -> str | None:
        """The next text that is not empty; None at the end."""
        async with asyncio.timeout(self._timeout):
            async for chunk in self._chunks:
                self.ended = _end_reason(chunk.response_metadata) or self.ended
                if chunk.text:
                    return chunk.text
        return None

    async def _close(self) -> None:
        close = getattr(self._chunks, "aclose", None)
        if close is not None:
            await close()


def _end_reason(metadata: dict[str, Any]) -> str | None:
    for name in ("finish_reason", "stop_reason", "done_reason"):
        if metadata.get(name):
            return str(metadata[name]).lower()
    return None
