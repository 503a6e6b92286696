"""Full disks, damaged files, other processes and kills: an error that says what to do, and nothing half written."""

import itertools
import multiprocessing
import os
import shutil
import sqlite3
import threading

import pytest
from sqlalchemy import Engine, event
from test_store_contract import grade, parsed, question, quiz, section

from bot.adapters.sql import DATABASE_NAME, open_store
from bot.domain.errors import Busy, StorageBroken, StorageFull
from bot.domain.notes import Duplicate
from bot.domain.spans import Span

processes = multiprocessing.get_context("spawn")
forks = pytest.mark.skipif(not hasattr(os, "fork"), reason="needs a system that can fork")
limits = pytest.mark.skipif(os.name == "nt", reason="needs a system with limits of file size")

OLD = parsed("a", "one", "two")
NEW = parsed("a", "three", "two", "four")


def run(work, *arguments) -> None:
    """Run `work` in a process of its own, and fail where it fails."""
    process = processes.Process(target=work, args=arguments)
    process.start()
    process.join()
    assert process.exitcode == 0


@pytest.fixture
def store(tmp_path):
    store = open_store(tmp_path)
    yield store
    store.close()


def fill_the_disk(home) -> None:
    import resource

    store = open_store(home)
    store.notes.save(OLD)
    used = max(path.stat().st_size for path in home.iterdir())
    resource.setrlimit(resource.RLIMIT_FSIZE, (used + 20_000, resource.RLIM_INFINITY))
    huge = section("a", "x" * 400_000, Span(start=0, end=400_000))
    with pytest.raises(StorageFull, match=str(home)):
        store.notes.save(OLD.model_copy(update={"chunks": (huge,)}))
    assert store.notes.parsed("a") == OLD
    store.questions.save(question("q", "c"))
    store.close()


@limits
def test_a_full_disk_is_said_and_nothing_is_half_written(tmp_path):
    run(fill_the_disk, tmp_path)
    store = open_store(tmp_path)
    assert store.notes.parsed("a") == OLD
    assert store.questions.questions() == [question("q", "c")]
    store.close()


def open_without_room(home) -> None:
    import resource

    resource.setrlimit(resource.RLIMIT_FSIZE, (10_000, resource.RLIM_INFINITY))
    with pytest.raises(StorageFull):
        open_store(home)


@limits
def test_a_disk_that_is_full_at_the_first_start(tmp_path):
    run(open_without_room, tmp_path)
    open_store(tmp_path).close()


def test_a_home_that_cannot_be_made(tmp_path):
    (tmp_path / "file").touch()
    with pytest.raises(StorageBroken, match="file"):
        open_store(tmp_path / "file" / "home")


def test_a_file_that_is_no_database(tmp_path):
    (tmp_path / DATABASE_NAME).write_bytes("不是数据库".encode() * 1000)
    with pytest.raises(StorageBroken) as caught:
        open_store(tmp_path)
    assert DATABASE_NAME in str(caught.value)
    assert "kaodian ingest" in str(caught.value)


def test_a_database_damaged_in_the_middle(tmp_path):
    store = open_store(tmp_path)
    for number in range(50):
        store.notes.save(parsed(str(number), "one" * 400))
    store.close()
    file = tmp_path / DATABASE_NAME
    content = bytearray(file.read_bytes())
    content[4096 * 3 :] = b"\xff" * (len(content) - 4096 * 3)
    file.write_bytes(content)
    with pytest.raises(StorageBroken, match=DATABASE_NAME):
        open_store(tmp_path).notes.chunks()


