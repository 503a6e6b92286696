"""Readers beside a builder, kills at every step of a build, full disks and swept-up leftovers."""

import itertools
import multiprocessing
import os
import shutil
import sys
import threading
from pathlib import Path

import pytest
from test_index_contract import build_of, built, vectors_of

from bot.adapters.index import LocalIndex, open_index
from bot.adapters.index.builds import BuildFolders
from bot.adapters.index.chroma import ChromaVectors, EmbeddedChroma
from bot.domain.errors import SettingWrong, StorageBroken, StorageFull

processes = multiprocessing.get_context("spawn")
forks = pytest.mark.skipif(not hasattr(os, "fork"), reason="needs a system that can fork")
limits = pytest.mark.skipif(os.name == "nt", reason="needs a system with limits of file size")

SIZE = 40


def run(work, *arguments) -> None:
    """Run `work` in a process of its own, and fail where it fails."""
    process = processes.Process(target=work, args=arguments)
    process.start()
    process.join()
    assert process.exitcode == 0


def build(index, name: str, size: int = SIZE) -> None:
    """A build whose ids all tell its name."""
    ids = [f"{name}:{i}" for i in range(size)]
    built(index, name, ids, vectors_of(size), {f"c-{key}": f"梯度消失 {key}" for key in ids})


def answers(index) -> tuple[str, str, str]:
    """Names of the builds that the build itself, its vectors and its words answer from, each of them whole."""
    names = {window.id.split(":")[0] for window in index.current().windows}
    close = index.vectors().nearest(vectors_of(1), SIZE)
    wordy = index.words().search("梯度", 2 * SIZE)
    assert len(close) == len(wordy) == SIZE
    near = {hit.id.split(":")[0] for hit in close}
    said = {hit.id.removeprefix("c-").split(":")[0] for hit in wordy}
    assert len(names) == len(near) == len(said) == 1
    return names.pop(), near.pop(), said.pop()


def folders(home: Path) -> set[str]:
    """Names of the builds on disk, without what makes each folder's name its own."""
    return {path.name.rsplit("-", 1)[0] for path in (home / "index").iterdir() if path.is_dir()}


@pytest.fixture
def home(tmp_path):
    """A home directory with one finished build."""
    index = open_index(tmp_path)
    build(index, "first")
    index.close()
    return tmp_path


def test_another_process_finds_the_finished_build(home):
    run(read_once, home)


def read_once(home) -> None:
    assert answers(open_index(home)) == ("first", "first", "first")


def read_until(home, stop, builds_seen) -> None:
    index = open_index(home)
    seen: set[str] = set()
    while not stop.is_set():
        seen.update(answers(index))
    seen.update(answers(index))
    builds_seen.put(sorted(seen))


def test_readers_never_notice_that_builds_are_switched(home):
    stop, seen = processes.Event(), processes.Queue()
    readers = [processes.Process(target=read_until, args=(home, stop, seen)) for _ in range(3)]
    for reader in readers:
        reader.start()
    index = open_index(home)
    for number in range(8):
        build(index, f"build{number}")
    stop.set()
    found = [seen.get(timeout=60) for _ in readers]
    for reader in readers:
        reader.join()
    assert [reader.exitcode for reader in readers] == [0, 0, 0]
    assert all("build7" in names for names in found)
    index.close()


class SweptAway(EmbeddedChroma):
    """Fails as SQLite does when the files go while they are opened; another build has taken over then."""

    def __init__(self, root, meanwhile):
        super().__init__(root)
        self.meanwhile = [meanwhile]

    def open(self, build, dimension):
        if self.meanwhile:
            self.meanwhile.pop()()
            raise StorageFull("store.full", folder=build, why="disk I/O error")
        return super().open(build, dimension)


def test_a_build_that_goes_while_it_is_opened_is_no_full_disk(home):
    def build_another():
        other = open_index(home)
        build(other, "second")
        other.close()

    folders = BuildFolders(home / "index")
    index = LocalIndex(folders, SweptAway(folders.root, build_another))
    index.vectors()
    assert answers(index) == ("second", "second", "second")
    index.close()


def test_threads_read_while_another_builds(home):
    index = open_index(home)
    stop = threading.Event()
    failures: list[BaseException] = []

    def read() -> None:
        while not stop.is_set():
            try:
                answers(index)
            except BaseException as error:
                failures.append(error)
                raise

    threads = [threading.Thread(target=read) for _ in range(3)]
    for thread in threads:
        thread.start()
    for number in range(3):
        build(index, f"build{number}")
    stop.set()
    for thread in threads:
        thread.join()
    assert failures == []
    index.close()


def test_the_build_before_is_kept_for_queries_that_still_run_and_then_deleted(home):
    index = open_index(home)
    old = index.vectors()
    build(index, "second")
    assert folders(home) == {"first", "second"}
    assert old.nearest(vectors_of(1), 1)[0].id == "first:0"
    build(index, "third")
    assert folders(home) == {"second", "third"}
    index.close()


def test_leftovers_of_a_crash_are_swept_up_by_the_next_build(home):
    crashed = open_index(home)
    crashed.start("crashed", 32).add(["x"], vectors_of(1))
    crashed.close()
    index = open_index(home)
    assert folders(home) == {"first", "crashed"}
    index.start("second", 32)
    assert folders(home) == {"first", "second"}
    index.close()


