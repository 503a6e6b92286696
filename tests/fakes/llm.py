"""A language model that says what a test tells it to."""

from collections import deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from pydantic import BaseModel

from bot.seams import Message, Reply

Answer = str | Reply | Exception
Rule = Callable[[Sequence[Message]], Answer]


@dataclass(frozen=True)
class Call:
    """What the model was asked."""

    messages: tuple[Message, ...]
    schema: type[BaseModel] | None
    max_tokens: int
    streamed: bool

    @property
    def text(self) -> str:
        """All messages as one text, to search in."""
        return "\n\n".join(f"[{message.role}]\n{message.content}" for message in self.messages)


class ScriptedModel:
    """A language model with prepared replies, in order, or a rule that makes them.

    Args:
        replies: Texts, whole replies and errors to raise; or a function from the messages to one of them.
        piece: Characters per streamed piece.
    """

    def __init__(
        self, replies: Sequence[Answer] | Rule, *, name: str = "scripted:model", piece: int = 3
    ) -> None:
        self._rule = replies if callable(replies) else None
        self._left: deque[Answer] = deque() if callable(replies) else deque(replies)
        self._piece = piece
        self.name = name
        self.calls: list[Call] = []
        self.closed_early = 0
        """Streams that were closed before their end."""

    def reply(
        self, messages: Sequence[Message], *, max_tokens: int, schema: type[BaseModel] | None = None
    ) -> Reply:
        answer = self._next(messages, schema, max_tokens, streamed=False)
        return answer if isinstance(answer, Reply) else Reply(text=answer, finished=True, model=self.name)

    def stream(self, messages: Sequence[Message], *, max_tokens: int) -> Iterator[str]:
        answer = self._next(messages, None, max_tokens, streamed=True)
        text = answer.text if isinstance(answer, Reply) else answer
        ended = False
        try:
            for start in range(0, len(text), self._piece):
                yield text[start : start + self._piece]
            ended = True
        finally:
            self.closed_early += not ended

    def _next(
        self, messages: Sequence[Message], schema: type[BaseModel] | None, max_tokens: int, *, streamed: bool
    ) -> str | Reply:
        call = Call(messages=tuple(messages), schema=schema, max_tokens=max_tokens, streamed=streamed)
        self.calls.append(call)
        if self._rule is None and not self._left:
            raise AssertionError(f"call {len(self.calls)} was not expected:\n{call.text}")
        answer = self._rule(messages) if self._rule else self._left.popleft()
        if isinstance(answer, Exception):
            raise answer
        return answer
