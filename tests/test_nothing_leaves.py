"""Once the models are there, the served program talks to this machine only."""

import os
import subprocess
import sys

import pytest
from fakes.product import NORM
from servers.openai_like import OpenAILike
from servers.program import Program, assert_graded
from servers.watching import Watch, guarded


@pytest.fixture
def home(tmp_path, model_store, embedder):
    """A home directory with the embedding model and nothing else."""
    (tmp_path / "home").mkdir()
    (tmp_path / "home" / "models").symlink_to(model_store.path("multilingual-e5-small").parents[1])
    return tmp_path / "home"


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
def test_the_served_program_stays_on_the_machine(tmp_path, home):
    """With a model's server on this machine; without a model tests/test_chroma_server.py watches it."""
    record = tmp_path / "left"
    with OpenAILike() as server:
        llm = {"KAODIAN_LLM": "openai:scripted", "KAODIAN_LLM_BASE_URL": server.base_url}
        with (
            Program(home, KAODIAN_SAMPLE="off", **llm, **guarded(record)) as program,
            Watch(program.pid) as watch,
        ):
            assert program.post("/api/v1/notes", title="bn", text=NORM)["files"] == 1
            assert program.post("/api/v1/ask", question="BN 在训练和测试时有什么区别？")["citations"]
            assert_graded(program)
            assert server.seen
    assert watch.stayed
    assert not record.exists(), record.read_text()
