"""`kaodian models`: the embedded models, listed, fetched, verified and removed; any model, checked."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot.cli.checking import add_check
from bot.cli.progress import Unit
from bot.cli.session import Session
from bot.domain.errors import BadInput
from bot.texts import say

if TYPE_CHECKING:
    from bot.models import ModelState, ModelStore


def add_models(app: typer.Typer, session: Session) -> None:
    """Put `models list|pull|verify|remove|check` under `app`."""
    models = typer.Typer(help=say("models.help"), no_args_is_help=True)
    _add_list(models, session)
    _add_pull(models, session)
    _add_verify(models, session)
    _add_remove(models, session)
    add_check(models, session)
    app.add_typer(models, name="models")


def _add_list(app: typer.Typer, session: Session) -> None:
    @app.command("list", help=say("models.list_help"))
    def list_models(
        as_json: Annotated[bool, typer.Option("--json", help=say("models.json_help"))] = False,
    ) -> None:
        states = _store(session).states()
        if as_json:
            session.console.json([_plain(state) for state in states])
        for state in states if not as_json else ():
            session.console.print(_line(state))


def _add_pull(app: typer.Typer, session: Session) -> None:
    @app.command(help=say("models.pull_help"))
    def pull(
        names: Annotated[
            list[str] | None, typer.Argument(metavar="NAME", help=say("models.names_help"))
        ] = None,
        given: Annotated[
            Path | None, typer.Option("--from", metavar="FILE", help=say("models.from_help"))
        ] = None,
        as_json: Annotated[bool, typer.Option("--json", help=say("models.json_help"))] = False,
    ) -> None:
        from bot.models import EMBEDDING_MODEL, LANGUAGE_MODEL

        chosen = names or [EMBEDDING_MODEL, LANGUAGE_MODEL]
        if given is not None and (len(chosen) != 1 or not given.exists()):
            raise BadInput("models.from_wrong", path=given)
        store = _store(session)
        for name in chosen:
            store.artefact(name)
        paths: dict[str, str] = {}
        for name in chosen:
            with session.console.progress(Unit.BYTES) as progress:
                paths[name] = str(store.pull(name, progress, given))
            if not as_json:
                session.console.print(paths[name])
        if as_json:
            session.console.json(paths)


def _add_verify(app: typer.Typer, session: Session) -> None:
    @app.command(help=say("models.verify_help"))
    def verify(
        names: Annotated[
            list[str] | None, typer.Argument(metavar="NAME", help=say("models.all_help"))
        ] = None,
        as_json: Annotated[bool, typer.Option("--json", help=say("models.json_help"))] = False,
    ) -> None:
        from bot.domain.errors import ModelUnavailable

        store = _store(session)
        here = [state.artefact.name for state in store.states() if state.bytes_on_disk]
        for name in names or ():
            store.artefact(name)
        wrong: dict[str, str] = {}
        for name in names or here:
            try:
                with session.console.progress(Unit.BYTES) as progress:
                    store.verify(name, progress)
            except ModelUnavailable as error:
                wrong[name] = str(error)
            if not as_json:
                session.console.print(wrong.get(name) or say("models.verified", name=name))
        if as_json:
            session.console.json([{"name": name, "error": wrong.get(name)} for name in names or here])
        if wrong:
            raise typer.Exit(1)


def _add_remove(app: typer.Typer, session: Session) -> None:
    @app.command(help=say("models.remove_help"))
    def remove(
        name: Annotated[str, typer.Argument(metavar="NAME", help=say("models.name_help"))],
        as_json: Annotated[bool, typer.Option("--json", help=say("models.json_help"))] = False,
    ) -> None:
        removed = _store(session).remove(name)
        if as_json:
            session.console.json({"name": name, "removed": removed})
        else:
            session.console.print(say("models.removed" if removed else "models.nothing_removed", name=name))


def _store(session: Session) -> ModelStore:
    from bot.models import open_models

    return open_models(session.settings)


def _plain(state: ModelState) -> dict[str, object]:
    artefact = state.artefact
    return {
        "name": artefact.name,
        "version": artefact.version,
        "licence": artefact.licence,
        "bytes": artefact.bytes,
        "present": state.present,
        "bytes_on_disk": state.bytes_on_disk,
        "sha256": {file.name: file.sha256 for file in artefact.files},
    }


def _line(state: ModelState) -> str:
    size = f"{state.artefact.bytes / 1e6:,.0f} MB"
    standing = say("models.present" if state.present else "models.absent")
    return f"{state.artefact.name:36} {size:>9}  {state.artefact.licence:11} {standing}"
