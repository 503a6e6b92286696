"""What every index promises: embedded, on a Chroma server, and the one in memory that other rooms test against."""

import numpy as np
import pytest
from fakes.index import MemoryIndex
from servers.chroma import ChromaServer

from bot.adapters.index import open_index
from bot.domain.errors import NotFound, ServerSilent, StorageBroken
from bot.seams import IndexBuild, Window

DIMENSION = 32


@pytest.fixture(scope="module")
def chroma_server(tmp_path_factory):
    """Address of a Chroma server on a free port of this machine."""
    with ChromaServer(tmp_path_factory.mktemp("chroma-server")) as server:
        yield server.url


@pytest.fixture(params=["embedded", "server", "memory"])
def index(request, tmp_path):
    if request.param == "memory":
        yield MemoryIndex()
        return
    url = request.getfixturevalue("chroma_server") if request.param == "server" else None
    index = open_index(tmp_path, url)
    yield index
    index.close()


def vectors_of(count: int, dimension: int = DIMENSION, seed: int = 0) -> np.ndarray:
    drawn = np.random.default_rng(seed).standard_normal((count, dimension)).astype(np.float32)
    return drawn / np.linalg.norm(drawn, axis=1, keepdims=True)


def build_of(build_id: str, ids) -> IndexBuild:
    windows = tuple(Window(id=key, chunk_id=f"c-{key}", text=key, start=0, end=len(key)) for key in ids)
    return IndexBuild(id=build_id, embedder="e5", windows=windows, calibration={"bias": -0.5})


def built(index, build_id: str, ids, vectors: np.ndarray, texts: dict[str, str]) -> IndexBuild:
    """A finished build of `ids` with `vectors` and the words of `texts`."""
    build = build_of(build_id, ids)
    index.start(build_id, vectors.shape[1]).add(ids, vectors)
    index.finish(build, texts)
    return build


def test_before_the_first_build_there_is_nothing(index):
    assert index.current() is None
    for part in (index.vectors, index.words):
        with pytest.raises(NotFound):
            part()


def test_a_build_is_seen_when_it_is_finished_and_not_before(index):
    old = built(index, "old", ["a"], vectors_of(1), {"c-a": "梯度消失"})
    index.start("new", DIMENSION).add(["b", "c"], vectors_of(2, seed=1))
    assert index.current() == old
    assert [hit.id for hit in index.vectors().nearest(vectors_of(1), 5)] == ["a"]
    new = build_of("new", ["b", "c"])
    index.finish(new, {"c-b": "过拟合", "c-c": "Dropout"})
    assert index.current() == new
    assert index.vectors().count() == 2
    assert [hit.id for hit in index.words().search("dropout", 5)] == ["c-c"]
    assert index.words().search("梯度消失", 5) == []


def test_neighbours_are_those_of_an_exact_search(index):
    vectors, queries = vectors_of(2000, 384), vectors_of(20, 384, seed=1)
    ids = [str(i) for i in range(len(vectors))]
    built(index, "big", ids, vectors, {"c-0": "text"})
    for query in queries:
        exact = vectors @ query
        hits = index.vectors().nearest(query[None], 10)
        assert [hit.id for hit in hits] == [str(i) for i in np.argsort(-exact)[:10]]
        np.testing.assert_allclose([hit.similarity for hit in hits], np.sort(exact)[::-1][:10], atol=1e-5)


def test_similarity_is_a_cosine(index):
    east = np.eye(2, dtype=np.float32)[:1]
    built(index, "b", ["same", "opposite"], np.concatenate([east, -east]), {"c-same": "x"})
    hits = index.vectors().nearest(east, 2)
    assert [(hit.id, round(hit.similarity, 6)) for hit in hits] == [("same", 1.0), ("opposite", -1.0)]


def test_asking_for_more_than_there_is_gives_all(index):
    built(index, "b", ["a", "b", "c"], vectors_of(3), {"c-a": "x"})
    assert len(index.vectors().nearest(vectors_of(1), 100)) == 3


def test_an_id_that_is_there_is_replaced(index):
    first, second = vectors_of(1), -vectors_of(1)
    vectors = index.start("b", DIMENSION)
    vectors.add(["a"], first)
    vectors.add(["a"], second)
    assert vectors.count() == 1
    index.finish(build_of("b", ["a"]), {"c-a": "x"})
    assert index.vectors().nearest(second, 1)[0].similarity == pytest.approx(1.0)