def test_a_database_that_another_program_keeps_locked(store, tmp_path, monkeypatch):
    monkeypatch.setattr("bot.adapters.sql.database.BUSY_SECONDS", 0.1)
    waiting = open_store(tmp_path)
    other = sqlite3.connect(tmp_path / DATABASE_NAME, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(Busy, match=DATABASE_NAME):
        waiting.grades.save(grade("g"))
    assert waiting.grades.grades() == []
    other.execute("ROLLBACK")
    waiting.grades.save(grade("g"))
    assert waiting.grades.grades() == [grade("g")]
    other.close()
    waiting.close()


def hold_the_lock(home, held, release) -> None:
    with open_store(home).writing():
        held.set()
        release.wait(60)


def test_another_process_that_writes_is_named(store, tmp_path):
    held, release = processes.Event(), processes.Event()
    writer = processes.Process(target=hold_the_lock, args=(tmp_path, held, release))
    writer.start()
    assert held.wait(60)
    with pytest.raises(Busy, match=str(writer.pid)), store.writing():
        pass
    writer.kill()
    writer.join()
    with store.writing(timeout=5):
        pass


def add_grades(home, name: str, count: int) -> None:
    store = open_store(home)
    for number in range(count):
        store.grades.save(grade(f"{name}-{number}"))
    store.close()


def test_processes_and_threads_write_at_once(store, tmp_path):
    workers = [processes.Process(target=add_grades, args=(tmp_path, f"p{i}", 30)) for i in range(2)]
    workers += [threading.Thread(target=add_grades, args=(tmp_path, f"t{i}", 30)) for i in range(3)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert len(store.grades.grades()) == 150


def test_only_one_of_many_tabs_gets_its_version_in(store):
    stored = store.quizzes.save(quiz("z"))
    outcomes: list[str] = []

    def submit() -> None:
        try:
            store.quizzes.save(stored)
            outcomes.append("stored")
        except Busy:
            outcomes.append("busy")

    tabs = [threading.Thread(target=submit) for _ in range(6)]
    for tab in tabs:
        tab.start()
    for tab in tabs:
        tab.join()
    assert sorted(outcomes) == ["busy"] * 5 + ["stored"]


TWIN = Duplicate(
    chunk_id="chunk-two", document_id="b", kept_chunk_id="chunk-two", kept_document_id="a", similarity=1
)


def changes(store) -> None:
    """Writes whose first half would be seen if they were not one transaction each."""
    store.notes.save(NEW)
    store.notes.set_duplicates([TWIN])
    store.questions.save(question("q", "c3", text="Why?"))
    store.notes.delete("b")


def whole(store) -> bool:
    """Whether the store is as it was before or after some of the changes."""
    documents = store.notes.documents()
    return (
        store.notes.parsed("a") in (OLD, NEW)
        and store.questions.question("q") in (question("q", "c1", "c2"), question("q", "c3", text="Why?"))
        and (len(documents) == 1 or store.notes.parsed("b") == parsed("b", "two"))
        and store.notes.duplicates() in ([], [TWIN])
    )


def finishes(home, step: int) -> bool:
    """Make the changes in a forked process that ends at point number `step`; whether it got to the end."""
    child = os.fork()
    if child == 0:
        points = itertools.count(1)

        def trip(*_: object) -> None:
            if next(points) == step:
                os._exit(9)

        store = open_store(home)
        for moment in ("before_cursor_execute", "after_cursor_execute", "commit"):
            event.listen(Engine, moment, trip)
        changes(store)
        os._exit(0)
    code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    assert code in (0, 9)
    return code == 0


def kill_everywhere(home) -> None:
    store = open_store(home / "before")
    store.notes.save(OLD)
    store.notes.save(parsed("b", "two"))
    store.questions.save(question("q", "c1", "c2"))
    store.close()
    for step in itertools.count(1):
        here = shutil.copytree(home / "before", home / str(step))
        finished = finishes(here, step)
        store = open_store(here)
        assert whole(store), f"half written after a kill at point {step}"
        store.close()
        if finished:
            assert step > 40
            return


@forks
def test_a_kill_at_any_statement_leaves_nothing_half(tmp_path):
    run(kill_everywhere, tmp_path)
