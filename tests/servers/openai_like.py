"""A local server that speaks OpenAI's chat completions as a test scripts it."""

import json
import select
import socket
import threading
import time
from collections import deque
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, Self


@dataclass(frozen=True)
class Text:
    """A good reply."""

    text: str
    finish: str = "stop"
    pace: float = 0.0
    """Seconds between streamed pieces."""
    logprobs: bool = False
    """Whether log-probabilities come with it."""


@dataclass(frozen=True)
class Fail:
    """An HTTP error."""

    status: int
    headers: dict[str, str] = field(default_factory=dict)
    message: str = "scripted failure"


@dataclass(frozen=True)
class Hang:
    """Silence, then a good reply if anybody still listens."""

    seconds: float


@dataclass(frozen=True)
class Garbled:
    """A body that is not JSON (in a stream: an event that is not)."""


@dataclass(frozen=True)
class CutOff:
    """Some text, then the connection closes without an end."""

    text: str = ""


Step = Text | Fail | Hang | Garbled | CutOff


@dataclass(frozen=True)
class Seen:
    """A request as it arrived."""

    path: str
    headers: dict[str, str]
    body: dict[str, Any]


class OpenAILike:
    """Serves the steps in order, then `Text('ok')` for ever."""

    def __init__(self, *steps: Step) -> None:
        self._steps = deque(steps)
        self.seen: list[Seen] = []
        self.disconnected = threading.Event()
        """Set when a client went away before its reply was complete."""
        outer = self

        class Handler(_Handler):
            script = outer

        self._http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._http.daemon_threads = True
        self._thread = threading.Thread(target=self._http.serve_forever, args=(0.05,), daemon=True)

    @property
    def base_url(self) -> str:
        return f"http://127.0.0.1:{self._http.server_address[1]}/v1"

    def then(self, *steps: Step) -> None:
        self._steps.extend(steps)

    def next_step(self, seen: Seen) -> Step:
        self.seen.append(seen)
        return self._steps.popleft() if self._steps else Text("ok")

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._http.shutdown()
        self._http.server_close()


class _Handler(BaseHTTPRequestHandler):
    script: OpenAILike

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["content-length"])))
        step = self.script.next_step(Seen(self.path, {k.lower(): v for k, v in self.headers.items()}, body))
        try:
            self._play(step, body)
        except (BrokenPipeError, ConnectionResetError):
            self.script.disconnected.set()
            self.close_connection = True

    def _play(self, step: Step, body: dict[str, Any]) -> None:
        streaming = bool(body.get("stream"))
        match step:
            case Fail():
                error = {"error": {"message": step.message, "type": "scripted", "code": None}}
                self._send(step.status, json.dumps(error), step.headers)
            case Hang():
                self._wait(step.seconds)
                self._play(Text("late"), body)
            case Garbled() if not streaming:
                self._send(200, '{"choices": [{"mess')
            case CutOff() if not streaming:
                self._send(200, json.dumps(_whole("x" * 100, "stop")), cut=40)
            case Text() if not streaming:
                whole = _whole(step.text, step.finish)
                if step.logprobs:
                    token = {"token": step.text[:1], "logprob": -0.1, "bytes": None, "top_logprobs": []}
                    whole["choices"][0]["logprobs"] = {"content": [token], "refusal": None}
                self._send(200, json.dumps(whole))
            case _:
                self._stream(step)

    def _stream(self, step: Step) -> None:
        self.send_response(200)
        self.send_header("content-type", "text/event-stream")
        self.end_headers()
        self.close_connection = True
        if isinstance(step, Garbled):
            self._event('{"choices": [{"de')
            return
        assert isinstance(step, Text | CutOff)
        for start in range(0, len(step.text), 2):
            self._event(json.dumps(_piece({"content": step.text[start : start + 2]})))
            if isinstance(step, Text) and step.pace:
                self._wait(step.pace)
        if isinstance(step, Text):
            self._event(json.dumps(_piece({}, step.finish)))
            self._event("[DONE]")

    def _event(self, data: str) -> None:
        self.wfile.write(f"data: {data}\n\n".encode())
        self.wfile.flush()

    def _send(
        self, status: int, body: str, headers: dict[str, str] | None = None, cut: int | None = None
    ) -> None:
        data = body.encode()
        self.send_response(status)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(data)))
        for name, value in (headers or {}).items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(data[:cut])
        self.close_connection = self.close_connection or cut is not None

    def _wait(self, seconds: float) -> None:
        """Sleep, but notice a client that goes away."""
        until = time.monotonic() + seconds
        while (left := until - time.monotonic()) > 0:
            readable, _, _ = select.select([self.connection], [], [], min(left, 0.05))
            if readable and not self.connection.recv(1, socket.MSG_PEEK):
                raise ConnectionResetError

    def log_message(self, format: str, *args: object) -> None:
        pass


def _whole(text: str, finish: str) -> dict[str, Any]:
    message = {"role": "assistant", "content": text}
    return {
        "id": "x",
        "object": "chat.completion",
        "created": 0,
        "model": "scripted-1",
        "choices": [{"index": 0, "message": message, "finish_reason": finish}],
        "usage": {"prompt_tokens": 7, "completion_tokens": 3, "total_tokens": 10},
    }


def _piece(delta: dict[str, str], finish: str | None = None) -> dict[str, Any]:
    return {
        "id": "x",
        "object": "chat.completion.chunk",
        "created": 0,
        "model": "scripted-1",
        "choices": [{"index": 0, "delta": delta, "finish_reason": finish}],
    }
