"""A model hub on this machine: the list of a model's files, and each of them, by HEAD and GET."""

import hashlib
import json
import socket
import threading
import time
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

COMMIT = "0123456789abcdef0123456789abcdef01234567"
ID = "some/model"


class HubServer(ThreadingHTTPServer):
    """A hub with one model.

    Args:
        files: Of the model, by name.
    """

    daemon_threads = True

    def __init__(self, files):
        super().__init__(("127.0.0.1", 0), _Handler)
        self.files = dict(files)
        self.requests = []
        self.ranges = []
        self.break_off_after = None
        """Bytes after which a GET loses its connection, once."""
        self.silent = False
        self.endpoint = f"http://127.0.0.1:{self.server_port}"


@contextmanager
def hub_with(files, patch):
    """A hub that runs, and an environment in which its client comes straight to it."""
    patch.setenv("NO_PROXY", "127.0.0.1")
    patch.setenv("HF_HUB_DISABLE_XET", "1")
    with HubServer(files) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server
        server.shutdown()


class _Handler(BaseHTTPRequestHandler):
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
        path = self.path.partition("?")[0]
        if path.startswith(f"/api/models/{ID}"):
            siblings = [{"rfilename": name, "size": len(data)} for name, data in self.server.files.items()]
            listed = {"id": ID, "sha": COMMIT, "siblings": siblings}
            self._send(200, json.dumps(listed).encode(), body, {"Content-Type": "application/json"})
            return
        content = self.server.files.get(path.removeprefix(f"/{ID}/resolve/main/"))
        if content is not None:
            self._send_file(content, body)
            return
        code = "EntryNotFound" if path.startswith(f"/{ID}/") else "RepoNotFound"
        self._send(200 if path == "/" else 404, b"", body, {"X-Error-Code": code})

    def _send_file(self, content, body):
        headers = {
            "X-Repo-Commit": COMMIT,
            "ETag": f'"{hashlib.sha256(content).hexdigest()}"',
            "X-Linked-Size": str(len(content)),
            "Accept-Ranges": "bytes",
        }
        wanted = self.headers.get("Range")
        if wanted is None:
            self._send(200, content, body, headers)
            return
        self.server.ranges.append(wanted)
        start = int(wanted.removeprefix("bytes=").partition("-")[0])
        headers["Content-Range"] = f"bytes {start}-{len(content) - 1}/{len(content)}"
        self._send(206, content[start:], body, headers)

    def _send(self, status, content, body, headers):
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        if not body:
            return
        stop, self.server.break_off_after = self.server.break_off_after, None
        self.wfile.write(content[:stop])
        if stop is not None:
            self.wfile.flush()
            self.connection.shutdown(socket.SHUT_RDWR)
