"""Models of the hub that a setting names: fetched whole into the hub's own cache, where others look too."""

import json
from pathlib import Path

from bot.domain.errors import ModelUnavailable
from bot.domain.spans import Frozen
from bot.models.disk import is_disk_full
from bot.models.hub import CONNECT_SECONDS, bar_of, endpoint_of, probe
from bot.models.sources import Arrived, SourceFailed
from bot.seams import Progress
from bot.texts import say

LANDMARKS = ("modules.json", "config_sentence_transformers.json", "config.json")
"""A sentence-transformers model has at least one of them at its top."""
FOREIGN = frozenset(
    {
        ".onnx", ".onnx_data", ".h5", ".msgpack", ".ot", ".tflite", ".gguf", ".xml", ".mlmodel",
        ".pt", ".pth", ".ckpt", ".png", ".jpg", ".jpeg", ".gif", ".webp", ".svg", ".pdf",
    }
)  # fmt: skip
"""Endings of what sentence-transformers does not read: weights for other programs, and pictures."""
FOREIGN_FOLDERS = frozenset({"onnx", "openvino"})


class HubModelFile(Frozen):
    """A file that the hub lists."""

    name: str
    bytes: int


class Snapshots:
    """Fetches models by their hub id.

    Args:
        endpoint: Base address; None: HF_ENDPOINT, or else the official one.
        cache: None: where the hub's own settings say.
        connect_seconds: How long the hub may take to answer at all.
    """

    def __init__(
        self, endpoint: str | None = None, cache: Path | None = None, connect_seconds: float = CONNECT_SECONDS
    ) -> None:
        self._endpoint = endpoint_of(endpoint)
        self._cache = cache
        self._seconds = connect_seconds

    def is_here(self, hub_id: str) -> bool:
        """Whether the model can be loaded without the hub, as far as its files tell."""
        folder = self._folder(hub_id)
        return folder is not None and _is_whole(folder)

    def fetch(self, hub_id: str, progress: Progress) -> None:
        """Fetch what is missing of a model; the hub is not asked where all is here.

        Args:
            hub_id: Owner and name.
            progress: Told in bytes; what has arrived is kept if it is broken off.

        Raises:
            ModelUnavailable: The hub does not give it, and nothing of it is here.
            StorageFull: The disk took no more.
        """
        if self.is_here(hub_id):
            return
        try:
            probe(self._endpoint, self._seconds)
            self._fetch(hub_id, progress)
        except Exception as error:  # the hub's client, its HTTP client and its checks share no class
            if is_disk_full(error) or not isinstance(error, (OSError, ValueError, SourceFailed)):
                raise
            if self._folder(hub_id) is None:
                why = str(error).strip().partition("\n")[0] or type(error).__name__
                raise ModelUnavailable("models.embedding_failed", name=hub_id, why=why) from error

    def _fetch(self, hub_id: str, progress: Progress) -> None:
        from huggingface_hub import HfApi, hf_hub_download

        listed = HfApi(endpoint=self._endpoint).model_info(hub_id, files_metadata=True, timeout=self._seconds)
        files = wanted([HubModelFile(name=f.rfilename, bytes=f.size or 0) for f in listed.siblings or ()])
        total, done = sum(file.bytes for file in files), 0
        what = say("models.fetching", name=hub_id)
        for file in files:
            hf_hub_download(
                hub_id,
                file.name,
                cache_dir=self._cache,
                endpoint=self._endpoint,
                etag_timeout=self._seconds,
                tqdm_class=bar_of(_after(done, total, what, progress)),
            )
            done += file.bytes
            progress(done, total, what)

    def _folder(self, hub_id: str) -> Path | None:
        """Where the hub's cache has the model, or a part of it."""
        from huggingface_hub import try_to_load_from_cache
        from huggingface_hub.errors import HFValidationError

        for name in LANDMARKS:
            try:
                found = try_to_load_from_cache(hub_id, name, cache_dir=self._cache)
            except HFValidationError:
                return None
            if isinstance(found, str):
                return Path(found).parent
        return None


def wanted(files: list[HubModelFile]) -> list[HubModelFile]:
    """The files that sentence-transformers reads, smallest first: where the weights are, all is."""
    safe = {str(Path(file.name).parent) for file in files if file.name.endswith(".safetensors")}
    chosen = [
        file
        for file in files
        if Path(file.name).suffix.lower() not in FOREIGN
        and not FOREIGN_FOLDERS & set(Path(file.name).parts)
        and not (file.name.endswith(".bin") and str(Path(file.name).parent) in safe)
    ]
    return sorted(chosen, key=lambda file: (file.bytes, file.name))


def _after(before: int, total: int, what: str, progress: Progress) -> Arrived:
    return lambda size: progress(min(before + size, total), total, what)


def _is_whole(folder: Path) -> bool:
    """Whether the weights are here, every part of them."""
    weights = [*folder.rglob("*.safetensors"), *folder.rglob("pytorch_model*.bin")]
    return bool(weights) and all(
        (index.parent / part).exists() for index in folder.rglob("*.index.json") for part in _parts(index)
    )


def _parts(index: Path) -> set[str]:
    try:
        return set(json.loads(index.read_text("utf-8"))["weight_map"].values())
    except (ValueError, KeyError, TypeError, AttributeError):  # an index of something else
        return set()
