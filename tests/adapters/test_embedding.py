"""The embedder over a tiny sentence-transformers model that is made here."""

import threading

import numpy as np
import pytest
from fakes.models import tiny_e5, tiny_tokenizer

from bot.adapters.embedding import Prompts, SentenceTransformerEmbedder, make_embedder, make_reader
from bot.adapters.embedding_identity import weights_of_directory, weights_of_snapshot
from bot.domain.errors import ModelUnavailable
from bot.models.converting import convert
from bot.settings import Settings

TEXTS = ["learn", "a network learns", "学习", ""]


def make_model(folder, seed=0):
    source = folder / f"source{seed}"
    source.mkdir()
    (source / "e5-small-q4.bin").write_bytes(tiny_e5(seed)[0])
    (source / "tokenizer.json").write_bytes(tiny_tokenizer())
    convert(source, folder / f"model{seed}")
    return folder / f"model{seed}"


@pytest.fixture(scope="module")
def directory(tmp_path_factory):
    return make_model(tmp_path_factory.mktemp("tiny"))


def embedder_of(directory, **prompts):
    return SentenceTransformerEmbedder("tiny", lambda: directory, Prompts(**prompts))


def test_vectors_are_unit_rows_in_the_order_of_the_texts(directory):
    embedder = embedder_of(directory)
    vectors = embedder.embed_passages(TEXTS)
    assert vectors.shape == (4, embedder.dimension) == (4, 32)
    assert vectors.dtype == np.float32
    assert np.allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)
    for text, vector in zip(TEXTS, vectors, strict=True):
        assert np.allclose(embedder.embed_passages([text])[0], vector, atol=1e-5)


def test_many_texts_come_back_in_order(directory):
    embedder = embedder_of(directory)
    texts = [letter * (number % 7 + 1) for number, letter in enumerate("abcdefghijklmnopqrstuvwxyz" * 3)]
    assert np.allclose(embedder.embed_passages(texts)[50], embedder.embed_passages([texts[50]])[0], atol=1e-5)


def test_nothing_to_embed_is_no_row(directory):
    assert embedder_of(directory).embed_queries([]).shape == (0, 32)
    assert embedder_of(directory).count_tokens([]) == []


def test_the_model_s_own_prompts_are_used(directory):
    own, set_by_hand = embedder_of(directory), embedder_of(directory, query="query: ", passage="passage: ")
    without = embedder_of(directory, query="", passage="")
    assert np.allclose(own.embed_queries(TEXTS), set_by_hand.embed_queries(TEXTS))
    assert np.allclose(own.embed_passages(TEXTS), set_by_hand.embed_passages(TEXTS))
    assert not np.allclose(own.embed_passages(TEXTS), without.embed_passages(TEXTS), atol=1e-3)
    assert np.allclose(without.embed_queries(TEXTS), without.embed_passages(TEXTS))


def test_tokens_include_prompt_and_specials_and_go_beyond_the_window(directory):
    embedder = embedder_of(directory)
    assert embedder.window == 24
    assert embedder.count_tokens(["", "abc", "a" * 100]) == [n + len("passage: ") + 2 for n in (0, 3, 100)]
    assert embedder_of(directory, passage="").count_tokens(["abc"]) == [5]


def test_counting_leaves_embedding_as_it_was(directory):
    embedder = embedder_of(directory)
    before = embedder.embed_passages(["a" * 100])
    embedder.count_tokens(["a" * 100])
    assert np.allclose(embedder.embed_passages(["a" * 100]), before)


def test_the_identity_tells_models_and_prompts_apart(directory, tmp_path):
    same = embedder_of(directory).identity
    assert same == embedder_of(directory).identity
    others = [
        embedder_of(make_model(tmp_path, seed=1)),
        embedder_of(directory, query=""),
        embedder_of(directory, passage=""),
        embedder_of(directory, query="passage: "),
    ]
    assert len({same, *(other.identity for other in others)}) == 5


