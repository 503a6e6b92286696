"""The hub source against a local server that speaks the hub's protocol."""

import random
import socket
import time

import pytest
from fakes.models import model_file
from servers.hub import COMMIT, hub_with

from bot.models.assembling import Assembler
from bot.models.hub import Hub, cached_file
from bot.models.sources import LocalFiles, SourceFailed

DATA = random.Random(1).randbytes(12_000_000)  # the hub's client keeps what came in steps of 10 MB
FILE = model_file("tiny.bin", DATA)


@pytest.fixture
def server(monkeypatch):
    with hub_with({"tiny.bin": DATA}, monkeypatch) as server:
        yield server


def fetch(hub, directory, arrived=lambda size: None, file=FILE):
    directory.mkdir(exist_ok=True)
    assert hub.pieces(file) == 1
    hub.append(file, 0, directory / "partial", arrived)
    return (directory / "partial").read_bytes()


def test_a_file_arrives_whole_with_progress_by_bytes(server, tmp_path):
    seen = []
    assert fetch(Hub(server.endpoint), tmp_path / "d", seen.append) == DATA
    assert seen == sorted(seen)
    assert seen[-1] == len(DATA)
    assert [path.name for path in (tmp_path / "d").iterdir()] == ["partial"]


def test_the_environment_names_a_mirror(server, tmp_path, monkeypatch):
    monkeypatch.setenv("HF_ENDPOINT", server.endpoint + "/")
    assert fetch(Hub(), tmp_path / "d") == DATA


def test_a_lost_connection_is_taken_up_where_it_broke(server, tmp_path):
    server.break_off_after = 11_000_000
    assert fetch(Hub(server.endpoint), tmp_path / "d") == DATA
    assert server.ranges == [f"bytes={10 * 2**20}-"]


def test_a_hub_with_other_bytes_is_caught_by_the_checksum(server, tmp_path):
    server.files["tiny.bin"] = DATA[::-1]
    with pytest.raises(Exception, match="tiny"):
        Assembler(FILE, tmp_path / "d", lambda size: None).fetch([Hub(server.endpoint)])
    assert not (tmp_path / "d" / "partial").exists()


def test_a_file_that_the_hub_has_not_is_a_failed_source(server, tmp_path):
    other = model_file("other.bin", DATA)
    with pytest.raises(SourceFailed, match=r"127\.0\.0\.1.*404"):
        fetch(Hub(server.endpoint), tmp_path / "d", file=other)


def test_a_hub_that_does_not_answer_is_given_up_soon(server, tmp_path):
    server.silent = True
    began = time.monotonic()
    with pytest.raises(SourceFailed, match="HF_ENDPOINT"):
        fetch(Hub(server.endpoint, connect_seconds=0.3), tmp_path / "d")
    assert time.monotonic() - began < 3


def test_a_hub_that_is_not_there_is_given_up_at_once(tmp_path):
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        endpoint = f"http://127.0.0.1:{unused.getsockname()[1]}"
    with pytest.raises(SourceFailed, match=r"127\.0\.0\.1"):
        fetch(Hub(endpoint), tmp_path / "d")


def test_a_file_without_a_place_on_the_hub_asks_nobody(server):
    assert Hub(server.endpoint).pieces(FILE.model_copy(update={"hub": None})) == 0
    assert server.requests == []


def test_the_hub_cache_of_other_programs_is_used(tmp_path):
    snapshot = tmp_path / "models--some--model" / "snapshots" / COMMIT
    snapshot.mkdir(parents=True)
    (snapshot / "tiny.bin").write_bytes(DATA)
    refs = tmp_path / "models--some--model" / "refs"
    refs.mkdir()
    (refs / "main").write_text(COMMIT)
    local = LocalFiles(cached=lambda file: cached_file(file, tmp_path))
    assert local.pieces(FILE) == 1
    assert LocalFiles(cached=lambda file: cached_file(file, tmp_path / "none")).pieces(FILE) == 0
    local.append(FILE, 0, tmp_path / "partial", lambda size: None)
    assert (tmp_path / "partial").read_bytes() == DATA
