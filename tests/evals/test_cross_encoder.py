"""The cross-encoder that is compared with the adapter, on a tiny random encoder."""

import random
from dataclasses import replace

import pytest
import torch
from fakes.embedder import FakeEmbedder
from fakes.graded_rows import labelled
from transformers import BertConfig, BertModel

from bot.grading.clauses import sentences
from bot.grading.gate import screen
from bot.grading.judge_features import FeatureJudge
from bot.grading.normal import plain
from bot.grading.verifier import STATUSES
from evals.adapter.data import HELD_OUT_SETS, OWN_SETS, own_items
from evals.adapter.reads import gold_dev
from evals.cross_encoder import learning
from evals.cross_encoder.__main__ import CrossJudge, compare, milliseconds
from evals.cross_encoder.learning import CrossEncoder, Example, batches, examples_of, train, training_items
from evals.train_rows import CONTRADICTED, COVERED, MISSING, PARTIAL

WORDS = 97
QUESTION, POINT = "为什么要归一化？", "它让训练更稳定"


class Characters:
    """A token for each character: 1 is for filling up, 2 stands between two texts."""

    pad_token_id = 1

    def __call__(self, text, text_pair, *, truncation=False, max_length=None):
        room = max_length - len(text) - 1 if truncation else len(text_pair)
        return {"input_ids": [*map(token, text), 2, *map(token, text_pair[:room])]}


def token(char):
    return 3 + ord(char) % (WORDS - 3)


@pytest.fixture
def model():
    torch.manual_seed(0)
    config = BertConfig(
        vocab_size=WORDS,
        hidden_size=16,
        num_hidden_layers=4,
        num_attention_heads=2,
        intermediate_size=32,
        pad_token_id=1,
    )
    return CrossEncoder(BertModel(config, add_pooling_layer=False), Characters()).eval()


def test_filling_up_a_batch_changes_no_row(model):
    rows = [model.tokens(QUESTION, POINT, answer) for answer in ("是", "因为每一层的输入分布都稳定了。" * 3)]
    apart = torch.cat([model([row]) for row in rows])
    assert torch.allclose(model(rows), apart, atol=0.02)  # bfloat16 where the processor multiplies it
    assert not torch.allclose(apart[0], apart[1], atol=0.02)


def test_the_upper_half_and_the_head_learn_and_nothing_else(model):
    statuses = (COVERED, PARTIAL, MISSING, CONTRADICTED)
    examples = [Example([token(char)] * (5 + number), statuses[number % 4]) for number, char in told()]
    before = {name: values.clone() for name, values in model.state_dict().items()}
    start = loss(model, examples)
    assert list(train(model, examples, seed=0, epochs=12)) == list(range(1, 13))
    assert loss(model, examples) < start - 0.1
    moved = {name for name, values in model.state_dict().items() if not torch.equal(values, before[name])}
    trained = ("upper.", "head.", "encoder.encoder.layer.2.", "encoder.encoder.layer.3.")
    assert moved
    assert all(name.startswith(trained) for name in moved)
    layer = sum(one.numel() for one in model.upper[0].parameters())
    assert model.trained == 2 * layer + 4 * 16 + 4


def told():
    return [(number, "甲乙丙丁"[number % 4]) for number in range(96)]


@torch.no_grad()
def loss(model, examples):
    logits = model.eval()([one.tokens for one in examples])
    return float(torch.nn.functional.cross_entropy(logits, torch.tensor([one.target for one in examples])))


def test_the_same_seed_gives_the_same_weights(model):
    examples = [Example([token(char)] * 5, COVERED) for _, char in told()]
    start = {name: values.clone() for name, values in model.state_dict().items()}
    heads = []
    for _ in range(2):
        model.load_state_dict(start)
        torch.manual_seed(0)
        assert list(train(model, examples, seed=3, epochs=1)) == [1]
        heads.append(model.head.weight.detach().clone())
    assert torch.equal(*heads)


def test_when_the_time_is_up_the_training_ends(model):
    examples = [Example([5, 6, 7], COVERED)] * 64
    before = model.head.weight.clone()
    assert list(train(model, examples, seed=0, epochs=9, minutes=1e-9)) == [1]
    assert torch.equal(model.head.weight, before)


def test_a_batch_holds_rows_of_about_one_length_and_an_epoch_every_row():
    examples = [Example([3] * (1 + number % 200), COVERED) for number in range(400)]
    found = batches(examples, random.Random(1))
    assert sorted(len(one.tokens) for batch in found for one in batch) == sorted(
        len(o.tokens) for o in examples
    )
    assert max(len(batch[-1].tokens) - len(batch[0].tokens) for batch in found) <= 16
    assert [len(b[0].tokens) for b in found] != sorted(len(b[0].tokens) for b in found)
    assert found == batches(examples, random.Random(1)) != batches(examples, random.Random(2))


def test_of_a_long_answer_the_most_telling_sentences_are_read(model):
    short, last = "训练更稳定了。", "归一化之后学习率可以更大。"
    assert model.tokens(QUESTION, POINT, short, best=(last,)) == model.tokens(QUESTION, POINT, short)
    long = "这与题目无关，只是铺垫。" * 40 + last
    ranked = [part.text for part in reversed(sentences(long))]
    row = model.tokens(QUESTION, POINT, long, ranked)
    assert len(row) == learning.LONGEST
    start = len(f"{POINT} | {QUESTION}") + 1
    assert row[start : start + len(ranked[0])] == [token(char) for char in ranked[0]]


def test_the_table_shows_each_opinion_on_every_set(model):
    gold = gold_dev()[:2]
    others = [replace(one, source=source) for source in HELD_OUT_SETS for one in gold]
    judge = CrossJudge(model, FeatureJudge(FakeEmbedder()))
    heads, _, alone, *rest = (
        [cell.strip() for cell in line.split("|")[1:-1]] for line in compare(judge, gold, others).splitlines()
    )
    assert heads[-4:] == [f"{source} {name}" for source in HELD_OUT_SETS for name in ("qwk", "pearson")]
    assert [alone[0], *(row[0] for row in rest)] == [
        "cross-encoder alone",
        "verifier alone",
        "stack, cross-fitted",
    ]
    with torch.no_grad():
        found = [
            STATUSES[
                int(
                    model(
                        [
                            model.tokens(
                                plain(one.question), plain(point.text), screen(one.question, one.answer).text
                            )
                        ]
                    ).argmax()
                )
            ]
            for one in gold
            for point in one.points
        ]
    known = [status for one in gold for status in one.statuses]
    accuracy = sum(status == str(given) for status, given in zip(known, found, strict=True)) / len(known)
    assert alone[1].startswith(f"{accuracy:.3f}")
    assert milliseconds(model, gold) > 0


def test_two_thirds_of_what_is_learnt_are_our_own(model, tmp_path):
    for name in ("beetle_en", "scientsbank_en", "le_zh"):
        (tmp_path / f"{name}.jsonl").write_text("\n".join(labelled(name, n) for n in range(2600)), "utf-8")
    items = training_items(tmp_path, seed=0)
    points = dict.fromkeys((*OWN_SETS, "beetle", "scientsbank"), 0)
    for item in items:
        points[item.source] += len(item.points)
    ours = sum(points[name] for name in OWN_SETS)
    assert ours == sum(len(item.points) for item in own_items())
    assert points["beetle"] == points["scientsbank"] > 2000
    assert 3 * ours >= 2 * sum(points.values()) - 2
    assert items == training_items(tmp_path, seed=0) != training_items(tmp_path, seed=1)
    assert [one.target for one in examples_of(model, items[:2])] == [*items[0].targets, *items[1].targets]
