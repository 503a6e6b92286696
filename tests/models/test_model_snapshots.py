"""Models of the hub against a local server that speaks the hub's protocol."""

import json

import pytest
from fakes.models import tiny_e5, tiny_tokenizer
from servers.hub import COMMIT, ID, hub_with

from bot.domain.errors import ModelUnavailable
from bot.models.converting import convert
from bot.models.snapshots import HubModelFile, Snapshots, wanted
from bot.models.store import ModelStore

NOWHERE = "http://127.0.0.1:9"


@pytest.fixture(scope="module")
def model(tmp_path_factory):
    """Files of a tiny sentence-transformers model, by name."""
    folder = tmp_path_factory.mktemp("tiny")
    (folder / "e5-small-q4.bin").write_bytes(tiny_e5()[0])
    (folder / "tokenizer.json").write_bytes(tiny_tokenizer())
    made = folder / "model"
    convert(folder, made)
    return {
        path.relative_to(made).as_posix(): path.read_bytes() for path in made.rglob("*") if path.is_file()
    }


@pytest.fixture
def server(monkeypatch, model):
    unused = {"onnx/model.onnx": b"x" * 5000, "pytorch_model.bin": b"x" * 5000, "cover.png": b"x" * 50}
    with hub_with({**model, **unused}, monkeypatch) as server:
        yield server


def test_a_model_arrives_by_bytes_and_is_loaded_without_the_hub(server, model, tmp_path):
    snapshots, seen = Snapshots(server.endpoint, tmp_path), []
    assert not snapshots.is_here(ID)
    snapshots.fetch(ID, lambda done, total, what: seen.append((done, total, what)))
    total = sum(len(data) for data in model.values())
    assert seen[-1][:2] == (total, total)
    assert [done for done, *_ in seen] == sorted(done for done, *_ in seen)
    assert ID in seen[0][2]
    assert not [path for _, path in server.requests if "onnx" in path or "pytorch" in path or "png" in path]
    server.requests.clear()
    from sentence_transformers import SentenceTransformer

    loaded = SentenceTransformer(ID, cache_folder=str(tmp_path), local_files_only=True)
    assert loaded.get_embedding_dimension() == 32
    snapshots.fetch(ID, lambda *_: pytest.fail("it is here"))
    assert server.requests == []


def test_what_is_missing_is_fetched_and_the_rest_is_not_fetched_again(server, tmp_path):
    snapshots = Snapshots(server.endpoint, tmp_path)

    class Stopped(BaseException):
        pass

    def stop(done, total, what):
        if done > total / 2:
            raise Stopped

    with pytest.raises(Stopped):
        snapshots.fetch(ID, stop)
    assert not snapshots.is_here(ID), "the weights come last"
    server.requests.clear()
    snapshots.fetch(ID, lambda *_: None)
    assert snapshots.is_here(ID)
    fetched = [path for command, path in server.requests if command == "GET" and "resolve" in path]
    assert fetched == [f"/{ID}/resolve/main/model.safetensors"]


def test_a_hub_that_does_not_answer_or_know_the_model_names_the_setting(server, tmp_path):
    for endpoint, hub_id in ((NOWHERE, ID), (server.endpoint, "no/such"), (server.endpoint, "not an id")):
        with pytest.raises(ModelUnavailable, match="KAODIAN_EMBEDDING"):
            Snapshots(endpoint, tmp_path, 0.5).fetch(hub_id, lambda *_: None)


def test_a_model_that_may_be_whole_is_left_to_whoever_loads_it_where_the_hub_is_silent(tmp_path):
    folder = tmp_path / "models--some--model" / "snapshots" / COMMIT
    folder.mkdir(parents=True)
    (folder / "config.json").write_text("{}")
    (tmp_path / "models--some--model" / "refs").mkdir()
    (tmp_path / "models--some--model" / "refs" / "main").write_text(COMMIT)
    snapshots = Snapshots(NOWHERE, tmp_path, 0.5)
    snapshots.fetch(ID, lambda *_: None)
    (folder / "model-1.safetensors").write_bytes(b"x")
    index = {"weight_map": {"a": "model-1.safetensors", "b": "model-2.safetensors"}}
    (folder / "model.safetensors.index.json").write_text(json.dumps(index))
    assert not snapshots.is_here(ID)
    (folder / "model-2.safetensors").write_bytes(b"x")
    assert snapshots.is_here(ID)


def test_weights_are_taken_once():
    def names(*given):
        return [file.name for file in wanted([HubModelFile(name=n, bytes=len(n)) for n in given])]

    assert names("pytorch_model.bin", "config.json") == ["config.json", "pytorch_model.bin"]
    assert names("model.safetensors", "pytorch_model.bin") == ["model.safetensors"]
    assert names("2_Dense/pytorch_model.bin", "model.safetensors") == [
        "model.safetensors",
        "2_Dense/pytorch_model.bin",
    ]


def test_a_directory_is_taken_as_it_is_and_without_a_hub_nobody_is_asked(server, tmp_path):
    hub = Snapshots(server.endpoint, tmp_path)
    ModelStore(tmp_path, [], hub=hub).pull_other(str(tmp_path))
    ModelStore(tmp_path, []).pull_other(ID)
    assert server.requests == []
    ModelStore(tmp_path, [], hub=hub).pull_other(ID)
    assert hub.is_here(ID)
