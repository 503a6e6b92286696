import itertools

import numpy as np
import pytest
from fakes.embedder import FakeEmbedder
from fakes.library import calibration_of, fill_index, library_of, parsed
from hypothesis import given
from hypothesis import strategies as st

from bot.retrieval import ANSWERABLE
from bot.retrieval.calibration import Calibration, own_query
from bot.retrieval.fusion import RANK_CONSTANT, reciprocal_rank

NOTES = {
    "a.md": {
        "学习率预热为什么有效？": "训练初期梯度方差大，先用小学习率可以避免发散。",
        "余弦退火怎么计算？": "学习率按余弦曲线从最大值下降到最小值。",
        "什么是梯度累积？": "把几个小批次的梯度相加，再更新一次参数。",
    },
    "b.md": {
        "权重衰减和 L2 正则一样吗？": "在 SGD 下等价，在 Adam 下不等价，AdamW 把衰减解耦。",
        "标签平滑怎么做？": "把独热标签与均匀分布混合。",
        "BatchNorm 有哪些参数？": "可学习的缩放和平移，另有移动平均的均值和方差。",
    },
}


def test_the_right_passage_comes_first_and_knows_its_source():
    hits = library_of(NOTES, FakeEmbedder(dimension=1024)).retriever.search("余弦退火的学习率怎么算")
    assert hits[0].chunk.question == "余弦退火怎么计算？"
    assert hits[0].source == "a.md"
    assert hits[0].chunk.spans[0].start <= hits[0].passage.start < hits[0].passage.end


def test_words_alone_find_a_name_that_meaning_misses():
    library = library_of(NOTES, FakeEmbedder(dimension=1024))
    assert library.retriever.search("AdamW")[0].chunk.question == "权重衰减和 L2 正则一样吗？"


def test_a_question_finds_what_the_notes_call_otherwise():
    retriever = library_of(NOTES, FakeEmbedder(dimension=1024)).retriever
    (found, *_), (same, *_) = (retriever.search(f"{name} 怎么做") for name in ("Label smoothing", "标签平滑"))
    assert found.chunk.question == "标签平滑怎么做？"
    assert found.similarity == pytest.approx(same.similarity)


@pytest.mark.parametrize("query", ["", "   "])
def test_a_blank_query_finds_nothing(query):
    assert library_of(NOTES, FakeEmbedder(dimension=1024)).retriever.search(query) == []


def test_no_notes_find_nothing():
    assert library_of({}, FakeEmbedder(dimension=1024)).retriever.search("BatchNorm") == []


def test_vectors_of_another_embedder_are_never_searched():
    library = library_of(NOTES, FakeEmbedder(dimension=512))
    library.retriever._embedder = FakeEmbedder(dimension=256)
    assert library.retriever.search("BatchNorm") == []


def test_a_chunk_deleted_since_the_build_is_left_out():
    library = library_of(NOTES, FakeEmbedder(dimension=1024))
    library.store.notes.delete(parsed("a.md", NOTES["a.md"]).document.id)
    assert {hit.source for hit in library.retriever.search("学习率 BatchNorm")} == {"b.md"}


def test_a_new_build_is_seen_at_once():
    library = library_of(NOTES, FakeEmbedder(dimension=1024))
    assert library.retriever.search("知识蒸馏")[0].chunk.question != "什么是知识蒸馏？"
    library.store.notes.save(parsed("c.md", {"什么是知识蒸馏？": "小模型学习大模型的软标签。"}))
    fill_index(library.store, library.index, FakeEmbedder(dimension=1024), "second")
    assert library.retriever.search("什么是知识蒸馏？")[0].chunk.question == "什么是知识蒸馏？"


@pytest.mark.parametrize("dimension", [512, 1024])
def test_the_gate_separates_with_any_embedder_without_refitting(dimension):
    library = library_of(NOTES, FakeEmbedder(dimension=dimension))

    def evidence(query):
        return library.gate.evidence(query, library.retriever.search(query))

    asked = [evidence(question) for pairs in NOTES.values() for question in pairs]
    foreign = [evidence(q) for q in ("红烧排骨怎么做才不腥？", "Who won the tennis match yesterday?")]
    assert min(asked) >= ANSWERABLE > max(foreign)


