"""The embedded models: what they are, where they come from, and that they are what they should be."""

from bot.models.adapter import ADAPTERS, adapter_for, adapter_version, shipped_adapter
from bot.models.manifest import EMBEDDING_MODEL, LANGUAGE_MODEL, SMALL_LANGUAGE_MODEL
from bot.models.opening import open_models
from bot.models.store import ModelState, ModelStore

__all__ = [
    "ADAPTERS",
    "EMBEDDING_MODEL",
    "LANGUAGE_MODEL",
    "SMALL_LANGUAGE_MODEL",
    "ModelState",
    "ModelStore",
    "adapter_for",
    "adapter_version",
    "open_models",
    "shipped_adapter",
]
