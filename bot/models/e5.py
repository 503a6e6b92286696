"""Reads the 4-bit file of multilingual-e5-small (`E5S1`), little endian throughout."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from struct import Struct
from typing import BinaryIO

import numpy as np
from numpy.typing import NDArray

MAGIC = b"E5S1"
VERSION = 1
BLOCK = 32
BLOCK_BYTES = 2 + BLOCK // 2
BLOCKS_AT_A_TIME = 1 << 16

_HEADER = Struct("<4sI7ifi")
_TOKENIZER = Struct("<5iQ")
_CHARSMAP = Struct("<iI")
_COUNT = Struct("<i")
_NAME_LENGTH = Struct("<H")
_ENTRY = Struct("<BIQQ")


class E5FormatError(ValueError):
    """The file is not what its name says."""


@dataclass(frozen=True)
class E5Shape:
    """Sizes of the network."""

    hidden: int
    layers: int
    heads: int
    feed_forward: int
    vocabulary: int
    positions: int
    token_types: int
    layer_norm_epsilon: float


@dataclass(frozen=True)
class E5Tensor:
    """One tensor, still in the file."""

    name: str
    quantised: bool
    elements: int
    offset: int
    bytes: int


@dataclass(frozen=True)
class E5File:
    """What the file holds and where."""

    path: Path
    shape: E5Shape
    tensors: tuple[E5Tensor, ...]

    def values(self, tensor: E5Tensor) -> Iterator[NDArray[np.float32]]:
        """The tensor's numbers in order, flat, a few megabytes at a time."""
        size = BLOCKS_AT_A_TIME * (BLOCK_BYTES if tensor.quantised else 4)
        with self.path.open("rb") as file:
            file.seek(tensor.offset)
            for start in range(0, tensor.bytes, size):
                data = _read(file, min(size, tensor.bytes - start))
                yield dequantised(data) if tensor.quantised else np.frombuffer(data, dtype="<f4")


def dequantised(data: bytes) -> NDArray[np.float32]:
    """Numbers of q4_0 blocks: float16 d, then 16 bytes: low nibbles are values 0..15, high ones 16..31.

    A value is (nibble - 8) * d.
    """
    blocks = np.frombuffer(data, dtype=np.dtype([("d", "<f2"), ("q", "u1", (BLOCK // 2,))]))
    nibbles = np.concatenate([blocks["q"] & 0x0F, blocks["q"] >> 4], axis=1).astype(np.float32)
    return ((nibbles - 8) * blocks["d"].astype(np.float32)[:, None]).reshape(-1)


def open_e5(path: Path) -> E5File:
    """Read header and directory.

    Raises:
        E5FormatError: Not such a file, or of another version, or cut off.
    """
    with path.open("rb") as file:
        magic, version, *sizes = _HEADER.unpack(_read(file, _HEADER.size))
        if (magic, version) != (MAGIC, VERSION) or sizes[-1] != BLOCK:
            raise E5FormatError(f"{path.name} is not version {VERSION} of {MAGIC.decode()}")
        _skip_tokenizer(file)
        (count,) = _COUNT.unpack(_read(file, _COUNT.size))
        tensors = tuple(_entry(file) for _ in range(count))
    return E5File(path, E5Shape(*sizes[:-1]), tensors)


def _skip_tokenizer(file: BinaryIO) -> None:
    tokens, *_, blob = _TOKENIZER.unpack(_read(file, _TOKENIZER.size))
    _read(file, 4 * (tokens + 1) + 4 * tokens + blob)
    _, charsmap = _CHARSMAP.unpack(_read(file, _CHARSMAP.size))
    _read(file, charsmap)


def _entry(file: BinaryIO) -> E5Tensor:
    (length,) = _NAME_LENGTH.unpack(_read(file, _NAME_LENGTH.size))
    name = _read(file, length).decode()
    kind, elements, offset, size = _ENTRY.unpack(_read(file, _ENTRY.size))
    expected = elements // BLOCK * BLOCK_BYTES if kind == 1 else elements * 4
    if kind not in (0, 1) or size != expected:
        raise E5FormatError(f"tensor {name}: kind {kind}, {elements} elements in {size} bytes")
    return E5Tensor(name, kind == 1, elements, offset, size)


def _read(file: BinaryIO, size: int) -> bytes:
    data = file.read(size)
    if len(data) != size:
        raise E5FormatError("the file ends too early")
    return data