def test_evidence_is_nothing_without_hits_or_calibration():
    library = library_of(NOTES, FakeEmbedder(dimension=1024))
    assert library.gate.evidence("BatchNorm", []) == 0.0
    assert (
        library_of({}, FakeEmbedder(dimension=1024)).gate.evidence("x", library.retriever.search("BatchNorm"))
        == 0.0
    )


def test_calibration_puts_present_above_absent_and_foreign():
    calibration = calibration_of(library_of(NOTES, FakeEmbedder(dimension=1024)).index)
    assert max(calibration.foreign, calibration.absent) < calibration.present
    assert calibration.nearness(calibration.far) == pytest.approx(0.0)
    assert calibration.nearness(calibration.present) == pytest.approx(1.0)


def test_a_lone_passage_can_still_be_calibrated():
    calibration = calibration_of(
        library_of({"a.md": {"什么是早停？": "验证集不再改善就停。"}}, FakeEmbedder(dimension=1024)).index
    )
    assert calibration.foreign < calibration.absent < calibration.present


def test_nearness_stays_in_its_range():
    calibration = Calibration(foreign=0.1, absent=0.5, present=0.6)
    assert calibration.nearness(1.0) == 2.0
    assert calibration.nearness(-1.0) == -1.0


def test_an_embedder_that_tells_nothing_is_not_asked():
    calibration = Calibration(foreign=0.5, absent=0.3, present=0.5)
    assert calibration.nearness(1.0) == calibration.nearness(-1.0) == 0.0


def test_what_a_reader_would_ask():
    chunk = parsed("a.md", {"什么是早停？": "验证集不再改善就停。"}).chunks[0]
    assert own_query(chunk) == "什么是早停？"
    assert own_query(chunk.model_copy(update={"question": None})) == "a.md"
    bare = chunk.model_copy(update={"question": None, "heading_path": ()})
    assert own_query(bare) == "什么是早停？"


@given(st.lists(st.permutations(range(6)), min_size=1, max_size=4))
def test_fusion_keeps_every_item_once_and_agrees_with_unanimity(rankings):
    fused = reciprocal_rank(rankings)
    assert sorted(item for item, _ in fused) == list(range(6))
    assert all(a >= b for (_, a), (_, b) in itertools.pairwise(fused))
    if all(ranking == rankings[0] for ranking in rankings):
        assert [item for item, _ in fused] == list(rankings[0])


def test_fusion_formula():
    (item, score), *_ = reciprocal_rank([["a", "b"], ["b", "a", "c"]])
    assert item == "a"
    assert np.isclose(score, 1 / (RANK_CONSTANT + 1) + 1 / (RANK_CONSTANT + 2))


def test_language_alone_neither_helps_nor_hurts_a_passage():
    calibration = Calibration(foreign=0.1, absent=0.2, present=0.9, latin_to_han=0.09, han_to_latin=0.02)
    assert calibration.lift("what is dropout", "随机失活") == 0.09
    assert calibration.lift("什么是 dropout", "dropout zeroes units") == 0.02
    assert calibration.lift("什么是 dropout", "随机失活 dropout") == 0.0
    assert calibration.lift("dropout", "dropout zeroes units") == 0.0


class Partial(FakeEmbedder):
    """An embedder that is fond of texts in the language of the query."""

    def _tilted(self, texts, vectors):
        for row, text in zip(vectors, texts, strict=True):
            row[0 if any("\u4e00" <= c <= "\u9fff" for c in text) else 1] += 2.0
        return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)

    def embed_passages(self, texts):
        return self._tilted(texts, super().embed_passages(texts).copy())

    def embed_queries(self, texts):
        return self._tilted(texts, super().embed_queries(texts).copy())


def test_a_query_finds_its_passage_in_the_other_language():
    english = {f"Topic {n}?": f"Some remark number {n} about nothing in particular." for n in range(8)}
    library = library_of({**NOTES, "en.md": english}, Partial(dimension=1024))
    hits = library.retriever.search("AdamW vs Adam, L2?")
    assert hits[0].chunk.question == "权重衰减和 L2 正则一样吗？"
