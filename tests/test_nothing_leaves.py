"""Once the models are there, the served program talks to this machine only."""

import os
import subprocess
import sys
import threading
from contextlib import suppress
from pathlib import Path

import psutil
import pytest
from fakes.loopback import is_local
from fakes.product import NORM
from servers.openai_like import OpenAILike
from servers.program import Program

GUARD = Path(__file__).parent / "guarded"


def guarded(record):
    """Environment of a Python that cannot leave the machine and writes down each attempt."""
    return {"PYTHONPATH": str(GUARD), "KAODIAN_TEST_LEAVING": str(record)}


@pytest.fixture
def home(tmp_path, model_store, embedder):
    """A home directory with the embedding model and nothing else."""
    (tmp_path / "home").mkdir()
    (tmp_path / "home" / "models").symlink_to(model_store.path("multilingual-e5-small").parents[1])
    return tmp_path / "home"


class Watch:
    """Looks at a program's connections, which libraries in other languages may open past Python."""

    def __init__(self, pid):
        self._root = psutil.Process(pid)
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self.looks, self.left = 0, []

    def __enter__(self):
        self._thread.start()
        return self

    def __exit__(self, *_):
        self._over.set()
        self._thread.join(20)

    def _run(self):
        while not self._over.wait(0.1):
            with suppress(psutil.NoSuchProcess):
                for process in [self._root, *self._root.children(recursive=True)]:
                    seen = [connection.raddr for connection in process.net_connections()]
                    self.left += [address for address in seen if address and not is_local(tuple(address))]
                self.looks += 1


@pytest.mark.parametrize(
    "act",
    [
        "import socket; socket.create_connection(('192.0.2.1', 80), timeout=1)",
        "import urllib.request; urllib.request.urlopen('http://example.org/', timeout=1)",
        "import socket; socket.socket(type=socket.SOCK_DGRAM).sendto(b'x', ('192.0.2.1', 53))",
    ],
)
def test_the_guard_sees_what_would_leave(tmp_path, act):
    record = tmp_path / "left"
    done = subprocess.run(
        [sys.executable, "-c", act], env={**os.environ, **guarded(record)}, capture_output=True, text=True
    )
    assert done.returncode == 1
    assert "forbidden by the test" in done.stderr
    assert record.read_text()


@pytest.mark.real
@pytest.mark.parametrize("with_model", [False, True], ids=["no model", "a model's server on this machine"])
def test_the_served_program_stays_on_the_machine(tmp_path, home, with_model):
    record = tmp_path / "left"
    with OpenAILike() as server:
        llm = {"KAODIAN_LLM": "none"}
        if with_model:
            llm = {"KAODIAN_LLM": "openai:scripted", "KAODIAN_LLM_BASE_URL": server.base_url}
        with (
            Program(home, KAODIAN_SAMPLE="off", **llm, **guarded(record)) as program,
            Watch(program.pid) as watch,
        ):
            assert program.post("/api/v1/notes", title="bn", text=NORM)["files"] == 1
            asked = program.post("/api/v1/ask", question="BN 在训练和测试时有什么区别？")
            assert asked["citations"]
            quiz = program.post("/api/v1/quizzes", length=1)
            at = f"/api/v1/quizzes/{quiz['quiz']['id']}"
            done = program.post(f"{at}/submit", turn=1, answer="用小批量的均值和方差归一化，学习率可以更大。")
            assert done["feedback"]["score"]
            assert bool(server.seen) == with_model
        assert watch.looks
        assert watch.left == []
    assert not record.exists(), record.read_text()
