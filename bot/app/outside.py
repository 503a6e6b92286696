"""The outside world that a product is put over."""

from dataclasses import dataclass

from bot.models import ModelStore
from bot.seams import Embedder, Index, LanguageModel, Store


@dataclass(frozen=True, slots=True)
class Outside:
    """What a product does not make itself."""

    store: Store
    """Holds what is true."""
    index: Index
    """Derived from it."""
    embedder: Embedder
    """Turns text into vectors."""
    models: ModelStore
    """The embedded models."""
    language_model: LanguageModel | None = None
    """In place of the one that the settings name; None: that one."""
