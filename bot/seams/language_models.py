"""Chat models, whoever runs them."""

from collections.abc import Iterator, Sequence
from typing import Literal, NamedTuple, Protocol

from pydantic import BaseModel

from bot.domain.judges import EMBEDDED
from bot.domain.spans import Frozen


class Message(Frozen):
    """One message to a language model."""

    role: Literal["system", "user", "assistant"]
    content: str


class Reply(Frozen):
    """What a language model sent back, whole or cut off."""

    text: str
    finished: bool
    """False when the model stopped at the token limit."""
    model: str
    prompt_tokens: int | None = None
    reply_tokens: int | None = None
    cached: bool = False
    """Whether it was kept from an earlier call."""


class LanguageModel(Protocol):
    """Any chat model."""

    @property
    def name(self) -> str:
        """provider:model, as settings name it; never holds a key."""
        ...

    def reply(
        self, messages: Sequence[Message], *, max_tokens: int, schema: type[BaseModel] | None = None
    ) -> Reply:
        """One whole reply, as JSON text of `schema` if one is given (not yet validated).

        Raises:
            ModelUnavailable: No answer after the retries that the settings allow.
        """
        ...

    def stream(self, messages: Sequence[Message], *, max_tokens: int) -> Iterator[str]:
        """Pieces of a reply as they arrive; closing the iterator stops the model.

        Raises:
            ModelUnavailable: The model does not answer, or breaks off.
        """
        ...


class PassingModel:
    """A LanguageModel around another one; what a subclass does not change is passed on as it is."""

    def __init__(self, model: LanguageModel) -> None:
        self._model = model

    @property
    def name(self) -> str:
        """Name of the model within."""
        return self._model.name

    def reply(
        self, messages: Sequence[Message], *, max_tokens: int, schema: type[BaseModel] | None = None
    ) -> Reply:
        """As the model within replies.

        Raises:
            ModelUnavailable: As there.
        """
        return self._model.reply(messages, max_tokens=max_tokens, schema=schema)

    def stream(self, messages: Sequence[Message], *, max_tokens: int) -> Iterator[str]:
        """As the model within streams.

        Raises:
            ModelUnavailable: As there.
        """
        return self._model.stream(messages, max_tokens=max_tokens)


def close_stream(stream: Iterator[str] | None) -> None:
    """Stop the model behind a stream, where the stream can be closed."""
    close = getattr(stream, "close", None)
    if close is not None:
        close()


class Piece(NamedTuple):
    """A part of a raw prompt that is turned into tokens by itself."""

    text: str
    is_data: bool
    """Whether somebody else wrote it: marks of the chat template in it are plain text then."""


class WordReader(Protocol):
    """A language model that is read, not asked: how likely certain words are to come next."""

    @property
    def name(self) -> str:
        """provider:model of the language model."""
        ...

    def word_logprobs(
        self, opening: Sequence[Piece], closings: Sequence[Sequence[Piece]], words: Sequence[str]
    ) -> Iterator[tuple[float, ...]]:
        """For each closing, one after the other: log-probabilities (natural) of `words` as the next token.

        The same opening and closings in the same order give the same numbers.

        Args:
            opening: What all closings follow.
            closings: At least one.
            words: Each one token of the model.

        Raises:
            ModelUnavailable: The model does not answer.
        """
        ...


def is_embedded(model: LanguageModel) -> bool:
    """Whether a language model ships with the product: those are too small to judge or to rewrite."""
    return model.name.partition(":")[0] == EMBEDDED