def test_documentation_does_not_change_the_identity(tmp_path):
    model = make_model(tmp_path)
    before = weights_of_directory(model)
    (model / "README.md").write_text("words")
    assert weights_of_directory(model) == before
    (model / "config.json").write_text("{}")
    assert weights_of_directory(model) != before


def test_a_hub_model_is_known_by_its_commit(tmp_path, monkeypatch):
    for commit in ("a" * 40, "b" * 40):
        snapshot = tmp_path / "models--some--model" / "snapshots" / commit
        snapshot.mkdir(parents=True)
        (snapshot / "config.json").write_text("{}")
    refs = tmp_path / "models--some--model" / "refs"
    refs.mkdir()
    seen = set()
    for commit in ("a" * 40, "b" * 40):
        (refs / "main").write_text(commit)
        seen.add(weights_of_snapshot("some/model", tmp_path))
    assert len(seen) == 2
    with pytest.raises(FileNotFoundError):
        weights_of_snapshot("other/model", tmp_path)


def test_a_model_that_cannot_be_loaded_names_the_setting(tmp_path):
    (tmp_path / "empty").mkdir()
    with pytest.raises(ModelUnavailable, match="KAODIAN_EMBEDDING"):
        embedder_of(tmp_path / "empty").embed_queries(["a"])


def test_nothing_is_loaded_before_it_is_needed(tmp_path):
    class Missing:
        def path(self, name):
            raise ModelUnavailable("models.missing", name=name)

        def identity(self, name):
            return "f" * 64

    embedder = make_embedder(Settings(home=tmp_path, embedding="embedded"), Missing())
    assert len(embedder.identity) == 16
    with pytest.raises(ModelUnavailable, match="kaodian models pull"):
        embedder.embed_queries(["a"])


def test_one_setting_names_another_model(directory, tmp_path):
    settings = Settings(home=tmp_path, embedding=str(directory), embedding_query_prompt="")
    embedder = make_embedder(settings, models=None)
    assert embedder.dimension == 32
    assert embedder.identity == embedder_of(directory, query="").identity


@pytest.mark.parametrize("text", TEXTS)
def test_tokens_stand_where_they_say_and_their_text_has_its_own_vector(directory, text):
    embedder = embedder_of(directory)
    read = embedder.embed_tokens(text)
    assert read.vectors.shape == (len(read.spans), 32)
    assert all(0 <= start < end <= len(text) for start, end in read.spans)
    assert np.allclose(read.whole, embedder.embed_queries([text])[0], atol=1e-5)


def test_tokens_know_their_neighbours_and_no_prompt(directory):
    embedder = embedder_of(directory)
    alone, beside = embedder.embed_tokens("learn"), embedder.embed_tokens("learn a")
    assert beside.spans[: len(alone.spans)] == alone.spans
    assert len(embedder_of(directory, query="").embed_tokens("learn").spans) == len(alone.spans)
    assert not np.allclose(beside.vectors[0], alone.vectors[0])


def test_tokens_end_where_the_window_does(directory):
    embedder = embedder_of(directory)
    assert 0 < len(embedder.embed_tokens("a " * 2 * embedder.window).spans) < embedder.window


def test_the_examiner_reads_with_the_embedded_model_whatever_the_search_uses(tmp_path):
    class Known:
        def path(self, name):
            raise ModelUnavailable("models.missing", name=name)

        def identity(self, name):
            return "f" * 64

    def reader(**settings):
        chosen = Settings(home=tmp_path, **settings)
        search = make_embedder(chosen, Known())
        return make_reader(search, chosen, Known()), search

    shared, search = reader(embedding="embedded")
    assert shared is search
    for other in ({"embedding": "some/model"}, {"embedding": "embedded", "embedding_query_prompt": "q: "}):
        apart, search = reader(**other)
        assert apart is not search
        assert apart.identity == shared.identity


def test_threads_share_one_model(directory):
    embedder = embedder_of(directory)
    alone = embedder_of(directory).embed_passages(TEXTS)
    found = []
    threads = [
        threading.Thread(target=lambda: found.append(embedder.embed_passages(TEXTS))) for _ in range(4)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 4
    assert all(np.allclose(vectors, alone, atol=1e-5) for vectors in found)
