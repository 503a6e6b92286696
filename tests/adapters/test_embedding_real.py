"""The embedded model against golden vectors of the engine that ships its 4-bit weights."""

import base64
import json
from pathlib import Path

import numpy as np
import pytest

pytestmark = pytest.mark.real

GOLDEN = Path(__file__).parents[1] / "models" / "golden_e5.json"


@pytest.fixture(scope="module")
def golden():
    return json.loads(GOLDEN.read_text("utf-8"))["cases"]


def of_kind(cases, kind):
    chosen = [case for case in cases if case["kind"] == kind]
    vectors = np.stack([np.frombuffer(base64.b64decode(case["vector"]), "<f2") for case in chosen]).astype(
        "float32"
    )
    return [case["text"] for case in chosen], vectors / np.linalg.norm(vectors, axis=1, keepdims=True)


def test_passages_agree_with_the_engine(embedder, golden):
    texts, expected = of_kind(golden, "passage")
    cosines = (embedder.embed_passages(texts) * expected).sum(axis=1)
    assert cosines.min() >= 0.999, dict(zip(texts, cosines, strict=True))


def test_queries_agree_with_the_engine(embedder, golden):
    texts, expected = of_kind(golden, "query")
    cosines = (embedder.embed_queries(texts) * expected).sum(axis=1)
    assert cosines.min() >= 0.999, dict(zip(texts, cosines, strict=True))


def test_the_prompts_make_a_difference(embedder):
    text = ["什么是过拟合？"]
    assert (embedder.embed_queries(text) * embedder.embed_passages(text)).sum() < 0.999


def test_tokens_are_counted_as_the_engine_counts_them(embedder, golden):
    passages = [case for case in golden if case["kind"] == "passage"]
    assert embedder.count_tokens([case["text"] for case in passages]) == [case["tokens"] for case in passages]


def test_tokens_beyond_the_window_are_counted_too(embedder):
    (count,) = embedder.count_tokens(["梯度" * 2000])
    assert embedder.window == 512 < count


def test_tokens_of_the_same_meaning_are_close_across_languages(embedder):
    chinese, english = embedder.embed_tokens("学习率"), embedder.embed_tokens("learning rate")
    assert "".join("学习率"[start:end] for start, end in chinese.spans) == "学习率"
    assert chinese.vectors.shape[1] == english.vectors.shape[1] == 384
    assert np.allclose(chinese.whole, embedder.embed_queries(["学习率"])[0], atol=1e-4)


def test_a_related_passage_is_closer_than_a_foreign_one(embedder):
    passages = embedder.embed_passages(["推理时用训练中累积的均值和方差。", "番茄炒蛋先炒蛋，后放番茄。"])
    related, foreign = passages @ embedder.embed_queries(["批归一化在推理时用什么统计量？"])[0]
    assert related > foreign + 0.05
    assert np.allclose(np.linalg.norm(passages, axis=1), 1, atol=1e-5)


def test_a_text_that_looks_like_a_picture_is_a_text(embedder):
    assert embedder.embed_passages(["https://example.org/a/picture.png", ""]).shape == (2, embedder.dimension)
