"""A program that may not leave the machine: a guard inside it, and a watch over its connections."""

import threading
from contextlib import suppress
from pathlib import Path

import psutil
from fakes.loopback import is_local

GUARD = Path(__file__).parents[1] / "guarded"


def guarded(record):
    """Environment of a Python that cannot leave the machine and writes down each attempt."""
    return {"PYTHONPATH": str(GUARD), "KAODIAN_TEST_LEAVING": str(record)}


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

    @property
    def stayed(self):
        """Whether it was looked at, and talked to this machine only."""
        return self.looks > 0 and self.left == []
