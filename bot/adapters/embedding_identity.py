"""What makes one embedding model's vectors different from another's."""

import hashlib
from pathlib import Path

DOCUMENTATION = frozenset({".md", ".txt", ".png", ".gitattributes"})
LANDMARKS = ("modules.json", "config_sentence_transformers.json", "config.json")
"""A sentence-transformers model has at least one of them at its top."""


def weights_of_directory(directory: Path) -> str:
    """Hash over names and bytes of a model's files, without documentation; 64 hex digits."""
    state = hashlib.sha256()
    for path in sorted(directory.rglob("*")):
        if path.is_file() and path.suffix not in DOCUMENTATION:
            with path.open("rb") as file:
                content = hashlib.file_digest(file, "sha256").digest()
            state.update(path.relative_to(directory).as_posix().encode() + b"\0" + content)
    return state.hexdigest()


def weights_of_snapshot(hub_id: str, cache: Path | None = None) -> str:
    """Hash of a model's hub id and the commit that is in this machine's cache; 64 hex digits.

    Args:
        hub_id: Owner and name.
        cache: None: where the hub's own settings say.

    Raises:
        FileNotFoundError: The cache has no such model.
    """
    from huggingface_hub import try_to_load_from_cache

    for name in LANDMARKS:
        if isinstance(path := try_to_load_from_cache(hub_id, name, cache_dir=cache), str):
            commit = Path(path).parent.name
            return hashlib.sha256(f"{hub_id}@{commit}".encode()).hexdigest()
    raise FileNotFoundError(hub_id)
