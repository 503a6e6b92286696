import struct

import numpy as np
import pytest
from safetensors.numpy import save_file

from bot.models import adapter
from bot.models.adapter import ALIGNMENT, adapter_for, adapter_version, gguf_adapter

A = np.arange(6, dtype=np.float16).reshape(2, 3)
B = np.arange(8, dtype=np.float16).reshape(4, 2)


def read(data: bytes):
    """Keys and tensors of a GGUF file, read by its published layout."""
    at = 4

    def take(form):
        nonlocal at
        values = struct.unpack_from("<" + form, data, at)
        at += struct.calcsize("<" + form)
        return values if len(values) > 1 else values[0]

    def text():
        nonlocal at
        size = take("Q")
        at += size
        return data[at - size : at].decode()

    version, tensors, keys = take("I"), take("Q"), take("Q")
    found = {text(): text() if take("I") == 8 else take("f") for _ in range(keys)}
    places = {}
    for _ in range(tensors):
        name, dimensions = text(), take("I")
        shape = struct.unpack_from(f"<{dimensions}Q", data, at)
        at += 8 * dimensions
        places[name] = (shape, *take("IQ"))
    start = at + -at % ALIGNMENT
    values = {
        name: np.frombuffer(data, "<f2", int(np.prod(shape)), start + offset).reshape(shape[::-1])
        for name, (shape, kind, offset) in places.items()
        if kind == 1 and offset % ALIGNMENT == 0
    }
    return data[:4], version, found, values


def test_the_layout_is_that_of_a_low_rank_adapter():
    magic, version, keys, tensors = read(gguf_adapter({"x.lora_a": A, "x.lora_b": B}, alpha=16.0))
    assert (magic, version) == (b"GGUF", 3)
    assert keys == {
        "general.architecture": "qwen2",
        "general.type": "adapter",
        "adapter.type": "lora",
        "adapter.lora.alpha": 16.0,
    }
    assert np.array_equal(tensors["x.lora_a"], A)
    assert np.array_equal(tensors["x.lora_b"], B)


@pytest.fixture
def shipped(tmp_path, monkeypatch):
    file = tmp_path / "shipped.safetensors"
    save_file({"x.lora_a": A, "x.lora_b": B}, file, {"model": "a-model", "alpha": "4"})
    monkeypatch.setattr(adapter, "shipped_adapter", lambda: file)
    return file


def test_it_is_written_once_for_its_model(shipped, tmp_path):
    written = adapter_for(tmp_path / "a-model.gguf", tmp_path / "home" / "adapters")
    assert written.name == f"verdict-{adapter_version()}.gguf"
    assert read(written.read_bytes())[2]["adapter.lora.alpha"] == 4.0
    before = written.stat().st_mtime_ns
    assert adapter_for(tmp_path / "a-model.gguf", tmp_path / "home" / "adapters") == written
    assert written.stat().st_mtime_ns == before
    assert [path.name for path in written.parent.iterdir()] == [written.name]


def test_another_model_has_none(shipped, tmp_path):
    assert adapter_for(tmp_path / "other.gguf", tmp_path) is None


def test_the_one_that_ships_belongs_to_the_embedded_model(tmp_path):
    from bot.models import LANGUAGE_MODEL
    from bot.models.manifest import embedded_manifest

    (artefact,) = (one for one in embedded_manifest().artefacts if one.name == LANGUAGE_MODEL)
    written = adapter_for(tmp_path / f"{artefact.name}.gguf", tmp_path)
    _, _, keys, tensors = read(written.read_bytes())
    assert keys["adapter.lora.alpha"] > 0
    assert {name.rsplit(".", 1)[1] for name in tensors} == {"lora_a", "lora_b"}
    assert all(np.isfinite(tensor).all() for tensor in tensors.values())
