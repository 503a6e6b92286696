"""Processes find the one child through private files; the dead are not found."""

import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from bot.adapters.llm.embedded import EmbeddedServer, answers
from bot.adapters.llm.meeting import Meeting, Serving, started_at
from bot.domain.errors import ModelUnavailable


@pytest.fixture
def meeting(tmp_path: Path) -> Meeting:
    return Meeting(tmp_path / "home", tmp_path / "m.gguf")


def serving(pid: int, started: float) -> Serving:
    return Serving(
        pid=pid, started=started, base_url="http://127.0.0.1:9", key="k" * 40, model=Path("m.gguf")
    )


def dead_process() -> tuple[int, float]:
    process = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])
    started = started_at(process.pid)
    process.kill()
    process.wait()
    return process.pid, started


def test_a_living_child_is_found_as_it_was_announced(meeting: Meeting) -> None:
    mine = serving(os.getpid(), started_at(os.getpid()))
    meeting.announce(mine)
    assert meeting.found() == mine
    meeting.forget()
    assert meeting.found() is None


def test_nobody_else_can_read_the_files(meeting: Meeting, tmp_path: Path) -> None:
    meeting.announce(serving(os.getpid(), 0))
    meeting.enter()
    run = tmp_path / "home" / "run"
    modes = {path: stat.S_IMODE(path.stat().st_mode) for path in [run, *run.rglob("*")]}
    assert len(modes) >= 4
    assert not [path for path, mode in modes.items() if mode & 0o077]


def test_the_dead_are_not_found(meeting: Meeting) -> None:
    meeting.announce(serving(*dead_process()))
    assert meeting.found() is None


def test_another_process_with_the_same_number_is_not_the_child(meeting: Meeting) -> None:
    meeting.announce(serving(os.getpid(), started_at(os.getpid()) - 100))
    assert meeting.found() is None


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b'{"pid": 1}', b"\xff\xfe"])
def test_a_damaged_announcement_counts_as_none(meeting: Meeting, content: bytes) -> None:
    meeting._state.write_bytes(content)
    assert meeting.found() is None


def test_clients_are_those_that_live(meeting: Meeting) -> None:
    pid, started = dead_process()
    meeting.enter()
    (meeting._clients / f"{pid}-{round(started * 1000)}").touch()
    (meeting._clients / "rubbish").touch()
    assert meeting.clients() == [os.getpid()]
    assert len(list(meeting._clients.iterdir())) == 1
    meeting.leave()
    assert meeting.clients() == []


def test_two_model_files_have_two_children(meeting: Meeting, tmp_path: Path) -> None:
    meeting.announce(serving(os.getpid(), started_at(os.getpid())))
    assert Meeting(meeting.home, tmp_path / "other.gguf").found() is None


def test_a_child_that_does_not_answer_is_noticed() -> None:
    assert not answers(serving(os.getpid(), 0))


def test_the_key_is_not_in_the_repr() -> None:
    assert "kkk" not in repr(serving(1, 0))


def test_a_file_that_is_no_model_is_an_error_that_names_the_log(tmp_path: Path) -> None:
    broken = tmp_path / "broken.gguf"
    broken.write_bytes(b"GGUF but not really")
    server = EmbeddedServer(tmp_path / "home", lambda: broken)
    with pytest.raises(ModelUnavailable, match=r"llm\.log"):
        server.ensure()
    assert "Failed" in server.log.read_text() or "failed" in server.log.read_text()
