"""A language model that tells of each piece it sends, so that the wait for the first can be timed."""

from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import contextmanager

from bot.seams import LanguageModel, Message, PassingModel, close_stream


class ListenedModel(PassingModel):
    """A bot.seams.LanguageModel around another one, which is heard by one listener at a time."""

    def __init__(self, model: LanguageModel) -> None:
        super().__init__(model)
        self._on_piece: Callable[[], None] | None = None

    def stream(self, messages: Sequence[Message], *, max_tokens: int) -> Iterator[str]:
        """Pieces of the model within, each told of before it is passed on."""
        pieces = self._model.stream(messages, max_tokens=max_tokens)
        try:
            for piece in pieces:
                if self._on_piece:
                    self._on_piece()
                yield piece
        finally:
            close_stream(pieces)

    @contextmanager
    def heard_by(self, on_piece: Callable[[], None]) -> Generator[None]:
        """Tell `on_piece` of pieces while this is open."""
        self._on_piece = on_piece
        try:
            yield
        finally:
            self._on_piece = None
