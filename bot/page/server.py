"""Serves the page on the first free port."""

import logging
import os
import socket
import threading
import time
from collections.abc import Callable
from typing import TYPE_CHECKING

from bot.domain.errors import SettingWrong
from bot.settings import Settings
from bot.texts import say

if TYPE_CHECKING:
    from fastapi import FastAPI

    from bot.app import Kaodian

PORTS = 50
"""Ports that are tried, from the one in the settings."""


def free_port(host: str, first: int) -> int:
    """The first port from `first` on that nobody listens on.

    Raises:
        SettingWrong: None of them, or the host is not an address of this machine.
    """
    for port in range(first, min(first + PORTS, 65536)):
        try:
            family = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0][0]
            with socket.socket(family, socket.SOCK_STREAM) as probe:
                probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                probe.bind((host, port))
                return port
        except OSError:
            continue
    raise SettingWrong("page.no_port", host=host, first=first, last=min(first + PORTS - 1, 65535))


def address(host: str, port: int) -> str:
    """What to type into a browser."""
    name = "127.0.0.1" if host in ("", "0.0.0.0", "::") else host  # noqa: S104
    return f"http://[{name}]:{port}/" if ":" in name else f"http://{name}:{port}/"


def build_app(kaodian: "Kaodian") -> "FastAPI":
    """The page in both languages and the HTTP API, over one product."""
    os.environ["GRADIO_ANALYTICS_ENABLED"] = "False"
    from bot.page.web import make_app

    return make_app(kaodian)


def serve_page(
    settings: Settings, note: Callable[[str], None], ready: Callable[[str], None] = lambda _: None
) -> None:
    """Serve until interrupted; models and notes arrive in the background.

    Args:
        settings: In effect.
        note: Told the address, and what a person at the terminal should know.
        ready: Told the bare address once it can be opened.

    Raises:
        SettingWrong: There is no free port, or the settings name no language model.
    """
    port = free_port(settings.host, settings.port)
    note(say("page.opening"))
    import uvicorn

    from bot.app import open_kaodian

    kaodian = open_kaodian(settings)
    try:
        kaodian.language_model()
        app = build_app(kaodian)
        if port != settings.port:
            note(say("page.port_taken", port=settings.port, other=port))
        kaodian.start()
        logging.getLogger("uvicorn.error").setLevel(logging.WARNING)
        config = uvicorn.Config(
            app, host=settings.host, port=port, log_level="warning", timeout_graceful_shutdown=3
        )
        server = uvicorn.Server(config)
        threading.Thread(
            target=_announce, args=(server, address(settings.host, port), note, ready), daemon=True
        ).start()
        server.run()
    except KeyboardInterrupt:
        pass
    finally:
        note(say("page.closing"))
        kaodian.close()


def _announce(server: object, where: str, note: Callable[[str], None], ready: Callable[[str], None]) -> None:
    """Tell the address as soon as somebody can open it."""
    while not getattr(server, "started", False):
        if getattr(server, "should_exit", False):
            return
        time.sleep(0.05)
    note(say("page.address", address=where))
    ready(where)
