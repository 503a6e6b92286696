"""Local servers that speak the protocols of Ollama, Anthropic and Gemini."""

import json
import threading
from collections import deque
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

WHEN = "2026-01-01T00:00:00Z"


class Provider:
    """Answers every request with `text` once its failures are over; a subclass says how.

    Args:
        text: Of each good reply.
        fails: (HTTP status, headers) of the first replies.
    """

    def __init__(self, text, *fails):
        self.text = text
        self._fails = deque(fails)
        self.seen = []
        """(path, headers in lower case, body) of each request."""
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self):
                body = json.loads(self.rfile.read(int(self.headers["content-length"])))
                outer.seen.append((self.path, {k.lower(): v for k, v in self.headers.items()}, body))
                if outer._fails:
                    self._fail(*outer._fails.popleft())
                    return
                kind, lines = outer.lines(body, self.path)
                self.send_response(200)
                self.send_header("content-type", kind)
                self.end_headers()
                for line in lines:
                    self.wfile.write(line.encode())
                    self.wfile.flush()

            def _fail(self, status, headers):
                error = {
                    "code": status,
                    "message": "scripted failure",
                    "type": "scripted",
                    "status": "SCRIPTED",
                }
                data = json.dumps({"type": "error", "error": error}).encode()
                self.send_response(status)
                for name, value in {**headers, "content-length": str(len(data))}.items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(data)

            def log_message(self, format, *args):
                pass

        self._http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._http.daemon_threads = True
        self.base_url = f"http://127.0.0.1:{self._http.server_address[1]}"

    def __enter__(self):
        threading.Thread(target=self._http.serve_forever, args=(0.05,), daemon=True).start()
        return self

    def __exit__(self, *_):
        self._http.shutdown()
        self._http.server_close()

    def pieces(self):
        return [self.text[start : start + 2] for start in range(0, len(self.text), 2)]


class OllamaLike(Provider):
    """POST /api/chat: one JSON object a line."""

    def lines(self, body, path):
        said = [
            {"message": {"role": "assistant", "content": piece}, "done": False} for piece in self.pieces()
        ]
        end = {
            "message": {"role": "assistant", "content": ""}, "done": True, "done_reason": "stop",
            "prompt_eval_count": 7, "eval_count": 3, "total_duration": 1, "load_duration": 1,
            "prompt_eval_duration": 1, "eval_duration": 1,
        }  # fmt: skip
        common = {"model": body["model"], "created_at": WHEN}
        return "application/x-ndjson", [json.dumps(common | each) + "\n" for each in [*said, end]]


class AnthropicLike(Provider):
    """POST /v1/messages: one JSON object, or server-sent events."""

    def lines(self, body, path):
        message = {
            "id": "m", "type": "message", "role": "assistant", "model": body["model"], "stop_sequence": None,
            "usage": {"input_tokens": 7, "output_tokens": 3},
        }  # fmt: skip
        if not body.get("stream"):
            whole = message | {"content": [{"type": "text", "text": self.text}], "stop_reason": "end_turn"}
            return "application/json", [json.dumps(whole)]
        deltas = [
            {"type": "content_block_delta", "index": 0, "delta": {"type": "text_delta", "text": piece}}
            for piece in self.pieces()
        ]
        events = [
            {"type": "message_start", "message": message | {"content": [], "stop_reason": None}},
            {"type": "content_block_start", "index": 0, "content_block": {"type": "text", "text": ""}},
            *deltas,
            {"type": "content_block_stop", "index": 0},
            {
                "type": "message_delta", "delta": {"stop_reason": "end_turn", "stop_sequence": None},
                "usage": {"output_tokens": 3},
            },
            {"type": "message_stop"},
        ]  # fmt: skip
        return "text/event-stream", [f"event: {e['type']}\ndata: {json.dumps(e)}\n\n" for e in events]


class GeminiLike(Provider):
    """POST /v1beta/models/NAME:generateContent (one JSON object) and :streamGenerateContent (events)."""

    def lines(self, body, path):
        asked, _, options = path.partition("?")
        used = {"promptTokenCount": 7, "candidatesTokenCount": 3, "totalTokenCount": 10}
        common = {"usageMetadata": used, "modelVersion": asked.rpartition("/")[2].partition(":")[0]}

        def part(text, end=None):
            said = {"content": {"role": "model", "parts": [{"text": text}]}, "index": 0}
            return json.dumps({"candidates": [said | ({"finishReason": end} if end else {})], **common})

        if asked.endswith(":generateContent"):
            return "application/json", [part(self.text, "STOP")]
        assert (asked.rpartition(":")[2], options) == ("streamGenerateContent", "alt=sse")
        *first, last = self.pieces()
        events = [*(part(piece) for piece in first), part(last, "STOP")]
        return "text/event-stream", [f"data: {event}\r\n\r\n" for event in events]
