"""Makes a sentence-transformers directory of multilingual-e5-small out of its 4-bit weights."""

import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

import numpy as np
from numpy.typing import NDArray

from bot.models.e5 import E5File, E5Shape, E5Tensor, open_e5

WEIGHTS = "e5-small-q4.bin"
TOKENIZER = "tokenizer.json"
DIRECTORY = "sentence-transformers"
QUERY_PROMPT = "query: "
PASSAGE_PROMPT = "passage: "

_OUTER = {
    "emb.word": "embeddings.word_embeddings.weight",
    "emb.pos": "embeddings.position_embeddings.weight",
    "emb.type": "embeddings.token_type_embeddings.weight",
    "emb.ln.w": "embeddings.LayerNorm.weight",
    "emb.ln.b": "embeddings.LayerNorm.bias",
}
_INNER = {
    "q": "attention.self.query",
    "k": "attention.self.key",
    "v": "attention.self.value",
    "ao": "attention.output.dense",
    "aln": "attention.output.LayerNorm",
    "fi": "intermediate.dense",
    "fo": "output.dense",
    "oln": "output.LayerNorm",
}
_SUFFIX = {"w": "weight", "b": "bias"}
SPECIAL_TOKENS = {
    "bos_token": "<s>",
    "cls_token": "<s>",
    "eos_token": "</s>",
    "sep_token": "</s>",
    "pad_token": "<pad>",
    "unk_token": "<unk>",
    "mask_token": "<mask>",
}
STEPS = (
    ("", "sentence_transformers.base.modules.transformer.Transformer"),
    ("1_Pooling", "sentence_transformers.sentence_transformer.modules.pooling.Pooling"),
    ("2_Normalize", "sentence_transformers.base.modules.normalize.Normalize"),
)
"""Directory and class of each step from text to vector."""
FIXED: dict[str, object] = {
    "2_Normalize/config.json": {},
    "config_sentence_transformers.json": {
        "model_type": "SentenceTransformer",
        "prompts": {"query": QUERY_PROMPT, "document": PASSAGE_PROMPT, "passage": PASSAGE_PROMPT},
        "similarity_fn_name": "cosine",
    },
    "modules.json": [
        {"idx": number, "name": str(number), "path": path, "type": kind}
        for number, (path, kind) in enumerate(STEPS)
    ],
}
"""Files of the directory that do not depend on the network's sizes."""


def convert(source: Path, target: Path) -> None:
    """Write directory `target` from the files in `source`; on failure nothing is left.

    Raises:
        E5FormatError: The weights are not in the expected format.
    """
    half_done = target.with_name(target.name + ".partial")
    shutil.rmtree(half_done, ignore_errors=True)
    try:
        half_done.mkdir(parents=True)
        weights = open_e5(source / WEIGHTS)
        write_weights(weights, half_done / "model.safetensors")
        shutil.copyfile(source / TOKENIZER, half_done / TOKENIZER)
        for name, content in _configurations(weights.shape).items():
            file = half_done / name
            file.parent.mkdir(exist_ok=True)
            file.write_text(json.dumps(content, indent=2), "utf-8")
        shutil.rmtree(target, ignore_errors=True)
        half_done.rename(target)
    finally:
        shutil.rmtree(half_done, ignore_errors=True)


def write_weights(weights: E5File, target: Path) -> None:
    """Write all tensors in the safetensors format, a few megabytes in memory at a time.

    Quantised tensors become bfloat16; the small rest stays float32.
    """
    header: dict[str, object] = {"__metadata__": {"format": "pt"}}
    end = 0
    for tensor in weights.tensors:
        start, end = end, end + tensor.elements * (2 if tensor.quantised else 4)
        header[bert_name(tensor.name)] = {
            "dtype": "BF16" if tensor.quantised else "F32",
            "shape": bert_shape(tensor, weights.shape),
            "data_offsets": [start, end],
        }
    text = json.dumps(header).encode()
    text += b" " * (-len(text) % 8)
    with target.open("wb") as file:
        file.write(len(text).to_bytes(8, "little") + text)
        for tensor in weights.tensors:
            _write_tensor(weights.values(tensor), tensor.quantised, file)


def _write_tensor(values: Iterator[NDArray[np.float32]], quantised: bool, file: BinaryIO) -> None:
    for piece in values:
        file.write(bfloat16(piece).tobytes() if quantised else piece.astype("<f4").tobytes())


def bfloat16(values: NDArray[np.float32]) -> NDArray[np.uint16]:
    """Bits of the nearest bfloat16, ties to even; values are finite."""
    bits = values.astype("<f4").view("<u4")
    return ((bits + 0x7FFF + ((bits >> 16) & 1)) >> 16).astype("<u2")


def bert_name(name: str) -> str:
    """What transformers' BertModel calls a tensor. Raises KeyError for one it has not."""
    if name in _OUTER:
        return _OUTER[name]
    layer, part, suffix = name.split(".")
    return f"encoder.layer.{int(layer.removeprefix('l'))}.{_INNER[part]}.{_SUFFIX[suffix]}"


def bert_shape(tensor: E5Tensor, shape: E5Shape) -> list[int]:
    """Rows and columns of a matrix, or the length of a vector."""
    if tensor.name.endswith(".b") or "ln." in tensor.name:
        return [tensor.elements]
    columns = shape.feed_forward if tensor.name.endswith(".fo.w") else shape.hidden
    return [tensor.elements // columns, columns]


def _configurations(shape: E5Shape) -> dict[str, object]:
    return FIXED | {
        "config.json": {
            "architectures": ["BertModel"],
            "model_type": "bert",
            "dtype": "float32",
            "hidden_act": "gelu",
            "hidden_size": shape.hidden,
            "intermediate_size": shape.feed_forward,
            "layer_norm_eps": shape.layer_norm_epsilon,
            "max_position_embeddings": shape.positions,
            "num_attention_heads": shape.heads,
            "num_hidden_layers": shape.layers,
            "pad_token_id": 1,
            "type_vocab_size": shape.token_types,
            "vocab_size": shape.vocabulary,
        },
        "tokenizer_config.json": {
            "tokenizer_class": "PreTrainedTokenizerFast",
            "model_max_length": shape.positions,
            **SPECIAL_TOKENS,
        },
        "sentence_bert_config.json": {
            "max_seq_length": shape.positions,
            "do_lower_case": False,
            "model_kwargs": {"add_pooling_layer": False},
        },
        "1_Pooling/config.json": {
            "embedding_dimension": shape.hidden,
            "pooling_mode": "mean",
            "include_prompt": True,
        },
    }
