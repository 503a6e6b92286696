"""Counts what calls cost: whoever opens a tally gets all that is spent in its block, in its thread."""

from collections.abc import Generator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass

from pydantic import BaseModel

from bot.seams import LanguageModel, Message, PassingModel, Reply
from bot.settings import Settings


@dataclass(frozen=True, slots=True)
class Spent:
    """What calls took; replies that were kept cost nothing and are counted as hits."""

    calls: int = 0
    hits: int = 0
    prompt_tokens: int = 0
    reply_tokens: int = 0
    cost: float = 0.0
    """In the currency of the prices in the settings; 0 without them."""

    def __add__(self, other: "Spent") -> "Spent":
        return Spent(
            self.calls + other.calls,
            self.hits + other.hits,
            self.prompt_tokens + other.prompt_tokens,
            self.reply_tokens + other.reply_tokens,
            self.cost + other.cost,
        )


class Tally:
    """What was spent since it was opened."""

    def __init__(self) -> None:
        self.spent = Spent()


@dataclass(frozen=True, slots=True)
class Prices:
    """Of a million tokens."""

    prompt: float = 0.0
    reply: float = 0.0

    def of(self, prompt_tokens: int, reply_tokens: int) -> float:
        """Cost of one call."""
        return (prompt_tokens * self.prompt + reply_tokens * self.reply) / 1e6


def prices_of(settings: Settings) -> Prices:
    """Prices in the settings; 0 for those that are not set."""
    return Prices(settings.llm_price_prompt or 0.0, settings.llm_price_reply or 0.0)


_open: ContextVar[Tally | None] = ContextVar("kaodian_tally", default=None)


@contextmanager
def tally() -> Generator[Tally]:
    """Count what this thread spends in the block."""
    opened = Tally()
    token = _open.set(opened)
    try:
        yield opened
    finally:
        _open.reset(token)


def charge(spent: Spent) -> None:
    """Add to the tally that is open in this thread, if any."""
    opened = _open.get()
    if opened is not None:
        opened.spent += spent


class MeteredModel(PassingModel):
    """A language model whose replies are charged to the open tally; streams are not counted.

    Args:
        model: What replies.
        prices: Of its tokens.
    """

    def __init__(self, model: LanguageModel, prices: Prices) -> None:
        super().__init__(model)
        self._prices = prices

    def reply(
        self, messages: Sequence[Message], *, max_tokens: int, schema: type[BaseModel] | None = None
    ) -> Reply:
        """As the model replies.

        Raises:
            ModelUnavailable: As there.
        """
        reply = self._model.reply(messages, max_tokens=max_tokens, schema=schema)
        if reply.cached:
            charge(Spent(hits=1))
        else:
            prompt, words = reply.prompt_tokens or 0, reply.reply_tokens or 0
            charge(Spent(1, 0, prompt, words, self._prices.of(prompt, words)))
        return reply
