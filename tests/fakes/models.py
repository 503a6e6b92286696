"""Models small enough for a test: manifests, a source that can be killed, and a tiny E5 file."""

import hashlib
import json
import struct

import numpy as np

from bot.models.manifest import Artefact, HubFile, Manifest, ModelFile, Part, RegistryFile
from bot.models.sources import SourceFailed


class Killed(BaseException):
    """The process died here."""


def sha(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def model_file(name: str, data: bytes, sizes=(), package="tiny-part{n}") -> ModelFile:
    """A file whose registry parts have `sizes`, or are one."""
    parts, start = [], 0
    for size in sizes or (len(data),):
        piece = data[start : start + size]
        parts.append(Part(bytes=len(piece), wheel=len(piece) + 400, sha256=sha(piece)))
        start += size
    registry = RegistryFile(
        package=package, version="1.0", member="tiny_part{n}/data/part{n:02}.bin", parts=tuple(parts)
    )
    hub = HubFile(repo="some/model", file=name)
    return ModelFile(name=name, bytes=len(data), sha256=sha(data), hub=hub, registry=registry)


def manifest_of(*files: ModelFile, name="tiny", form="file") -> Manifest:
    return Manifest(artefacts=(Artefact(name=name, version="1", licence="MIT", form=form, files=files),))


class FakeSource:
    """Gives known bytes in pieces; `before` and `within` may raise.

    Args:
        contents: Bytes by file name.
        piece: Bytes of a piece.
    """

    def __init__(self, contents, piece=4, key="registry"):
        self.key = key
        self.contents = contents
        self.piece = piece
        self.given = []
        """(file, piece) as they were asked for."""
        self.before = lambda file, number: None
        self.within = lambda file, number: None

    def pieces(self, file):
        if file.name not in self.contents:
            return 0
        return -(-len(self.contents[file.name]) // self.piece)

    def append(self, file, number, target, arrived):
        self.before(file.name, number)
        self.given.append((file.name, number))
        data = self.contents[file.name][number * self.piece : (number + 1) * self.piece]
        half = len(data) // 2
        with target.open("ab") as out:
            out.write(data[:half])
            out.flush()
            arrived(half)
            self.within(file.name, number)
            out.write(data[half:])
        arrived(len(data))


class Silent:
    """A source that never answers."""

    def __init__(self, key="hub"):
        self.key = key

    def pieces(self, file):
        raise SourceFailed("nobody answers")

    def append(self, file, number, target, arrived):
        raise AssertionError("it was not reached")


SHAPE = {
    "hidden": 32,
    "layers": 2,
    "heads": 2,
    "feed_forward": 64,
    "vocabulary": 40,
    "positions": 24,
    "types": 2,
}


def tiny_e5(seed=0):
    """Bytes of an E5S1 file, and what its tensors mean, by the file's own names."""
    random = np.random.default_rng(seed)
    parts, meaning = [], {}
    for name, shape, quantised in _tensors():
        if quantised:
            data, values = _quantise(random.normal(size=shape).astype(np.float32))
        else:
            values = (random.normal(size=shape) * 0.1 + (1 if name.endswith("ln.w") else 0)).astype("<f4")
            data = values.tobytes()
        meaning[name] = values.reshape(shape)
        parts.append((name, quantised, values.size, data))
    return _file(parts), meaning


def _tensors():
    hidden, wide = SHAPE["hidden"], SHAPE["feed_forward"]
    yield "emb.word", (SHAPE["vocabulary"], hidden), True
    yield "emb.pos", (SHAPE["positions"], hidden), False
    yield "emb.type", (SHAPE["types"], hidden), False
    yield "emb.ln.w", (hidden,), False
    yield "emb.ln.b", (hidden,), False
    for layer in range(SHAPE["layers"]):
        for part, (rows, columns) in {
            "q": (hidden, hidden),
            "k": (hidden, hidden),
            "v": (hidden, hidden),
            "ao": (hidden, hidden),
            "fi": (wide, hidden),
            "fo": (hidden, wide),
        }.items():
            yield f"l{layer}.{part}.w", (rows, columns), True
            yield f"l{layer}.{part}.b", (rows,), False
        for part in ("aln", "oln"):
            yield f"l{layer}.{part}.w", (hidden,), False
            yield f"l{layer}.{part}.b", (hidden,), False


def _quantise(values):
    blocks = values.reshape(-1, 32)
    scale = (np.abs(blocks).max(axis=1) / 7).astype("<f2")
    codes = np.clip(np.round(blocks / scale.astype(np.float32)[:, None]) + 8, 0, 15).astype(np.uint8)
    data = b"".join(
        d.tobytes() + (row[:16] | (row[16:] << 4)).tobytes() for d, row in zip(scale, codes, strict=True)
    )
    return data, (codes.astype(np.float32) - 8) * scale.astype(np.float32)[:, None]


def _file(parts):
    sizes = [
        SHAPE[name]
        for name in ("hidden", "layers", "heads", "feed_forward", "vocabulary", "positions", "types")
    ]
    blob = b"abc"
    head = struct.pack("<4sI7ifi", b"E5S1", 1, *sizes, 1e-12, 32)
    head += struct.pack("<5iQ", 2, 0, 2, 1, 3, len(blob)) + struct.pack("<3I2f", 0, 1, 3, 0.0, -1.0) + blob
    head += struct.pack("<iI", 1, 4) + b"norm"
    directory_size = 4 + sum(2 + len(name) + 21 for name, *_ in parts)
    offset = len(head) + directory_size
    directory, data = struct.pack("<i", len(parts)), b""
    for name, quantised, elements, content in parts:
        directory += struct.pack("<H", len(name)) + name.encode()
        directory += struct.pack("<BIQQ", int(quantised), elements, offset + len(data), len(content))
        data += content
    return head + directory + data


def tiny_tokenizer():
    """Bytes of a tokenizer.json that reads characters."""
    special = ["<s>", "<pad>", "</s>", "<unk>", "<mask>"]
    letters = list("abcdefghijklmnopqrstuvwxyz: .学习网络")
    vocabulary = {token: number for number, token in enumerate((special + letters)[: SHAPE["vocabulary"]])}
    added = [
        {
            "id": n,
            "content": t,
            "single_word": False,
            "lstrip": False,
            "rstrip": False,
            "normalized": False,
            "special": True,
        }
        for n, t in enumerate(special)
    ]
    sequence = {"Sequence": {"id": "A", "type_id": 0}}
    around = [
        {"SpecialToken": {"id": "<s>", "type_id": 0}},
        sequence,
        {"SpecialToken": {"id": "</s>", "type_id": 0}},
    ]
    post = {
        "type": "TemplateProcessing",
        "single": around,
        "pair": around,
        "special_tokens": {t: {"id": t, "ids": [vocabulary[t]], "tokens": [t]} for t in ("<s>", "</s>")},
    }
    return json.dumps(
        {
            "version": "1.0",
            "truncation": None,
            "padding": None,
            "added_tokens": added,
            "normalizer": {"type": "Lowercase"},
            "pre_tokenizer": {
                "type": "Split",
                "pattern": {"Regex": "."},
                "behavior": "Isolated",
                "invert": False,
            },
            "post_processor": post,
            "decoder": None,
            "model": {"type": "WordLevel", "vocab": vocabulary, "unk_token": "<unk>"},
        }
    ).encode()
