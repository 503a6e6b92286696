"""The record of a run, OUT.run.json: what was measured, on what, and what came out."""

import hashlib
import platform
from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, version
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path

from pydantic import Field, JsonValue

from bot.domain.spans import Frozen
from evals.metrics.estimate import Metrics

PACKAGES = ("kaodian", "scikit-learn", "numpy", "torch", "sentence-transformers", "chromadb", "xllamacpp")
CODE_SUFFIXES = (".py", ".md", ".json", ".toml")


class Source(Frozen):
    """A set or a corpus, by name and content."""

    name: str
    """Last part of its path."""
    sha256: str
    size: int
    """Lines of a set, files of a corpus."""


class RunRecord(Frozen):
    """Header and outcome of a run."""

    kind: str
    set: Source
    corpus: Source | None
    settings: dict[str, JsonValue]
    """A rerun with other values is refused."""
    code: str
    """sha256 over the product's own files, 16 hex digits."""
    grader: str | None = None
    """The same over the grader alone; None in older records."""
    prompts: str | None = None
    """The same over the prompts; None in older records."""
    set_path: str | None = None
    """Where the set lay, seen from the record's folder; None where nobody said."""
    notes: dict[str, JsonValue] = Field(default_factory=dict)
    versions: dict[str, str]
    started_at: str
    done: int = 0
    total: int
    seconds: float = 0.0
    """Sum over the rows."""
    usage: dict[str, int | float] = Field(default_factory=dict)
    """Calls of hosted models, hits of the cache, tokens and cost, summed over the rows."""
    metrics: Metrics | None = None
    """None until every row is done."""

    def differences(self, other: "RunRecord") -> list[str]:
        """Names of what was changed between two runs that must be the same; empty if nothing was."""
        names = [
            name for name in ("kind", "set", "corpus", "code") if getattr(self, name) != getattr(other, name)
        ]
        keys = sorted(self.settings.keys() | other.settings.keys())
        return names + [key for key in keys if self.settings.get(key) != other.settings.get(key)]


def record_path(out: Path) -> Path:
    """Where the record of `out` stands: OUT.run.json beside OUT.jsonl."""
    return out.with_name(f"{out.stem}.run.json")


def versions() -> dict[str, str]:
    """Versions that a figure may depend on."""
    found = {"python": platform.python_version(), "machine": platform.machine()}
    for package in PACKAGES:
        try:
            found[package] = version(package)
        except PackageNotFoundError:
            continue
    return found


def code_hash(*rooms: str) -> str:
    """16 hex digits over the files of these rooms of the product, or of all of it."""
    root = files("bot")
    places = [root.joinpath(room) for room in rooms] if rooms else [root]
    state = hashlib.sha256()
    for name, content in (part for place in places for part in _parts(place, place.name)):
        state.update(f"{name}\0".encode() + hashlib.sha256(content).digest())
    return state.hexdigest()[:16]


def _parts(place: Traversable, name: str) -> Iterator[tuple[str, bytes]]:
    if place.is_file():
        if name.endswith(CODE_SUFFIXES):
            yield name, place.read_bytes()
        return
    for entry in sorted(place.iterdir(), key=lambda item: item.name):
        if entry.name not in ("__pycache__", "texts"):
            yield from _parts(entry, f"{name}/{entry.name}")
