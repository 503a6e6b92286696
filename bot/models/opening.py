"""The model store that the settings describe."""

from collections.abc import Callable
from pathlib import Path

from bot.models.hub import Hub, cached_file
from bot.models.registry import Registry
from bot.models.snapshots import Snapshots
from bot.models.sources import LocalFiles, Source
from bot.models.store import ModelStore
from bot.settings import Settings

REMOTE: dict[str, Callable[[], Source]] = {"hub": Hub, "registry": Registry}


def open_models(settings: Settings, directory: Path | None = None) -> ModelStore:
    """The store of embedded models; missing ones come from this machine, then from the settings' sources.

    Args:
        settings: Home directory and sources.
        directory: None: `models` in the home directory.
    """
    sources: list[Source] = [LocalFiles(cached=cached_file)]
    sources += [REMOTE[name]() for name in settings.model_sources]
    hub = Snapshots() if "hub" in settings.model_sources else None
    return ModelStore(directory or settings.home / "models", sources, hub=hub)
