"""The embedded language model: its child process as seen from a client, and the model itself."""

import json
import os
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import psutil
from pydantic import SecretStr

import bot
from bot.adapters.llm.chat import ChatAdapter, Patience
from bot.adapters.llm.failures import Failure
from bot.adapters.llm.meeting import TAKEN, Meeting, Serving, log_file
from bot.adapters.llm.wire import WIRES
from bot.domain.errors import ModelUnavailable
from bot.domain.judges import EMBEDDED
from bot.settings import Settings

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel

# Threads that spin while they wait for each other make llama.cpp several times slower (5 tokens/s become 1)
# as soon as the page, the encoder or a browser wants a core as well.
_QUIET = {"OMP_WAIT_POLICY": "PASSIVE"}

AdapterOf = Callable[[Path], Path | None]

START_SECONDS = 180.0
"""Longest time that loading may take."""


class EmbeddedServer:
    """The child process that serves one model file, shared by this user's processes.

    Args:
        home: Settings.home.
        model_path: Gives the model's file, fetching it if need be; called on first use.
        adapter_of: Gives the file of a model's adapter, updates that a request can switch on; None: none.
    """

    def __init__(
        self, home: Path, model_path: Callable[[], Path], adapter_of: AdapterOf | None = None
    ) -> None:
        self._home = home
        self._model_path = model_path
        self._adapter_of = adapter_of
        self._meeting: Meeting | None = None
        self._child: subprocess.Popen[bytes] | None = None
        self._starting = threading.Lock()

    @property
    def log(self) -> Path:
        """Where the child writes what it has to say."""
        return log_file(self._home)

    def ensure(self) -> tuple[str, str]:
        """Base address (without /v1) and key of a child that answers, started if there is none.

        Raises:
            ModelUnavailable: The model's file is not to be had, or the child does not start.
        """
        with self._starting:
            meeting = self._meeting = self._meeting or self._met()
            meeting.enter()
            with meeting.lock():
                serving = meeting.found()
                if serving is not None and not answers(serving):
                    _end(serving)
                    serving = None
                serving = serving or self._start(meeting)
            return serving.base_url, serving.key

    def _met(self) -> Meeting:
        model = self._model_path()
        return Meeting(self._home, model, self._adapter_of(model) if self._adapter_of else None)

    def _start(self, meeting: Meeting) -> Serving:
        """Start a child and wait until it is ready; the meeting's lock is held."""
        meeting.forget()
        self._child = _spawn(meeting)
        until = time.monotonic() + START_SECONDS
        while time.monotonic() < until:
            serving = meeting.found()
            if serving is not None:
                return serving
            code = self._child.poll()
            if code == TAKEN:  # another one was loading or leaving
                self._child = _spawn(meeting)
            elif code is not None:
                raise ModelUnavailable("llm.embedded_failed", log=meeting.log)
            time.sleep(0.05)
        self._child.kill()
        raise ModelUnavailable("llm.embedded_slow", seconds=round(START_SECONDS))

    def stop(self) -> None:
        """Let go; the child ends within seconds unless another process uses it."""
        if self._meeting is not None:
            self._meeting.leave()


class EmbeddedModel(ChatAdapter):
    """The embedded language model, its child started on the first call and again when it dies."""

    lost_keys = frozenset({"llm.unreachable", "llm.key", "llm.not_found", "llm.garbled"})

    def __init__(
        self, settings: Settings, model_path: Callable[[], Path], adapter_of: AdapterOf | None = None
    ) -> None:
        super().__init__(
            EMBEDDED,
            self._connected,
            wire=WIRES["openai"],
            patience=Patience(settings.llm_timeout, retries=1),
        )
        self.server = EmbeddedServer(settings.home, model_path, adapter_of)
        self._adapter_of = adapter_of
        self._chat: tuple[tuple[str, str], BaseChatModel] | None = None
        self._connecting = threading.Lock()

    @property
    def has_adapter(self) -> bool:
        """Whether the model may be read as a judge."""
        return self._adapter_of is not None

    def post(self, path: str, body: dict[str, Any]) -> dict[str, Any]:
        """The child's reply to a request of llama.cpp's own; asked once more of a new child if this one died.

        Raises:
            ModelUnavailable: The child does not start, or does not do what it is asked.
        """
        for _ in range(2):
            base_url, key = self.server.ensure()
            try:
                return _ask(base_url + path, key, body, timeout=self._patience.timeout)
            except urllib.error.HTTPError as error:
                raise self._unavailable(Failure("llm.garbled", again=False)) from error
            except OSError:
                continue
        raise self._unavailable(Failure("llm.unreachable", again=False))

    def _connected(self, lost: bool) -> "BaseChatModel":
        with self._connecting:
            if self._chat is None or lost:
                address = self.server.ensure()
                if self._chat is None or self._chat[0] != address:
                    self._chat = (address, _chat_model(*address, self._patience.timeout))
            return self._chat[1]

    def _hopeful(self, failure: Failure) -> bool:
        return failure.key in self.lost_keys

    def _unavailable(self, failure: Failure) -> ModelUnavailable:
        if failure.key in self.lost_keys:
            return ModelUnavailable("llm.embedded_died", log=self.server.log)
        return super()._unavailable(failure)


def answers(serving: Serving) -> bool:
    """Whether the child takes its key within 30 seconds, so that it is ours and not stuck."""
    try:
        return "data" in _ask(f"{serving.base_url}/v1/models", serving.key, None, timeout=30)
    except (OSError, ValueError):
        return False


def _ask(url: str, key: str, body: dict[str, Any] | None, *, timeout: float) -> dict[str, Any]:
    data = None if body is None else json.dumps(body).encode()
    headers = {"authorization": f"Bearer {key}", "content-type": "application/json"}
    request = urllib.request.Request(url, data, headers)  # noqa: S310 (always http on loopback)
    direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    with direct.open(request, timeout=timeout) as response:
        return json.load(response)


def _chat_model(base_url: str, key: str, timeout: float) -> "BaseChatModel":
    import openai
    from langchain_openai import ChatOpenAI

    return ChatOpenAI(
        model=EMBEDDED,
        base_url=f"{base_url}/v1",
        api_key=SecretStr(key),
        timeout=timeout,
        max_retries=0,
        use_responses_api=False,
        stream_usage=False,
        stream_chunk_timeout=timeout,
        http_async_client=openai.DefaultAsyncHttpxClient(trust_env=False),  # no proxy before loopback
    )


def _spawn(meeting: Meeting) -> subprocess.Popen[bytes]:
    meeting.log.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    log = os.open(meeting.log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    try:
        return subprocess.Popen(
            [sys.executable, "-m", "bot.adapters.llm.child", *map(str, _arguments(meeting))],
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            env=_QUIET | os.environ | {"PYTHONPATH": str(Path(bot.__file__).parents[1])},
            start_new_session=True,
            creationflags=getattr(subprocess, "CREATE_NEW_PROCESS_GROUP", 0),
        )
    finally:
        os.close(log)


def _arguments(meeting: Meeting) -> list[Path]:
    return [meeting.home, meeting.model, *([meeting.adapter] if meeting.adapter else [])]


def _end(serving: Serving) -> None:
    try:
        psutil.Process(serving.pid).kill()
    except psutil.Error:
        return
