"""The adapter with which the embedded language model judges, in the form that llama.cpp reads.

It ships as safetensors (verdict.safetensors: float16 tensors '<map>.lora_a' of shape (rank, in) and
'<map>.lora_b' of shape (out, rank)) and is written once as a GGUF file, version 3, whose layout is
described at https://github.com/ggml-org/ggml/blob/master/docs/gguf.md.
"""

import struct
from collections.abc import Mapping
from importlib.resources import as_file, files
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from bot.models.disk import sha256_of, storage_full, write_atomically

NAME = "verdict.safetensors"
ADAPTERS = "adapters"
"""Folder of the home directory that holds the written form."""
ALIGNMENT = 32
_MAGIC, _VERSION = b"GGUF", 3
_FLOAT32, _STRING = 6, 8
_HALF = 1
"""Code of float16 among GGUF's tensor types."""
Tensors = Mapping[str, NDArray[np.float16]]


def shipped_adapter() -> Path | None:
    """The file that ships with the product, None where it was left out."""
    resource = files("bot.models").joinpath(NAME)
    with as_file(resource) as path:
        return path if path.exists() else None


def adapter_version() -> str | None:
    """First 16 hex digits of the shipped file's SHA-256, None where none ships."""
    source = shipped_adapter()
    return None if source is None else sha256_of(source)[:16]


def adapter_for(model: Path, directory: Path) -> Path | None:
    """The adapter of `model` as a GGUF file in `directory`, written if it is not there.

    Args:
        model: The language model's file.
        directory: Made if it is not there.

    Returns:
        None where no adapter ships for this model.

    Raises:
        StorageFull: The disk took no more.
    """
    source = shipped_adapter()
    if source is None:
        return None
    from safetensors import safe_open

    with safe_open(source, "numpy") as opened:
        facts = opened.metadata()
        if facts["model"] != model.stem:
            return None
        target = directory / f"verdict-{adapter_version()}.gguf"
        if not target.exists():
            tensors = {name: opened.get_tensor(name) for name in sorted(opened.keys())}
            with storage_full(directory):
                directory.mkdir(parents=True, exist_ok=True)
                write_atomically(target, gguf_adapter(tensors, float(facts["alpha"])))
        return target


def gguf_adapter(tensors: Tensors, alpha: float) -> bytes:
    """A GGUF file with low-rank updates for a Qwen2 model.

    Args:
        tensors: By name.
        alpha: The update is scaled by alpha / rank.
    """
    texts = {"general.architecture": "qwen2", "general.type": "adapter", "adapter.type": "lora"}
    head = _MAGIC + struct.pack("<IQQ", _VERSION, len(tensors), len(texts) + 1)
    for key, value in texts.items():
        head += _text(key) + struct.pack("<I", _STRING) + _text(value)
    head += _text("adapter.lora.alpha") + struct.pack("<If", _FLOAT32, alpha)
    body = bytearray()
    for name, tensor in tensors.items():
        shape = tensor.shape[::-1]  # innermost dimension first
        head += _text(name) + struct.pack(f"<I{len(shape)}QIQ", len(shape), *shape, _HALF, len(body))
        body += np.ascontiguousarray(tensor, dtype="<f2").tobytes()
        body += bytes(-len(body) % ALIGNMENT)
    return head + bytes(-len(head) % ALIGNMENT) + bytes(body)


def _text(text: str) -> bytes:
    data = text.encode()
    return struct.pack("<Q", len(data)) + data
