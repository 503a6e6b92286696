"""`kaodian serve`: the page, and the HTTP API beside it."""

from typing import Annotated

import typer

from bot.cli.session import Session
from bot.texts import say


def add_serve(app: typer.Typer, session: Session) -> None:
    """Put `serve` under `app`."""

    @app.command(help=say("cli.serve_help"))
    def serve(
        host: Annotated[str, typer.Option(help=say("cli.serve_host_help"))] = session.settings.host,
        port: Annotated[
            int, typer.Option(min=1, max=65535, help=say("cli.serve_port_help"))
        ] = session.settings.port,
        as_json: Annotated[bool, typer.Option("--json", help=say("cli.serve_json_help"))] = False,
    ) -> None:
        from bot.page import serve_page

        settings = session.settings.model_copy(update={"host": host, "port": port})

        def told(address: str) -> None:
            if as_json:
                session.console.json({"address": address})

        serve_page(settings, session.console.note, told)
