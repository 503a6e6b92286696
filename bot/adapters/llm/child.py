"""The process that runs the embedded language model: python -m bot.adapters.llm.child HOME MODEL [ADAPTER].

It listens on loopback with a random key, announces itself (meeting.py) and lives while a client does.
Its output is the log, which it cuts when it grows.
"""

import importlib
import os
import secrets
import signal
import sys
import time
from pathlib import Path
from typing import Any

from filelock import Timeout

from bot.adapters.llm.meeting import TAKEN, Meeting, Serving, started_at

WINDOW = 8192
"""Tokens of prompt and reply together."""
POLL = 1.0
"""Seconds between two looks at the clients."""
GRACE = 3
"""Looks without a client before the child leaves."""
LOG_BYTES = 1_000_000


def main(home: Path, model: Path, adapter: Path | None = None) -> int:
    """Serve `model` until no client lives; the exit code."""
    meeting = Meeting(home, model, adapter)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl+C in one client's terminal is not for the others
    try:
        with meeting.serving_lock().acquire(timeout=5):
            key = secrets.token_urlsafe(32)
            server = _load(meeting, key)
            meeting.announce(
                Serving(
                    pid=os.getpid(),
                    started=started_at(os.getpid()),
                    base_url=server.listening_address,
                    key=key,
                    model=meeting.model,
                )
            )
            _stay(meeting)
    except Timeout:
        return TAKEN
    os._exit(0)  # the server's own end would wait for a reply that nobody reads


def _load(meeting: Meeting, key: str) -> Any:
    xllamacpp = importlib.import_module("xllamacpp")

    params = xllamacpp.CommonParams()
    params.model.path = str(meeting.model)
    params.model_alias = {meeting.model.stem}
    if meeting.adapter is not None:  # switched on by each request that wants it
        params.lora_adapters = [xllamacpp.CommonAdapterLoraInfo(str(meeting.adapter), 0.0)]
        params.lora_init_without_apply = True
    params.hostnames = ["127.0.0.1"]
    params.port = 0
    params.api_keys = [key]
    params.n_ctx = WINDOW
    params.n_parallel = 1
    params.cpuparams.n_threads = params.cpuparams_batch.n_threads = _cores()
    params.cache_ram_mib = (
        0  # a kept prompt would change the batches, and so the last digits, of what is read
    )
    params.ui = False
    params.endpoint_slots = False
    params.fit_params = False
    params.verbosity = 0
    return xllamacpp.Server(params)


def _cores() -> int:
    import psutil

    available = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return max(1, min(available, psutil.cpu_count(logical=False) or available))


def _stay(meeting: Meeting) -> None:
    lonely = 0
    while True:
        time.sleep(POLL)
        if os.fstat(2).st_size > LOG_BYTES:
            os.ftruncate(2, 0)
        lonely = 0 if meeting.clients() else lonely + 1
        if lonely >= GRACE and _left(meeting):
            return


def _left(meeting: Meeting) -> bool:
    """Take the leave unless a client comes, or somebody is just looking for a child."""
    try:
        with meeting.lock().acquire(timeout=0):
            if meeting.clients():
                return False
            meeting.forget()
            return True
    except Timeout:
        return False


if __name__ == "__main__":
    sys.exit(main(*map(Path, sys.argv[1:])))
