"""The model hub, through huggingface_hub; HF_ENDPOINT names a mirror."""

import os
import shutil
from pathlib import Path
from typing import Any

from tqdm import tqdm

from bot.models.disk import is_disk_full
from bot.models.manifest import HubFile, ModelFile
from bot.models.sources import Arrived, SourceFailed
from bot.texts import say

CONNECT_SECONDS = 5.0
OFFICIAL = "https://huggingface.co"


class Hub:
    """Gives a whole file; what has arrived is kept for the next try.

    Args:
        endpoint: Base address; None: HF_ENDPOINT, or else the official one.
        connect_seconds: How long the hub may take to answer at all.
    """

    key = "hub"

    def __init__(self, endpoint: str | None = None, connect_seconds: float = CONNECT_SECONDS) -> None:
        self._endpoint = endpoint_of(endpoint)
        self._seconds = connect_seconds

    def pieces(self, file: ModelFile) -> int:
        """1 when the manifest knows the file's place on the hub, and the hub answers."""
        if file.hub is None:
            return 0
        probe(self._endpoint, self._seconds)
        return 1

    def append(self, file: ModelFile, number: int, target: Path, arrived: Arrived) -> None:
        """Download the file, or what is missing of it."""
        if file.hub is None:
            raise SourceFailed(say("models.not_there", file=file.name))
        work = target.parent / "hub"
        _download(file.hub, self._endpoint, work, arrived).replace(target)
        shutil.rmtree(work, ignore_errors=True)
        arrived(file.bytes)


def endpoint_of(given: str | None) -> str:
    """The hub's base address: the given one, else HF_ENDPOINT, else the official one."""
    return (given or os.environ.get("HF_ENDPOINT") or OFFICIAL).rstrip("/")


def probe(endpoint: str, seconds: float) -> None:
    """Ask for an answer, any answer: the hub's own client would try for minutes.

    Raises:
        SourceFailed: There is none.
    """
    from httpx2 import HTTPError
    from huggingface_hub import get_session

    try:
        get_session().head(endpoint, timeout=seconds)
    except (HTTPError, OSError) as error:
        raise SourceFailed(say("models.no_answer", address=endpoint, seconds=seconds)) from error


def _download(place: HubFile, endpoint: str, work: Path, arrived: Arrived) -> Path:
    from httpx2 import HTTPError
    from huggingface_hub import hf_hub_download
    from huggingface_hub.errors import XetDownloadError

    try:
        path = hf_hub_download(
            place.repo,
            place.file,
            revision=place.revision,
            local_dir=work,
            endpoint=endpoint,
            etag_timeout=CONNECT_SECONDS,
            tqdm_class=bar_of(arrived),
        )
    except (OSError, HTTPError, XetDownloadError) as error:
        if is_disk_full(error):
            raise
        why = say("models.hub_failed", address=endpoint, why=str(error).strip().partition("\n")[0])
        raise SourceFailed(why) from error
    return Path(path)


def bar_of(arrived: Arrived) -> type[tqdm]:
    """A progress bar that draws nothing and tells `arrived`."""

    class Bar(tqdm):
        def __init__(self, *args: Any, **options: Any) -> None:
            super().__init__(*args, **{**options, "disable": True})
            self._bytes = int(options.get("initial") or 0)

        def update(self, n: float | None = 1) -> None:
            self._bytes += int(n or 0)
            arrived(self._bytes)

    return Bar


def cached_file(file: ModelFile, cache: Path | None = None) -> Path | None:
    """The file in the hub's cache on this machine, where other programs may have left it.

    Args:
        file: What is looked for.
        cache: None: where the hub's own settings say.
    """
    if file.hub is None:
        return None
    from huggingface_hub import try_to_load_from_cache

    found = try_to_load_from_cache(file.hub.repo, file.hub.file, cache_dir=cache, revision=file.hub.revision)
    return Path(found) if isinstance(found, str) else None