def test_a_build_that_lost_vectors_is_not_put_to_use(home):
    index = open_index(home)
    index.start("second", 32).add(["a"], vectors_of(1))
    with pytest.raises(StorageBroken) as caught:
        index.finish(build_of("second", ["a", "b"]), {})
    assert "1" in str(caught.value)
    assert "2" in str(caught.value)
    assert answers(index) == ("first", "first", "first")
    index.close()


def test_vectors_that_are_on_a_server_do_not_count_without_it(home):
    index = open_index(home, "http://127.0.0.1:9")
    assert index.current() is None


def test_a_server_that_does_not_answer_is_named(home):
    with pytest.raises(StorageBroken, match=r"http://127\.0\.0\.1:9"):
        open_index(home, "http://127.0.0.1:9").start("b", 32)


@pytest.mark.parametrize("url", ["127.0.0.1:8000", "ftp://host", ""])
def test_an_address_that_is_none_is_turned_down(tmp_path, url):
    with pytest.raises(SettingWrong, match="KAODIAN_CHROMA_URL"):
        open_index(tmp_path, url)


@pytest.mark.parametrize("file", ["CURRENT", "build.json", "catalogue.json", "vocab.index.json"])
def test_a_damaged_index_says_which_folder_to_delete(home, file):
    for path in (home / "index").rglob(file):
        path.write_bytes(b"damaged")
    index = open_index(home)
    with pytest.raises(StorageBroken, match="index"):
        answers(index)
    index.close()


def damage(folder: Path) -> None:
    (folder / "chroma" / "chroma.sqlite3").write_bytes(b"damaged")


def delete_vectors(folder: Path) -> None:
    shutil.rmtree(folder / "chroma")


@pytest.mark.parametrize("lose", [damage, delete_vectors, shutil.rmtree])
def test_a_build_without_its_vectors_counts_as_none_and_another_takes_its_place(home, lose):
    lose(next(path for path in (home / "index").iterdir() if path.is_dir()))
    index = open_index(home)
    assert index.current() is None
    build(index, "second")
    assert answers(index) == ("second", "second", "second")
    index.check()
    index.close()


def fill_the_disk(home, room: int, vectors: int) -> None:
    import resource

    index = open_index(home)
    started = index.start("second", 384)
    index.preview_words({"a": "梯度"})
    resource.setrlimit(resource.RLIMIT_FSIZE, (room, resource.RLIM_INFINITY))
    ids = [str(i) for i in range(vectors)]
    with pytest.raises(StorageFull):
        started.add(ids, vectors_of(vectors, 384))
        index.finish(build_of("second", ids), {"long": " ".join(f"word{i}" for i in range(100_000))})
    assert answers(index) == ("first", "first", "first")


@limits
@pytest.mark.parametrize(("room", "vectors"), [(200_000, 800), (1_000_000, 800), (1_000_000, 2)])
def test_a_full_disk_is_said_and_readers_keep_the_old_build(home, room, vectors):
    run(fill_the_disk, home, room, vectors)
    index = open_index(home)
    build(index, "third")
    assert folders(home) == {"first", "third"}
    index.close()


MOVES = {"os.rename", "os.mkdir", "os.remove", "os.rmdir"}


class Tripping:
    """Anything, with a point before and after each call of a method."""

    def __init__(self, inner, point) -> None:
        self._inner = inner
        self._point = point

    def __getattr__(self, name):
        found = getattr(self._inner, name)
        if not callable(found):
            return found

        def call(*arguments):
            self._point()
            result = found(*arguments)
            self._point()
            return Tripping(result, self._point) if isinstance(result, ChromaVectors) else result

        return call


def finishes(home: Path, step: int) -> bool:
    """Build in a forked process that ends at point number `step`; whether it got to the end."""
    points = itertools.count(1)

    def point() -> None:
        if next(points) == step:
            os._exit(9)

    def on_audit(name, arguments) -> None:
        writes = name in MOVES or (name == "open" and set("wxa+") & set(arguments[1] or ""))
        if writes and str(home) in str(arguments[0]):
            point()

    def work() -> None:
        sys.addaudithook(on_audit)
        folders = BuildFolders(home / "index")
        build(
            LocalIndex(Tripping(folders, point), Tripping(EmbeddedChroma(folders.root), point)), "second", 2
        )

    return in_child(work) == 0


def in_child(work) -> int:
    child = os.fork()
    if child == 0:
        code = 1
        try:
            work()
            code = 0
        finally:
            os._exit(code)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def check_after(home: Path) -> None:
    """What a kill left is a whole build, and the next build clears away the rest."""
    index = open_index(home)
    build_seen = index.current()
    assert build_seen.id in ("first", "second")
    assert index.vectors().count() == len(build_seen.windows) == len(index.words().search("梯度", SIZE))
    build(index, "third", 2)
    assert folders(home) == {build_seen.id, "third"}


def kill_everywhere(home: Path) -> None:
    import chromadb  # loaded once, before the forks

    del chromadb
    open_index(home).preview_words({"a": "梯度"})
    for step in itertools.count(1):
        here = shutil.copytree(home, home.with_name(f"kill-{step}"))
        finished = finishes(here, step)
        assert in_child(lambda here=here: check_after(here)) == 0, f"broken by a kill at point {step}"
        shutil.rmtree(here)
        if finished:
            assert step > 40
            return


@forks
def test_a_kill_at_any_step_of_a_build_leaves_a_whole_one(home):
    run(kill_everywhere, home)
