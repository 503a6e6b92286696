"""The page, served from a thread."""

import threading
import time


class Served:
    """The page on a port of its own.

    Args:
        kaodian: What it shows.
        warm: Whether models are fetched and notes indexed at its start.
    """

    def __init__(self, kaodian, warm=True):
        import uvicorn

        from bot.page.server import build_app, free_port

        self.kaodian, self._warm = kaodian, warm
        port = free_port("127.0.0.1", 18860)
        config = uvicorn.Config(build_app(kaodian), port=port, log_level="error", timeout_graceful_shutdown=1)
        self._server = uvicorn.Server(config)
        self._thread = threading.Thread(target=self._server.run, daemon=True)
        self.url = f"http://127.0.0.1:{port}"

    def __enter__(self):
        if self._warm:
            self.kaodian.start()
        self._thread.start()
        while not self._server.started:
            time.sleep(0.05)
        return self

    def __exit__(self, *_):
        self._server.should_exit = True
        self._thread.join(20)
        self.kaodian.close()
