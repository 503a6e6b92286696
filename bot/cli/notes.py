"""`kaodian ingest`, `kaodian chunks` and `kaodian forget`: notes in, what became of them, and out again."""

import os
import shlex
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot.cli.session import Session
from bot.domain.errors import BadInput, UnreadableFile
from bot.texts import say

if TYPE_CHECKING:
    from bot.app import Kaodian
    from bot.domain.notes import Document, ParsedDocument
    from bot.ingest import NoteFile, Standing


def note_paths(paths: list[Path]) -> list[tuple[Path, str]]:
    """Files to read with the names they are known by: folders are searched, hidden ones left out.

    A name is the path from the folder that holds all arguments of the call, so that no two are alike; a
    single folder is that folder itself.

    Raises:
        BadInput: A path is not there, or nothing is left to read.
    """
    for path in paths:
        if not path.exists():
            raise BadInput("cli.no_such_path", path=path)
    from bot.ingest.folders import notes_below

    given = [path.absolute() for path in paths]
    root = _common([path.parent if path.is_file() else path for path in given])
    found: dict[Path, str] = {}
    for path in given:
        for file in [path] if path.is_file() else notes_below(path):
            found.setdefault(file.resolve(), Path(os.path.relpath(file, root)).as_posix())
    if not found:
        raise BadInput("app.no_files")
    return list(found.items())


def _common(folders: list[Path]) -> Path:
    return Path(os.path.commonpath([os.path.normpath(folder) for folder in folders]))


def _note_file(path: Path, name: str) -> "NoteFile":
    from bot.domain.notes import Collection
    from bot.ingest import NoteFile
    from bot.ingest.folders import origin_of

    try:
        data = path.read_bytes()
    except OSError as error:
        raise UnreadableFile("cli.unreadable", path=path, why=error.strerror) from error
    return NoteFile(data=data, source=name, collection=Collection.OWN, origin=origin_of(path))


def _readable(files: "list[NoteFile]") -> "list[NoteFile]":
    """The files, if one of them at least holds text; the report tells of those that do not.

    Raises:
        UnreadableFile: None does; of the first one.
    """
    from bot.ingest import read_document

    problem = None
    for file in files:
        try:
            read_document(file.data, file.source, file.collection)
        except UnreadableFile as error:
            problem = problem or error
        else:
            return files
    assert problem is not None
    raise problem


def add_notes(app: typer.Typer, session: Session) -> None:
    """Put `ingest`, `chunks` and `forget` under `app`."""
    _add_ingest(app, session)
    _add_chunks(app, session)
    _add_forget(app, session)


def _add_ingest(app: typer.Typer, session: Session) -> None:
    @app.command(help=say("cli.ingest_help"))
    def ingest(
        paths: Annotated[list[Path], typer.Argument(help=say("cli.ingest_paths_help"))],
        as_json: Annotated[bool, typer.Option("--json", help=say("cli.json_help"))] = False,
    ) -> None:
        from bot.ingest import describe

        files = _readable([_note_file(*one) for one in note_paths(paths)])
        with session.opened() as kaodian:
            session.make_ready(kaodian, with_sample=False)
            with session.console.progress() as progress:
                report = kaodian.notes.add(files, progress)
            without_file = _without_file(kaodian, paths)
        if as_json:
            session.console.json(report)
        else:
            session.console.print(describe(report))
        for name in without_file:
            session.console.note(say("cli.file_gone", name=name, quoted=shlex.quote(name)))


def _without_file(kaodian: "Kaodian", paths: list[Path]) -> list[str]:
    """Names of notes that came from these folders earlier and whose files are gone."""
    from bot.domain.notes import Collection
    from bot.ingest.folders import gone_from

    own = kaodian.notes.documents(Collection.OWN)
    gone = (one.source for path in paths if path.is_dir() for one in gone_from(path.resolve(), own))
    return list(dict.fromkeys(gone))


def _add_chunks(app: typer.Typer, session: Session) -> None:
    @app.command(help=say("cli.chunks_help"))
    def chunks(
        name: Annotated[str, typer.Argument(help=say("cli.chunks_name_help"))] = "",
        as_json: Annotated[bool, typer.Option("--json", help=say("cli.json_help"))] = False,
    ) -> None:
        from bot.ingest import outline

        with session.opened() as kaodian:
            if not any(name in note.document.source for note in kaodian.foreseen_notes()):
                raise BadInput("cli.no_such_note", name=name)
            session.make_ready(kaodian)
            documents = [document for document in kaodian.notes.documents() if name in document.source]
            parsed = [kaodian.notes.parsed(document.id) for document in documents]
            standings = [kaodian.notes.standing(each) for each in parsed]
        read = list(zip(parsed, standings, strict=True))
        if as_json:
            session.console.json([_as_json(*each) for each in read])
        else:
            session.console.print("\n\n".join(outline(*each) for each in read))


def _as_json(parsed: "ParsedDocument", standing: "Standing") -> dict[str, object]:
    """A document as it was read without its raw text; each chunk with its sources and what it repeats."""
    dumped = parsed.model_dump(exclude={"document": {"raw"}}, mode="json")
    for chunk in dumped["chunks"]:
        chunk["sources"] = list(standing.sources.get(chunk["id"], ()))
        kept = standing.kept.get(chunk["id"])
        chunk["duplicate_of"] = kept and kept.model_dump(mode="json")
    return dumped


def _add_forget(app: typer.Typer, session: Session) -> None:
    @app.command(help=say("cli.forget_help"))
    def forget(
        name: Annotated[str, typer.Argument(help=say("cli.forget_name_help"))],
        as_json: Annotated[bool, typer.Option("--json", help=say("cli.json_help"))] = False,
    ) -> None:
        with session.opened() as kaodian:
            found = _own(kaodian, name)
            session.make_ready(kaodian)
            with session.console.progress() as progress:
                for document in found:
                    kaodian.notes.delete(document.id, progress)
        if as_json:
            session.console.json({"forgotten": [document.id for document in found], "source": name})
        else:
            session.console.print(say("cli.forgotten", name=name))


def _own(kaodian: "Kaodian", name: str) -> "list[Document]":
    """The user's own note of that name.

    Raises:
        BadInput: There is none, or only one of the sample, which the next start would bring back.
    """
    from bot.domain.notes import Collection

    found = [one for one in kaodian.notes.documents(Collection.OWN) if one.source == name]
    if not found:
        is_sample = any(name == note.document.source for note in kaodian.foreseen_notes())
        raise BadInput("page.sample_stays") if is_sample else BadInput("cli.no_such_note", name=name)
    return found
