"""Words of mixed Chinese and English notes, and how much of a question a text holds."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.adapters.index.cutting import Cutter
from bot.adapters.index.words import index_words, load_words

NOTES = {
    "bn": "批归一化(Batch Normalization)在训练时使用当前批次的均值和方差,测试时使用滑动平均。",
    "relu": "ReLU 在正半轴的梯度恒为 1,所以比 Sigmoid 更不容易梯度消失。",
    "overfit": "过拟合是模型记住了训练数据的噪声,可以用 Dropout、L2 正则化和早停来缓解。",
    "kernel": "卷积核的大小一般取奇数,这样有明确的中心点。",
    "tsne": "t-SNE maps neighbours in many dimensions to neighbours in two; C++ versions are fast.",
}


@pytest.fixture(scope="module")
def cutter(tmp_path_factory):
    return Cutter(tmp_path_factory.mktemp("words"))


@pytest.fixture(scope="module")
def words(cutter):
    return index_words(cutter, NOTES)


@pytest.mark.parametrize(
    ("query", "best"),
    [
        ("BN训练和测试时有什么不同", "bn"),
        ("ReLU比Sigmoid好在哪里?", "relu"),
        ("ｒｅｌｕ　的优点", "relu"),
        ("RELU", "relu"),
        ("什么是过拟合", "overfit"),
        ("l2正则化怎么缓解过拟合", "overfit"),
        ("卷积核为什么是奇数", "kernel"),
        ("tSNE", "tsne"),
        ("T-SNE是什么", "tsne"),
        ("c++", "tsne"),
        ("dimension of a neighbour", "tsne"),
        ("批\u200b归一化", "bn"),
    ],
)
def test_a_question_finds_its_note_however_it_is_typed(words, query, best):
    assert words.search(query, 3)[0].id == best


@pytest.mark.parametrize("query", ["什么是什么?", "what is the", "", "?!。", "Kubernetes", "🙂"])
def test_nothing_is_found_where_no_word_matches(words, query):
    assert words.search(query, 5) == []


def test_scores_fall_and_stay_above_zero(words):
    scores = [hit.score for hit in words.search("训练 梯度 dropout", 10)]
    assert len(scores) == 3
    assert scores == sorted(scores, reverse=True)
    assert scores[-1] > 0


def test_equal_texts_come_in_their_own_order(cutter):
    alike = index_words(cutter, dict.fromkeys(("b", "a", "c"), "梯度消失"))
    assert [hit.id for hit in alike.search("梯度", 2)] == ["b", "a"]


@pytest.mark.parametrize(
    ("query", "note"),
    [
        ("为什么过拟合可以用Dropout缓解?", "overfit"),
        ("卷积核的大小为什么取奇数", "kernel"),
        ("请解释一下什么是批归一化", "bn"),
        ("ReLU和Sigmoid有什么区别", "relu"),
        ("What is t-SNE?", "tsne"),
    ],
)
def test_a_note_that_answers_holds_all_words_that_matter(words, query, note):
    assert words.coverage(query, NOTES[note]) == pytest.approx(1.0)


@pytest.mark.parametrize(
    "query",
    [
        "什么是生成对抗网络",
        "GAN的训练为什么不稳定",
        "How does LoRA work?",
        "卷积神经网络的池化层",
        "什么是什么",
    ],
)
def test_what_the_notes_do_not_hold_shows(words, query):
    assert max(words.coverage(query, text) for text in NOTES.values()) < 0.6


def test_a_rare_word_weighs_more_than_a_common_one(cutter):
    texts = {str(i): "模型 训练" for i in range(20)} | {"rare": "模型 困惑度"}
    words = index_words(cutter, texts)
    assert words.coverage("模型的困惑度", "困惑度") > 0.8
    assert words.coverage("模型的困惑度", "模型") < 0.2


@pytest.mark.parametrize("query", ["BatchNorm 是什么", "batch normalization", "批规范化"])
def test_a_thing_is_held_by_a_text_that_calls_it_otherwise(cutter, query):
    words = index_words(cutter, {"bn": "BN 用小批量的均值", "lr": "学习率预热", "loss": "交叉熵损失"})
    assert words.coverage(query, "BN 用小批量的均值") == pytest.approx(1.0)
    assert words.coverage(query, "学习率预热") == 0
    assert [hit.id for hit in words.search(query, 3)] == ["bn"]


def test_white_space_inside_a_chinese_word_does_not_hide_it(words):
    assert words.coverage("批归一化", "批归\n一化") == pytest.approx(1.0)


def test_a_saved_index_answers_like_the_one_in_memory(cutter, words, tmp_path):
    words.save(tmp_path / "words")
    loaded = load_words(cutter, tmp_path / "words")
    for query in ("ReLU 梯度", "什么是过拟合", "Kubernetes"):
        assert loaded.search(query, 9) == words.search(query, 9)
        assert loaded.coverage(query, NOTES["relu"]) == words.coverage(query, NOTES["relu"])


@settings(max_examples=80, deadline=None)
@given(query=st.text(max_size=30), text=st.text(max_size=60))
def test_coverage_is_a_share_whatever_is_asked(words, query, text):
    assert 0 <= words.coverage(query, text) <= 1 + 1e-9
    assert all(hit.score > 0 for hit in words.search(query, 5))


@settings(max_examples=80, deadline=None)
@given(text=st.text("批归一化梯度消失ReLUabc ,。的是-'0", max_size=40))
def test_a_text_holds_all_its_own_words(cutter, text):
    words = index_words(cutter, {"own": text})
    held = words.coverage(text, text)
    assert held == pytest.approx(1.0) or held == 0.0
