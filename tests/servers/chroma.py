"""Chroma's own server on a free port of this machine."""

import os
import socket
import subprocess
import sys
import time
from pathlib import Path


class ChromaServer:
    """`chroma run`, killed at the end.

    Args:
        folder: Where it keeps its data.
    """

    def __init__(self, folder):
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self._port = probe.getsockname()[1]
        self._folder = folder
        self.url = f"http://127.0.0.1:{self._port}"

    def __enter__(self):
        program = Path(sys.executable).with_name("chroma")
        command = [program, "run", "--path", self._folder, "--host", "127.0.0.1", "--port", str(self._port)]
        quiet = {**os.environ, "ANONYMIZED_TELEMETRY": "False"}
        self._process = subprocess.Popen(
            command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=quiet
        )
        self._wait()
        return self

    def __exit__(self, *_):
        self._process.kill()
        self._process.wait(20)

    def _wait(self):
        for _ in range(600):
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", self._port)) == 0:
                    return
            time.sleep(0.1)
        self._process.kill()
        raise TimeoutError("the Chroma server did not start")
