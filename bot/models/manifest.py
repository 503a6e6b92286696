"""What manifest.toml says of every embedded model."""

import hashlib
import tomllib
from functools import cache
from importlib.resources import files
from typing import Annotated, Literal

from pydantic import Field

from bot.domain.judges import ENCODER
from bot.domain.spans import Frozen

Sha256 = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
Bytes = Annotated[int, Field(gt=0)]

LANGUAGE_MODEL = "qwen2.5-coder-1.5b-instruct-q4_k_m"
SMALL_LANGUAGE_MODEL = "qwen2.5-coder-0.5b-instruct-q4_k_m"
EMBEDDING_MODEL = ENCODER


class HubFile(Frozen):
    """A file on the model hub."""

    repo: str
    file: str
    revision: str = "main"


class Part(Frozen):
    """One package's share of a file."""

    bytes: Bytes
    """Of the member."""
    wheel: Bytes
    """Of the wheel that holds it."""
    sha256: Sha256


class RegistryFile(Frozen):
    """A file that packages of the Python registry carry in parts, joined in order."""

    package: str
    """`{n}` stands for the part's number, from 1."""
    version: str
    member: str
    """Path in the wheel, with `{n}` or `{n:02}`."""
    parts: tuple[Part, ...] = Field(min_length=1)


class ModelFile(Frozen):
    """One file of a model; where it comes from makes no difference to its bytes."""

    name: str
    bytes: Bytes
    sha256: Sha256
    hub: HubFile | None = None
    registry: RegistryFile | None = None


class Artefact(Frozen):
    """A model as it is listed, fetched, verified and removed."""

    name: str
    version: str
    licence: str
    form: Literal["file", "sentence-transformers"] = "file"
    """What is used in the end: the only file itself, or a directory made from the files."""
    files: tuple[ModelFile, ...] = Field(min_length=1)

    @property
    def bytes(self) -> int:
        """What is fetched, all files together."""
        return sum(file.bytes for file in self.files)

    @property
    def identity(self) -> str:
        """Hash over name, form and the files' own hashes, 64 hex digits."""
        parts = [self.name, self.form, *(file.sha256 for file in self.files)]
        return hashlib.sha256("\n".join(parts).encode()).hexdigest()


class Manifest(Frozen):
    """All embedded models."""

    artefacts: tuple[Artefact, ...]


@cache
def embedded_manifest() -> Manifest:
    """The manifest that this version of the program came with."""
    text = files("bot.models").joinpath("manifest.toml").read_text("utf-8")
    return Manifest.model_validate(tomllib.loads(text))
