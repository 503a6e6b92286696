"""Training of the embedded judge's adapter, on a tiny random model."""

import gguf
import numpy as np
import pytest
import torch
from fakes.graded_rows import labelled

from evals.adapter.base import LowRank, add_low_rank, load_base, run_layers
from evals.adapter.data import MOST_CHARS, OWN_SETS, PARTS, Item, made_items, own_items, training_items
from evals.adapter.frozen import FrozenMap, rounded
from evals.adapter.packing import packed
from evals.adapter.train import Verdicts, loss_of, main, save, start_from, train
from evals.train_rows import COVERED, MISSING

WIDTH, LAYERS, HEADS, WORDS = 32, 14, 4, 300
ITEM = Item(
    source="train_zh",
    group="q",
    id="a",
    question="问",
    answer="答案在这里",
    points=("第一点", "第二点是这样"),
    targets=(COVERED, MISSING),
)


class Characters:
    """A token for each character; the verdict words and marks of the template have tokens of their own."""

    def __call__(self, text, *, add_special_tokens, split_special_tokens):
        return {"input_ids": [hash_of(char) for char in text] or [0]}


def hash_of(char):
    return ord(char) % WORDS


@pytest.fixture(scope="module")
def model_file(tmp_path_factory):
    """A Qwen2 file with random weights."""
    file = tmp_path_factory.mktemp("model") / "tiny.gguf"
    chance = np.random.default_rng(1)
    writer = gguf.GGUFWriter(file, "qwen2")
    writer.add_embedding_length(WIDTH)
    writer.add_feed_forward_length(2 * WIDTH)
    writer.add_block_count(LAYERS)
    writer.add_head_count(HEADS)
    writer.add_head_count_kv(2)
    writer.add_context_length(512)
    writer.add_rope_freq_base(10000.0)
    writer.add_layer_norm_rms_eps(1e-6)

    def put(name, *shape, ones=False):
        values = np.ones(shape) if ones else chance.normal(size=shape) / 4
        writer.add_tensor(name, values.astype(np.float32))

    put("token_embd.weight", WORDS, WIDTH)
    put("output_norm.weight", WIDTH, ones=True)
    for layer in range(LAYERS):
        for name, out in (("attn_q", WIDTH), ("attn_k", WIDTH // 2), ("attn_v", WIDTH // 2)):
            put(f"blk.{layer}.{name}.weight", out, WIDTH)
            put(f"blk.{layer}.{name}.bias", out)
        put(f"blk.{layer}.attn_output.weight", WIDTH, WIDTH)
        put(f"blk.{layer}.ffn_gate.weight", 2 * WIDTH, WIDTH)
        put(f"blk.{layer}.ffn_up.weight", 2 * WIDTH, WIDTH)
        put(f"blk.{layer}.ffn_down.weight", WIDTH, 2 * WIDTH)
        put(f"blk.{layer}.attn_norm.weight", WIDTH, ones=True)
        put(f"blk.{layer}.ffn_norm.weight", WIDTH, ones=True)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    return file


@pytest.fixture
def base(model_file):
    torch.manual_seed(0)
    return load_base(model_file)


def test_key_points_side_by_side_are_read_as_if_each_stood_alone(base):
    both = packed(Characters(), ITEM.question, ITEM.answer, ITEM.points)
    alone = [packed(Characters(), ITEM.question, ITEM.answer, [point]) for point in ITEM.points]
    together = hidden(base, both)[0, both.ends]
    apart = torch.stack([hidden(base, one)[0, -1] for one in alone])
    assert torch.allclose(together, apart, atol=1e-4)


def hidden(base, one):
    start = base.model.embed_tokens(one.tokens)
    turn = base.model.rotary_emb(start, one.positions)
    return run_layers(base.model.layers, start, one.mask, turn)


def test_an_update_starts_as_nothing_and_learns(base):
    plain = Verdicts(base, Characters()).log_probabilities(ITEM)
    updates = add_low_rank(base, first=12, rank=2, scale=2.0)
    assert {name.split(".")[1] for name in updates} == {"12", "13"}
    verdicts = Verdicts(base, Characters())
    assert torch.allclose(verdicts.log_probabilities(ITEM), plain, atol=1e-5)
    before = float(loss_of(verdicts.log_probabilities(ITEM), ITEM.targets))
    assert list(train(verdicts, updates, [ITEM] * 40, rate=3e-4)) == list(range(1, 11))
    assert float(loss_of(verdicts.log_probabilities(ITEM), ITEM.targets)) < before - 0.01
    assert all(parameter.grad is None for name, parameter in base.named_parameters() if "frozen" in name)


def test_the_low_rank_sum_is_what_it_says():
    torch.manual_seed(0)
    low = LowRank(torch.nn.Linear(6, 5), rank=2, scale=3.0)
    low.b.data.normal_()
    inputs = torch.randn(1, 4, 6)
    expected = low.frozen(inputs) + 3.0 * inputs @ (low.b @ low.a).T
    assert torch.allclose(low(inputs), expected, atol=1e-5)


def test_a_frozen_map_multiplies_in_eight_bits_and_hands_gradients_on():
    torch.manual_seed(0)
    free = torch.nn.Linear(64, 40)
    small, scale = rounded(free.weight.detach())
    assert small.dtype is torch.int8
    assert torch.allclose(small * scale[:, None], free.weight, atol=float(scale.max()) / 2)
    frozen = FrozenMap(64, 40, bias=True)
    frozen.load_state_dict({"weight": small, "scale": scale, "bias": free.bias.detach()})
    inputs = torch.randn(2, 9, 64, requires_grad=True)
    out = frozen(inputs)
    assert out.shape == (2, 9, 40)
    assert (out - free(inputs)).abs().max() < 0.05
    gradients = torch.randn(2, 9, 40) * 1e-9  # small ones are not lost
    out.backward(gradients)
    expected = gradients @ (small * scale[:, None])
    assert inputs.grad is not None
    assert (inputs.grad - expected).norm() < 0.02 * expected.norm()


def test_a_row_of_zeros_stays_one():
    small, scale = rounded(torch.zeros(1, 4))
    assert small.tolist() == [[0, 0, 0, 0]]
    assert scale > 0


def test_what_is_saved_holds_both_factors_and_the_facts(tmp_path):
    from safetensors import safe_open

    low = LowRank(torch.nn.Linear(6, 5), rank=2, scale=3.0)
    save({"blk.0.attn_q.weight": low}, tmp_path / "a.safetensors", {"model": "m"})
    with safe_open(tmp_path / "a.safetensors", "numpy") as file:
        assert file.metadata() == {"model": "m"}
        assert file.get_tensor("blk.0.attn_q.weight.lora_a").shape == (2, 6)
        assert file.get_tensor("blk.0.attn_q.weight.lora_b").shape == (5, 2)


def test_a_later_part_goes_on_from_what_was_saved(tmp_path):
    torch.manual_seed(0)
    learned, fresh = (LowRank(torch.nn.Linear(6, 5), rank=2, scale=3.0) for _ in range(2))
    learned.b.data.normal_()
    save({"blk.0.attn_q.weight": learned}, tmp_path / "a.safetensors", {})
    start_from({"blk.0.attn_q.weight": fresh}, tmp_path / "a.safetensors")
    assert torch.allclose(fresh.a, learned.a, atol=1e-2)
    assert torch.allclose(fresh.b, learned.b, atol=1e-2)


def test_no_answer_is_in_two_parts(tmp_path):
    for name in ("beetle_en", "scientsbank_en", "le_zh"):
        rows = [labelled(name, number) for number in range(900)]
        (tmp_path / f"{name}.jsonl").write_text("\n".join(rows), "utf-8")
    parts = [training_items(tmp_path, seed=0, part=part) for part in range(len(PARTS))]
    known = [
        (item.source, item.id) for items in parts for item in items if not item.source.startswith("made:")
    ]
    assert len(known) == len(set(known))
    for part, items in zip(PARTS, parts, strict=True):
        made = {f"made:{kind}" for kind in part.made}
        assert {item.source for item in items} == part.graded.keys() | made
    assert not any(
        item.is_held_out for items in parts for item in items if not item.source.startswith("made:")
    )
    learnable = {item.id for item in own_items() if not item.is_held_out and len(item.answer) <= MOST_CHARS}
    assert learnable == {name for source, name in known if source in OWN_SETS}


def test_made_answers_come_from_questions_that_are_not_held_out():
    own = [item for item in own_items() if item.source == OWN_SETS[0]]
    learned = [item for item in own if not item.is_held_out]
    assert 0.03 < 1 - len(learned) / len(own) < 0.3
    groups = set(sorted({item.group for item in learned})[::5])
    some = [item for item in learned if item.group in groups]
    made = made_items(some, 0, PARTS[0].made)
    assert made == made_items(some, 0, PARTS[0].made)
    assert {item.group.removeprefix("train_zh/") for item in made} <= groups
    assert all(abs(sum(target) - 1) < 1e-9 for item in made for target in item.targets)


@pytest.mark.parametrize(
    ("given", "told"),
    [
        (["--data", "nowhere", "--model", "m.gguf", "--out", "o"], "--data: nowhere is no folder"),
        (["--data", ".", "--model", ".", "--out", "o"], "--model: . is no file"),
    ],
)
def test_what_cannot_be_trained_on_is_named(given, told, monkeypatch, capsys):
    monkeypatch.setattr("sys.argv", ["train", *given])
    with pytest.raises(SystemExit, match="2"):
        main()
    assert told in capsys.readouterr().err