def test_more_vectors_than_one_call_of_chroma_takes(index):
    ids = [str(i) for i in range(6000)]
    vectors = index.start("b", 4)
    vectors.add(ids, vectors_of(6000, 4))
    assert vectors.count() == 6000


def test_vectors_of_another_length_are_turned_down(index):
    with pytest.raises(ValueError, match="32"):
        index.start("b", DIMENSION).add(["a"], vectors_of(1, DIMENSION + 1))


@pytest.fixture(params=["embedded", "server"])
def reopened(request, tmp_path):
    """Opens the same index anew, as another process would."""
    url = request.getfixturevalue("chroma_server") if request.param == "server" else None
    indexes = []

    def again():
        indexes.append(open_index(tmp_path, url))
        return indexes[-1]

    yield again
    for index in indexes:
        index.close()


def lose_all(vectors):
    vectors._client.delete_collection(vectors._collection.name)


def lose_one(vectors):
    vectors._collection.delete(ids=["a"])


@pytest.mark.parametrize("lose", [lose_all, lose_one])
def test_a_build_whose_vectors_were_lost_counts_as_none_until_it_is_made_anew(reopened, lose):
    ids, vectors, texts = ["a", "b"], vectors_of(2), {"c-a": "梯度消失"}
    built(reopened(), "b.1", ids, vectors, texts)
    lose(reopened().vectors())
    index = reopened()
    assert index.current() is None
    with pytest.raises(StorageBroken, match="kaodian chunks") as caught:
        index.check()
    if "http" in str(caught.value):
        assert "文件夹" not in str(caught.value)
    built(index, "b.1", ids, vectors, texts)
    index.check()
    assert reopened().current().id == "b.1"
    assert reopened().vectors().count() == 2


def test_vectors_that_are_lost_while_they_are_read_are_noticed_with_the_first_query(reopened):
    index = reopened()
    built(index, "b.1", ["a", "b"], vectors_of(2), {"c-a": "梯度消失"})
    opened = index.vectors()
    assert opened.nearest(vectors_of(1), 1)
    lose_all(reopened().vectors())
    with pytest.raises(StorageBroken):
        opened.nearest(vectors_of(1), 1)
    assert index.current() is None


def test_a_build_on_a_server_that_is_down_is_not_taken_for_lost(tmp_path):
    with ChromaServer(tmp_path / "server") as server:
        index = open_index(tmp_path, server.url)
        built(index, "b.1", ["a"], vectors_of(1), {"c-a": "梯度消失"})
        index.close()
    index = open_index(tmp_path, server.url)
    assert index.current().id == "b.1"
    with pytest.raises(ServerSilent, match="KAODIAN_CHROMA_URL"):
        index.check()
    index.close()


def test_an_empty_build_finds_nothing(index):
    built(index, "empty", [], vectors_of(0), {})
    assert index.current().windows == ()
    assert index.vectors().nearest(vectors_of(1), 3) == []
    assert index.words().search("anything", 3) == []


def test_the_same_build_id_may_be_built_again(index):
    built(index, "b", ["a"], vectors_of(1), {"c-a": "first"})
    built(index, "b", ["a", "b"], vectors_of(2), {"c-a": "second", "c-b": "third"})
    assert index.vectors().count() == 2
    assert index.words().search("first", 3) == []


def test_a_preview_scores_like_the_finished_index(index):
    texts = {"c-a": "批归一化在训练时用批次的统计量", "c-b": "Dropout 随机丢弃神经元", "c-c": "卷积核"}
    preview = index.preview_words(texts)
    built(index, "b", ["a"], vectors_of(1), texts)
    for query in ("训练时的归一化", "dropout 神经元", "完全没有的词"):
        assert preview.search(query, 5) == index.words().search(query, 5)
        assert preview.coverage(query, texts["c-a"]) == index.words().coverage(query, texts["c-a"])


def test_coverage_tells_what_the_notes_hold_from_what_they_do_not(index):
    text = "批归一化在训练时用批次的统计量,推理时用滑动平均。"
    words = index.preview_words({"c-a": text, "c-b": "Dropout 在训练时随机丢弃神经元"})
    assert words.coverage("批归一化 训练", text) > 0.9
    assert words.coverage("Transformer 的注意力", text) == 0
    assert 0 < words.coverage("批归一化 Transformer", text) < 0.8
