"""The hub source against a local server that speaks the hub's protocol."""

import hashlib
import random
import socket
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from fakes.models import model_file

from bot.models.assembling import Assembler
from bot.models.hub import Hub, cached_file
from bot.models.sources import LocalFiles, SourceFailed

DATA = random.Random(1).randbytes(12_000_000)  # the hub's client keeps what came in steps of 10 MB
FILE = model_file("tiny.bin", DATA)
COMMIT = "0123456789abcdef0123456789abcdef01234567"


class HubServer(ThreadingHTTPServer):
    """HEAD and GET of one file as the hub answers them."""

    daemon_threads = True

    def __init__(self):
        super().__init__(("127.0.0.1", 0), HubHandler)
        self.content = DATA
        self.ranges = []
        self.requests = []
        self.break_off_after = None
        """Bytes after which a GET loses its connection, once."""
        self.silent = False
        self.endpoint = f"http://127.0.0.1:{self.server_port}"


class HubHandler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *args):
        pass

    def do_HEAD(self):
        self._answer(body=False)

    def do_GET(self):
        self._answer(body=True)

    def _answer(self, body):
        self.server.requests.append((self.command, self.path))
        if self.server.silent:
            time.sleep(5)
            return
        known = self.path == "/some/model/resolve/main/tiny.bin"
        content = self.server.content if known else b"nothing"
        start = 0
        if wanted := self.headers.get("Range"):
            self.server.ranges.append(wanted)
            start = int(wanted.removeprefix("bytes=").partition("-")[0])
        self.send_response((206 if wanted else 200) if known or self.path == "/" else 404)
        if not known:
            self.send_header("X-Error-Code", "EntryNotFound")
        self.send_header("X-Repo-Commit", COMMIT)
        self.send_header("ETag", f'"{hashlib.sha256(content).hexdigest()}"')
        self.send_header("X-Linked-Size", str(len(content)))
        self.send_header("Accept-Ranges", "bytes")
        if wanted:
            self.send_header("Content-Range", f"bytes {start}-{len(content) - 1}/{len(content)}")
        self.send_header("Content-Length", str(len(content) - start))
        self.end_headers()
        if body:
            self._send(content[start:])

    def _send(self, content):
        stop, self.server.break_off_after = self.server.break_off_after, None
        self.wfile.write(content[:stop])
        if stop is not None:
            self.wfile.flush()
            self.connection.shutdown(socket.SHUT_RDWR)


@pytest.fixture
def server(monkeypatch):
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    monkeypatch.setenv("HF_HUB_DISABLE_XET", "1")
    with HubServer() as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server
        server.shutdown()


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
    server.content = DATA[::-1]
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
