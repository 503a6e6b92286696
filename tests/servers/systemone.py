"""A local decision server that speaks the System One format as a test has it."""

import json
import threading
import time
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


@dataclass(frozen=True)
class Answer:
    """One HTTP response."""

    body: object
    """JSON, or bytes as they are."""
    status: int = 200
    headers: dict = field(default_factory=dict)
    delay: float = 0.0


def decided(body, probabilities_of):
    """A response in the format: `probabilities_of` gives those of a question from its instructions."""
    answers = {}
    for name, question in body["questions"].items():
        shares = probabilities_of(question["instructions"])
        best = max(shares, key=shares.get)
        size = len(shares)
        confidence = (size * shares[best] - 1) / (size - 1)
        answers[name] = {
            "type": "choice",
            "choice": best,
            "probabilities": shares,
            "confidence": confidence,
        }
    usage = {"input_tokens": 50, "output_tokens": 0}
    return Answer({"answers": answers, "usage": usage, "model": body["model"]})


class SystemOneServer:
    """Serves what `rule` makes of a request's body; `seen` keeps (path, headers, body)."""

    def __init__(self, rule):
        self.seen = []
        outer = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self):
                body = json.loads(self.rfile.read(int(self.headers["content-length"])))
                headers = {name.lower(): value for name, value in self.headers.items()}
                outer.seen.append((self.path, headers, body))
                answer = rule(body)
                time.sleep(answer.delay)
                data = answer.body if isinstance(answer.body, bytes) else json.dumps(answer.body).encode()
                try:
                    self.send_response(answer.status)
                    for name, value in {**answer.headers, "content-length": str(len(data))}.items():
                        self.send_header(name, value)
                    self.end_headers()
                    self.wfile.write(data)
                except (BrokenPipeError, ConnectionResetError):
                    self.close_connection = True

            def log_message(self, format, *args):
                pass

        self._http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._http.daemon_threads = True
        self._thread = threading.Thread(target=self._http.serve_forever, args=(0.05,), daemon=True)

    @property
    def base_url(self):
        return f"http://127.0.0.1:{self._http.server_address[1]}"

    def __enter__(self):
        self._thread.start()
        return self

    def __exit__(self, *_):
        self._http.shutdown()
        self._http.server_close()
