"""The real embedded model in its child process."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest
from pydantic import BaseModel, Field

import bot
from bot.adapters.llm import make_language_model
from bot.adapters.llm.embedded import answers
from bot.seams import Message
from bot.settings import Settings

pytestmark = pytest.mark.llm

CLIENT = """
import sys
from pathlib import Path
from bot.adapters.llm.embedded import EmbeddedServer
server = EmbeddedServer(Path(sys.argv[1]), lambda: Path(sys.argv[2]))
for line in sys.stdin:
    print(server.ensure()[0], server._meeting.found().pid, flush=True)
"""


class Sum(BaseModel):
    """A reply schema."""

    number: int = Field(ge=0, le=9)


def ask(text: str) -> list[Message]:
    return [Message(role="user", content=text)]


def child_of(model) -> psutil.Process:
    return psutil.Process(model.server._meeting.found().pid)


def gone(process: psutil.Process, seconds: float) -> bool:
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        if not process.is_running() or process.status() == psutil.STATUS_ZOMBIE:
            return True
        time.sleep(0.1)
    return False


def test_it_replies(llm_server) -> None:
    reply = llm_server.reply(ask("What is 1+1? Answer with the digit only."), max_tokens=8)
    assert "2" in reply.text
    assert reply.finished
    assert reply.prompt_tokens > 10
    assert not llm_server.reply(ask("Count from 1 to 100."), max_tokens=3).finished


def test_it_keeps_to_a_schema(llm_server) -> None:
    reply = llm_server.reply(ask("What is 1+1? Reply as JSON."), max_tokens=64, schema=Sum)
    assert 0 <= Sum.model_validate_json(reply.text).number <= 9


def idle(process: psutil.Process) -> bool:
    before = process.cpu_times().user
    time.sleep(0.5)
    return process.cpu_times().user - before < 0.05


def test_a_closed_stream_stops_the_model(llm_server) -> None:
    stream = llm_server.stream(ask("Count from 1 to 2000, one number on each line."), max_tokens=4000)
    assert next(stream)
    assert not idle(child_of(llm_server))
    stream.close()
    begun = time.monotonic()
    while not idle(child_of(llm_server)):
        assert time.monotonic() - begun < 5
    assert llm_server.reply(ask("Say a."), max_tokens=1).text


def test_the_key_is_needed_and_not_on_the_command_line(llm_server) -> None:
    serving = llm_server.server._meeting.found()
    assert serving.key not in " ".join(child_of(llm_server).cmdline())
    wrong = serving.model_copy(update={"key": "wrong"})
    assert answers(serving)
    assert not answers(wrong)


def test_it_listens_on_loopback_only(llm_server) -> None:
    listening = [c for c in child_of(llm_server).net_connections("tcp") if c.status == psutil.CONN_LISTEN]
    assert {c.laddr.ip for c in listening} == {"127.0.0.1"}


@pytest.mark.skipif(sys.platform == "win32", reason="no SIGKILL")
def test_it_comes_back_after_a_kill(llm_server) -> None:
    before = child_of(llm_server)
    before.kill()
    assert gone(before, 5)
    assert llm_server.reply(ask("Say a."), max_tokens=2).finished in (True, False)
    after = child_of(llm_server)
    assert after.pid != before.pid
    after.kill()
    assert "".join(llm_server.stream(ask("Say a."), max_tokens=3))


def client(home: Path, model: Path) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", CLIENT, str(home), str(model)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env=os.environ | {"PYTHONPATH": str(Path(bot.__file__).parents[1])},
    )


def where(process: subprocess.Popen[str]) -> str:
    process.stdin.write("?\n")
    process.stdin.flush()
    return process.stdout.readline()


@pytest.mark.skipif(sys.platform == "win32", reason="no SIGKILL")
def test_two_processes_share_one_child_that_ends_with_the_last(llm_server, tmp_path: Path) -> None:
    model = llm_server.server._meeting.model
    clients = [client(tmp_path, model) for _ in range(2)]
    for one in clients:
        one.stdin.write("?\n")  # both look for a child at the same moment
        one.stdin.flush()
    first, second = (one.stdout.readline() for one in clients)
    assert first == second != ""
    child = psutil.Process(int(first.split()[1]))
    clients[0].send_signal(signal.SIGKILL)
    assert not gone(child, 5)
    assert where(clients[1]) == first
    clients[1].send_signal(signal.SIGKILL)
    assert gone(child, 6)
    for one in clients:
        one.communicate()


def test_none_is_no_model_and_embedded_is_not_loaded_before_it_is_used(tmp_path: Path) -> None:
    def path() -> Path:
        raise AssertionError("asked too early")

    assert make_language_model(Settings(home=tmp_path, llm="none"), path) is None
    model = make_language_model(Settings(home=tmp_path, llm="embedded"), path)
    assert model is not None
    assert model.name == "embedded"
