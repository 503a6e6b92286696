import json
import struct

import numpy as np
import pytest
from fakes.models import SHAPE, tiny_e5, tiny_tokenizer
from hypothesis import given
from hypothesis import strategies as st

from bot.models.converting import bert_name, bfloat16, convert
from bot.models.e5 import E5FormatError, dequantised, open_e5


@pytest.fixture
def source(tmp_path):
    folder = tmp_path / "source"
    folder.mkdir()
    data, _ = tiny_e5()
    (folder / "e5-small-q4.bin").write_bytes(data)
    (folder / "tokenizer.json").write_bytes(tiny_tokenizer())
    return folder


def test_every_tensor_has_the_values_of_the_file(source, tmp_path):
    from safetensors.torch import load_file

    convert(source, tmp_path / "made")
    _, meaning = tiny_e5()
    tensors = load_file(tmp_path / "made" / "model.safetensors")
    assert set(tensors) == {bert_name(name) for name in meaning}
    for name, values in meaning.items():
        found = tensors[bert_name(name)].float().numpy()
        assert found.shape == values.shape, name
        assert np.allclose(found, values, rtol=2**-8, atol=0), name


def test_the_names_and_shapes_are_those_of_the_network(source, tmp_path):
    from transformers import BertConfig, BertModel

    convert(source, tmp_path / "made")
    network = BertModel(BertConfig.from_pretrained(tmp_path / "made"), add_pooling_layer=False)
    with (tmp_path / "made" / "model.safetensors").open("rb") as file:
        header = json.loads(file.read(int.from_bytes(file.read(8), "little")))
    written = {name: entry["shape"] for name, entry in header.items() if name != "__metadata__"}
    assert written == {name: list(parameter.shape) for name, parameter in network.named_parameters()}


def test_a_block_keeps_low_nibbles_before_high_ones():
    block = struct.pack("<e16B", 0.5, *[0x08 + number for number in range(8)], *([0xF0] * 8))
    values = dequantised(block)
    assert values[:8].tolist() == [0.5 * number for number in range(8)]
    assert values[8:16].tolist() == [-4.0] * 8
    assert values[16:24].tolist() == [-4.0] * 8
    assert values[24:].tolist() == [3.5] * 8


@given(
    st.lists(
        st.floats(width=32, allow_nan=False, allow_infinity=False, min_value=-(2.0**100), max_value=2.0**100),
        min_size=1,
    )
)
def test_bfloat16_is_the_nearest(numbers):
    import torch

    values = np.array(numbers, dtype=np.float32)
    expected = torch.from_numpy(values.copy()).to(torch.bfloat16).view(torch.int16).numpy().view(np.uint16)
    assert (bfloat16(values) == expected).all()


@pytest.mark.parametrize("keep", [0, 3, 40, 70, 90, 500, -1])
def test_a_cut_off_file_is_refused_and_leaves_nothing(source, tmp_path, keep):
    weights = source / "e5-small-q4.bin"
    weights.write_bytes(weights.read_bytes()[:keep])
    with pytest.raises(E5FormatError):
        convert(source, tmp_path / "made")
    assert [path.name for path in tmp_path.iterdir()] == ["source"]


@pytest.mark.parametrize(("place", "byte"), [(0, b"X"), (4, b"\x02"), (40, b"\x10")])
def test_another_format_is_refused(source, place, byte):
    weights = source / "e5-small-q4.bin"
    data = bytearray(weights.read_bytes())
    data[place : place + 1] = byte
    weights.write_bytes(data)
    with pytest.raises(E5FormatError):
        open_e5(weights)


def test_a_missing_tokenizer_leaves_nothing(source, tmp_path):
    (source / "tokenizer.json").unlink()
    with pytest.raises(FileNotFoundError):
        convert(source, tmp_path / "made")
    assert [path.name for path in tmp_path.iterdir()] == ["source"]


def test_an_older_directory_is_replaced(source, tmp_path):
    (tmp_path / "made").mkdir()
    (tmp_path / "made" / "old").write_text("old")
    convert(source, tmp_path / "made")
    assert not (tmp_path / "made" / "old").exists()


def test_the_shape_is_read(source):
    shape = open_e5(source / "e5-small-q4.bin").shape
    assert (shape.hidden, shape.layers, shape.feed_forward) == (
        SHAPE["hidden"],
        SHAPE["layers"],
        SHAPE["feed_forward"],
    )
    assert shape.layer_norm_epsilon == pytest.approx(1e-12)
