"""The embedded language model in PyTorch: weights read from its GGUF file, low-rank updates added."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any, cast

import gguf
import torch
from torch import Tensor, nn
from transformers import Qwen2Config, Qwen2ForCausalLM
from transformers.models.qwen2.modeling_qwen2 import Qwen2DecoderLayer, Qwen2RotaryEmbedding

from evals.adapter.frozen import FrozenMap, rounded
from evals.adapter.packing import Tokenizer

PROJECTIONS = {
    "self_attn.q_proj": "attn_q",
    "self_attn.k_proj": "attn_k",
    "self_attn.v_proj": "attn_v",
    "self_attn.o_proj": "attn_output",
    "mlp.gate_proj": "ffn_gate",
    "mlp.up_proj": "ffn_up",
    "mlp.down_proj": "ffn_down",
}
"""Linear maps of one layer: their names in transformers and in a GGUF file."""
_NORMS = {"input_layernorm": "attn_norm", "post_attention_layernorm": "ffn_norm"}


def load_tokenizer(model: Path) -> Tokenizer:
    """The tokenizer that a GGUF file carries."""
    from transformers import AutoTokenizer

    return cast(Tokenizer, AutoTokenizer.from_pretrained(model.parent, gguf_file=model.name))


def load_base(model: Path) -> Qwen2ForCausalLM:
    """The model of a Qwen2 GGUF file, its linear maps frozen in 8 bits (frozen.py), the rest in float32."""
    reader = gguf.GGUFReader(model)
    config = _config(reader)
    with torch.device("meta"):
        base = Qwen2ForCausalLM(config)
        for layer in base.model.layers:
            for parent, name in map(_parent_and_name, PROJECTIONS):
                module = getattr(layer, parent)
                free = getattr(module, name)
                bias = free.bias is not None
                setattr(module, name, FrozenMap(free.in_features, free.out_features, bias))
    state = dict(_tensors(reader, config.num_hidden_layers))
    state.setdefault("lm_head.weight", state["model.embed_tokens.weight"])
    base.load_state_dict(state, assign=True)
    base.model.rotary_emb = Qwen2RotaryEmbedding(config)
    return base.requires_grad_(False).eval()


def _config(reader: gguf.GGUFReader) -> Qwen2Config:
    def value(key: str) -> float:
        return reader.fields[f"qwen2.{key}"].contents()

    config: Any = Qwen2Config  # its keyword arguments are not all declared
    return config(
        vocab_size=int(next(t for t in reader.tensors if t.name == "token_embd.weight").shape[1]),
        hidden_size=int(value("embedding_length")),
        intermediate_size=int(value("feed_forward_length")),
        num_hidden_layers=int(value("block_count")),
        num_attention_heads=int(value("attention.head_count")),
        num_key_value_heads=int(value("attention.head_count_kv")),
        max_position_embeddings=int(value("context_length")),
        rope_parameters={"rope_type": "default", "rope_theta": value("rope.freq_base")},
        rms_norm_eps=value("attention.layer_norm_rms_epsilon"),
        attn_implementation="sdpa",
    )


def _tensors(reader: gguf.GGUFReader, layers: int) -> Iterator[tuple[str, Tensor]]:
    names = {"token_embd.weight": "model.embed_tokens.weight", "output_norm.weight": "model.norm.weight"}
    names["output.weight"] = "lm_head.weight"
    for layer in range(layers):
        for ours, theirs in (PROJECTIONS | _NORMS).items():
            for kind in ("weight", "bias"):
                names[f"blk.{layer}.{theirs}.{kind}"] = f"model.layers.{layer}.{ours}.{kind}"
    for tensor in reader.tensors:
        name = names[tensor.name]
        values = torch.from_numpy(gguf.quants.dequantize(tensor.data, tensor.tensor_type).copy()).float()
        if name.endswith("_proj.weight"):
            values, scale = rounded(values)
            yield name.removesuffix("weight") + "scale", scale
        yield name, values


def _parent_and_name(path: str) -> tuple[str, str]:
    parent, name = path.split(".")
    return parent, name


class LowRank(nn.Module):
    """A frozen linear map with a low-rank update, B A (Hu et al. 2021, arXiv:2106.09685).

    Args:
        frozen: The map, of shape (out, in).
        rank: Of the update.
        scale: Factor of the update.
    """

    def __init__(self, frozen: nn.Linear | FrozenMap, rank: int, scale: float) -> None:
        super().__init__()
        self.frozen = frozen
        self.scale = scale
        self.a = nn.Parameter(torch.randn(rank, frozen.in_features) / frozen.in_features**0.5)
        self.b = nn.Parameter(torch.zeros(frozen.out_features, rank))

    def forward(self, inputs: Tensor) -> Tensor:
        """Output of shape (…, out)."""
        rows = inputs.flatten(0, -2)
        narrow = rows @ (self.scale * self.a).T
        return torch.addmm(self.frozen(rows), narrow, self.b.T).view(*inputs.shape[:-1], -1)


def add_low_rank(base: Qwen2ForCausalLM, first: int, rank: int, scale: float) -> dict[str, LowRank]:
    """Put updates on every linear map from layer `first` on; they by the GGUF name of the map's weight."""
    found: dict[str, LowRank] = {}
    for layer in range(first, len(base.model.layers)):
        block = base.model.layers[layer]
        for ours, theirs in PROJECTIONS.items():
            parent, name = _parent_and_name(ours)
            module = getattr(block, parent)
            low = LowRank(getattr(module, name), rank, scale)
            setattr(module, name, low)
            found[f"blk.{layer}.{theirs}.weight"] = low
    return found


def layers_of(base: Qwen2ForCausalLM) -> list[Qwen2DecoderLayer]:
    """The model's layers, from the bottom."""
    return cast(list[Qwen2DecoderLayer], list(base.model.layers))


def run_layers(
    layers: list[Qwen2DecoderLayer], hidden: Tensor, mask: Tensor, turn: tuple[Tensor, Tensor]
) -> Tensor:
    """Hidden states after `layers`: (1, n, width) in and out; mask (1, 1, n, n), True where seen."""
    for layer in layers:
        out = layer(hidden, attention_mask=mask, position_embeddings=turn)
        hidden = out[0] if isinstance(out, tuple) else out
    return hidden
