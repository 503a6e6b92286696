"""The desk where notes come in and go out."""

import time
from collections.abc import Callable, Generator, Sequence
from contextlib import ExitStack, contextmanager

from bot.domain.errors import BadInput, Busy
from bot.domain.notes import Collection, Document, Duplicate, IngestReport, ParsedDocument
from bot.domain.spans import digest
from bot.ingest import Ingester, Kept, NoteFile, Standing, parse, read_document
from bot.seams import Progress, Store, no_progress
from bot.settings import Settings
from bot.texts import say

PASTE = "paste:"
"""Begins the source of a pasted text."""

MAX_PASTE_CHARS = 2_000_000

WAIT = 600.0
"""Seconds that a change waits for another thread or process that is changing the notes."""

TURN_SECONDS = 0.5
"""Between two times that a change says that it waits."""


def in_effect(settings: Settings, store: Store) -> tuple[Collection, ...]:
    """Collections that answers, quiz and coverage use: the sample only where the settings want it."""
    present = frozenset(document.collection for document in store.notes.documents())
    return tuple(sorted(chosen(settings, present)))


def chosen(settings: Settings, present: frozenset[Collection]) -> frozenset[Collection]:
    """Of the collections that hold documents, those in use."""
    if settings.sample == "on":
        return present
    if settings.sample == "off" or Collection.OWN in present:
        return present & {Collection.OWN}
    return present


class NoteDesk:
    """Adds, lists and removes notes; the index follows at once.

    Changes wait for each other, whichever thread or process makes them, and say so.

    Args:
        store: Holds the notes.
        ingester: Reads files and keeps the index in step.
        after: Called when the notes in use have changed.
        patience: Seconds that a change waits for its turn.
    """

    def __init__(
        self, store: Store, ingester: Ingester, after: Callable[[], None], patience: float = WAIT
    ) -> None:
        self._store = store
        self._ingester = ingester
        self._after = after
        self._patience = patience

    def add(self, files: Sequence[NoteFile], progress: Progress = no_progress) -> IngestReport:
        """Read files, each in the place of its own former version; the report names what was replaced.

        Raises:
            BadInput: There is no file, or none of them could be read.
            Busy: Another task has been writing for too long.
            StorageFull: The disk took no more; what was read before stays.
        """
        if not files:
            raise BadInput("app.no_files")
        with self._turn(progress):
            report = self._ingester.ingest(files, progress)
        self._after()
        return report

    def paste(self, title: str, text: str, progress: Progress = no_progress) -> IngestReport:
        """Read a pasted text under a title; the same title replaces what was pasted before.

        Without a title it is named after its first words, and replaces nothing but itself.

        Raises:
            BadInput: The text is blank or too long.
        """
        if not text.strip():
            raise BadInput("app.blank_paste")
        if len(text) > MAX_PASTE_CHARS:
            raise BadInput("app.long_paste", limit=MAX_PASTE_CHARS)
        name = " ".join(title.split()) or " ".join(text.split())[:40]
        origin = None if title.split() else digest(PASTE, text)
        source = f"{PASTE} {name}"
        file = NoteFile(data=text.encode(), source=source, collection=Collection.OWN, origin=origin)
        return self.add([file], progress)

    def documents(self, collection: Collection | None = None) -> list[Document]:
        """Documents by source, all or of one collection."""
        return self._store.notes.documents(collection)

    def foreseen(self, shipped: Sequence[NoteFile]) -> list[ParsedDocument]:
        """All notes, by source, as they will stand once the sample that ships is in; needs no model."""
        stored = {(one.collection, one.source): one for one in self._store.notes.documents()}
        own = [one.id for key, one in stored.items() if key[0] is not Collection.SAMPLE]
        found = [self._store.notes.parsed(document_id) for document_id in own]
        for file in shipped:
            known = stored.get((file.collection, file.source))
            if known is not None and known.sha256 == file.sha256:
                found.append(self._store.notes.parsed(known.id))
            else:
                found.append(parse(read_document(file.data, file.source, file.collection, file.origin)))
        return sorted(found, key=lambda parsed: parsed.document.source)

    def is_indexed(self) -> bool:
        """Whether the index is about the notes in use as they are stored."""
        return self._ingester.is_indexed()

    def parsed(self, document_id: str) -> ParsedDocument:
        """One document with chunks, open questions, topics and cuts. Raises NotFound."""
        return self._store.notes.parsed(document_id)

    def standing(self, parsed: ParsedDocument) -> Standing:
        """Where else the chunks of a document stand, and which of them are left out for others."""
        notes = self._store.notes
        kept = {
            one.chunk_id: self._kept(one)
            for one in notes.duplicates()
            if one.document_id == parsed.document.id
        }
        sources = {chunk.id: tuple(notes.sources(chunk.id)) for chunk in parsed.chunks}
        return Standing(sources=sources, kept=kept)

    def _kept(self, duplicate: Duplicate) -> Kept:
        holder = self._store.notes.parsed(duplicate.kept_document_id)
        line = next(chunk.line for chunk in holder.chunks if chunk.id == duplicate.kept_chunk_id)
        return Kept(chunk_id=duplicate.kept_chunk_id, source=holder.document.source, line=line)

    def delete(self, document_id: str, progress: Progress = no_progress) -> None:
        """Remove one document; a duplicate of it takes over. Raises NotFound."""
        with self._turn(progress):
            self._ingester.remove(document_id, progress)
        self._after()

    def delete_all(self, progress: Progress = no_progress) -> int:
        """Remove every note of the user's own; returns how many there were."""
        with self._turn(progress):
            own = self._store.notes.documents(Collection.OWN)
            self._ingester.ingest([], progress, gone=[document.id for document in own])
        self._after()
        return len(own)

    def sync_sample(self, files: Sequence[NoteFile], progress: Progress = no_progress) -> None:
        """Bring the stored sample to what ships, and the index to the notes in use."""
        shipped = {file.source for file in files}
        with self._turn(progress):
            stored = self._store.notes.documents(Collection.SAMPLE)
            gone = [document.id for document in stored if document.source not in shipped]
            self._ingester.ingest(files, progress, gone=gone)
        self._after()

    @contextmanager
    def _turn(self, progress: Progress) -> Generator[None]:
        """The writer's lock, waited for."""
        begun = time.monotonic()
        with ExitStack() as held:
            while True:
                try:
                    held.enter_context(self._store.writing(min(TURN_SECONDS, self._patience)))
                    break
                except Busy:
                    if time.monotonic() - begun >= self._patience:
                        raise
                    progress(0, 0, say("ingest.waiting"))
            yield
