"""Files into store and index, so that a kill at any moment costs at most one batch of work."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from bot.domain.errors import NotFound, UnreadableFile
from bot.domain.notes import (
    Chunk,
    ChunkKind,
    Collection,
    CutReason,
    Document,
    Duplicate,
    IngestReport,
    ParsedDocument,
)
from bot.domain.spans import digest
from bot.ingest.duplicates import find_duplicates
from bot.ingest.indexing import Indexer
from bot.ingest.naming import NoteFile, named_apart, names_told
from bot.ingest.parsing import parse
from bot.ingest.reading import read_document
from bot.seams import Embedder, Index, LexicalIndex, Progress, Store, Vectors, Window, no_progress
from bot.texts import say

Calibrator = Callable[
    [Sequence[Chunk], Sequence[Window], Mapping[str, Vectors], LexicalIndex, Embedder], dict[str, float]
]
"""Fits the evidence gate from chunks, windows, vectors by window id, words and encoder."""


InUse = Callable[[frozenset[Collection]], frozenset[Collection]]
"""From the collections that hold documents to those that are indexed."""


def everything(present: frozenset[Collection]) -> frozenset[Collection]:
    """Indexes whatever is there."""
    return present


def uncalibrated(*_: object) -> dict[str, float]:
    """Fits nothing."""
    return {}


@dataclass(slots=True)
class _Plan:
    """What the notes will be."""

    parsed: dict[str, ParsedDocument]
    changed: list[str]
    gone: list[str]
    duplicates: list[Duplicate]
    in_use: frozenset[Collection]

    def active(self) -> list[Chunk]:
        """Chunks to index, by document and place."""
        left_out = {(one.document_id, one.chunk_id) for one in self.duplicates}
        ordered = sorted(self.parsed.values(), key=lambda p: (p.document.source, p.document.id))
        used = [parsed for parsed in ordered if parsed.document.collection in self.in_use]
        return [c for p in used for c in p.chunks if (c.document_id, c.id) not in left_out]

    def spare(self) -> list[Chunk]:
        """Chunks that are stored and not indexed."""
        used = {(chunk.document_id, chunk.id) for chunk in self.active()}
        return [
            c for parsed in self.parsed.values() for c in parsed.chunks if (c.document_id, c.id) not in used
        ]

    def raws(self) -> dict[str, str]:
        """Raw text by document id."""
        return {key: parsed.document.raw for key, parsed in self.parsed.items()}


class Ingester:
    """Puts notes in and takes them out.

    Args:
        store: Holds what was read.
        index: Derived from it.
        embedder: Makes the vectors.
        calibrator: Fits the evidence gate to each build.
        in_use: Chooses the collections that are indexed; only these are compared for duplicates.
    """

    def __init__(
        self,
        store: Store,
        index: Index,
        embedder: Embedder,
        calibrator: Calibrator = uncalibrated,
        in_use: InUse = everything,
    ) -> None:
        self._store = store
        self._embedder = embedder
        self._in_use = in_use
        self._indexer = Indexer(store.embeddings, index, embedder, calibrator)

    def ingest(
        self, files: Sequence[NoteFile], progress: Progress = no_progress, *, gone: Sequence[str] = ()
    ) -> IngestReport:
        """Read files, store what is in them, and switch to an index that knows them.

        Files that did not change cost no embedding. A file that cannot be read is a problem in the
        report and stops no other; what was stored of it before stays.

        Args:
            files: Each replaces its own former version, as `named_apart` tells; the report names these.
            progress: Told of files read and texts embedded.
            gone: Ids of documents to forget in the same step; unknown ones are passed over.

        Raises:
            Busy: Another process is writing.
            ModelUnavailable: The encoder cannot be loaded; the old index stays in use.
            StorageFull: The disk took no more; the old index stays in use.
        """
        with self._store.writing():
            known = self._known()
            named = named_apart(files, [parsed.document for parsed in known.values()])
            read, problems = self._read(named, progress)
            changed = [key for key, parsed in read.items() if not _same(parsed, known.get(key))]
            removed = [key for key in dict.fromkeys(gone) if key in known and key not in read]
            progress(0, 0, say("ingest.comparing"))
            plan = self._plan(known | read, changed, removed)
            embedded = self._carry_out(plan, progress)
        report = _report(plan, list(read), len(files), embedded, problems)
        return report.model_copy(update=names_told(read, known, files))

    def remove(self, document_id: str, progress: Progress = no_progress) -> None:
        """Forget a document; chunks that were duplicates of its own take their place.

        Args:
            document_id: Of the document.
            progress: Told how far the new index is.

        Raises:
            NotFound: There is no such document.
            Busy: Another process is writing.
        """
        with self._store.writing():
            known = self._known()
            if document_id not in known:
                raise NotFound("ingest.not_found", what=document_id)
            progress(0, 0, say("ingest.comparing"))
            self._carry_out(self._plan(known, [], [document_id]), progress)

    def is_indexed(self) -> bool:
        """Whether the index is about the notes in use as they are stored."""
        plan = self._plan(self._known(), [], [])
        return self._indexer.is_about(plan.active())

    def _known(self) -> dict[str, ParsedDocument]:
        notes = self._store.notes
        return {document.id: notes.parsed(document.id) for document in notes.documents()}

    def _read(
        self, files: Sequence[NoteFile], progress: Progress
    ) -> tuple[dict[str, ParsedDocument], list[str]]:
        read: dict[str, ParsedDocument] = {}
        problems: list[str] = []
        for done, file in enumerate(files):
            progress(done, len(files), say("ingest.reading", file=file.source))
            try:
                parsed = parse(read_document(file.data, file.source, file.collection, file.origin))
            except UnreadableFile as problem:
                problems.append(str(problem))
                continue
            read[parsed.document.id] = parsed
        return read, problems

    def _plan(self, parsed: dict[str, ParsedDocument], changed: list[str], gone: list[str]) -> _Plan:
        left = {key: one for key, one in parsed.items() if key not in gone}
        used = self._in_use(frozenset(one.document.collection for one in left.values()))
        compared = [one for one in left.values() if one.document.collection in used]
        return _Plan(left, changed, gone, find_duplicates(compared), used)

    def _carry_out(self, plan: _Plan, progress: Progress) -> int:
        """Prepare the new build, store the notes, switch; returns how many texts were embedded.

        In this order a reader meets notes without an index for them only between the last two.
        """
        prepared = self._indexer.prepare(plan.active(), plan.raws(), progress)
        self._save(plan)
        if prepared is None:
            return 0
        self._indexer.switch(prepared, progress)
        self._indexer.prune(prepared, plan.spare(), plan.raws())
        return prepared.embedded

    def _save(self, plan: _Plan) -> None:
        notes = self._store.notes
        for document_id in plan.changed:
            notes.save(plan.parsed[document_id])
        for document_id in plan.gone:
            notes.delete(document_id)
        if set(notes.duplicates()) != set(plan.duplicates):
            notes.set_duplicates(plan.duplicates)


def _same(new: ParsedDocument, old: ParsedDocument | None) -> bool:
    """Whether a file and what is read from it are as stored; reading may have become better since."""
    return old is not None and _identity(new) == _identity(old)


def _identity(parsed: ParsedDocument) -> str:
    document: Document = parsed.document
    chunks = (f"{c.id}@{c.spans[0].start}" for c in parsed.chunks)
    opened = (f"{q.text}@{q.span.start}" for q in parsed.open_questions)
    topics = (f"{t.text}@{t.span.start}" for t in parsed.topics)
    cuts = (f"{c.reason}@{c.span.start}-{c.span.end}" for c in parsed.cuts)
    return digest(
        document.sha256, document.title, document.origin or "", *chunks, "", *opened, "", *topics, "", *cuts
    )


def _report(
    plan: _Plan, read: Sequence[str], files: int, embedded: int, problems: Sequence[str]
) -> IngestReport:
    chosen = [plan.parsed[key] for key in read]
    left_out = {(one.document_id, one.chunk_id) for one in plan.duplicates}
    forms = {
        p.document.id for p in chosen if p.chunks and all((c.document_id, c.id) in left_out for c in p.chunks)
    }
    active = [c for p in chosen for c in p.chunks if (c.document_id, c.id) not in left_out]
    paired = sum(chunk.kind is ChunkKind.QA for chunk in active)
    own = [p for p in chosen if p.document.id not in forms]
    unanswered = sum(len(p.open_questions) for p in own)
    cuts: Counter[CutReason] = Counter()
    for parsed in chosen:
        for cut in parsed.cuts:
            cuts[cut.reason] += len(cut.span)
    return IngestReport(
        files=files,
        unchanged=len(read) - len(plan.changed),
        removed=len(plan.gone),
        chunks=len(active),
        questions=paired + unanswered,
        paired=paired,
        open=unanswered,
        topics=sum(len(p.topics) for p in own),
        duplicate_documents=len(forms),
        duplicate_chunks=sum(len(p.chunks) for p in chosen) - len(active),
        cuts=dict(cuts),
        embedded=embedded,
        problems=tuple(problems),
    )
