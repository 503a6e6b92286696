"""The served program as a user starts it, in a process of its own."""

import json
import os
import re
import subprocess
import sys
import threading
import time
import urllib.request
from pathlib import Path

ROOT = Path(__file__).parents[2]


class Program:
    """The program on a free port, with its own home.

    Args:
        home: Its data directory.
        arguments: Of Python; `python app.py` where none are given.
        env: Further environment variables.
    """

    def __init__(self, home, *arguments, **env):
        mine = {
            "KAODIAN_HOME": str(home),
            "KAODIAN_PORT": "18960",
            "PYTHONUNBUFFERED": "1",
            "NO_PROXY": "127.0.0.1",
        }
        self._command = [sys.executable, *(arguments or ["app.py"])]
        self._env = {**os.environ, **mine, **env}
        self.log = []

    def __enter__(self):
        self._process = subprocess.Popen(
            self._command,
            cwd=ROOT,
            env=self._env,
            text=True,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
        )
        threading.Thread(target=self._read, daemon=True).start()
        self.url = self._wait(self._address, 120)
        self._wait(self._ready, 280)
        return self

    def __exit__(self, *_):
        self._process.terminate()
        try:
            self._process.wait(20)
        except subprocess.TimeoutExpired:
            self._process.kill()

    @property
    def pid(self):
        return self._process.pid

    def get(self, path):
        return self._call(urllib.request.Request(self.url + path))

    def post(self, path, **body):
        headers = {"content-type": "application/json"}
        return self._call(urllib.request.Request(self.url + path, json.dumps(body).encode(), headers))

    def _call(self, request):
        direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        with direct.open(request, timeout=240) as reply:
            return json.loads(reply.read())

    def _read(self):
        for line in self._process.stdout:
            self.log.append(line)

    def _ready(self):
        status = self.get("/api/v1/status")
        failed = [stage["message"] for stage in status["stages"] if stage["state"] == "failed"]
        assert not failed, failed
        return status["ready"]

    def _address(self):
        found = re.search(r"http://127\.0\.0\.1:\d+", "".join(self.log))
        return found and found[0]

    def _wait(self, condition, seconds):
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            if self._process.poll() is not None:
                break
            found = condition()
            if found:
                return found
            time.sleep(0.1)
        raise AssertionError("the program is not up:\n" + "".join(self.log))


def assert_graded(program):
    """A quiz of one question over the notes on BN is begun, answered and graded."""
    quiz = program.post("/api/v1/quizzes", length=1)
    at = f"/api/v1/quizzes/{quiz['quiz']['id']}"
    done = program.post(f"{at}/submit", turn=1, answer="用小批量的均值和方差归一化，学习率可以更大。")
    assert done["feedback"]["score"]
