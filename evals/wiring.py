"""The product itself, over an index of the evals' own: the user's notes are never touched."""

from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

import platformdirs
from filelock import FileLock
from pydantic import JsonValue

from bot.adapters.embedding import EMBEDDED, EMBEDDED_MODEL, make_embedder
from bot.adapters.index import open_index
from bot.adapters.sql import open_store
from bot.app.kaodian import LANGUAGE_MODEL, Kaodian
from bot.domain.answers import Explanation
from bot.domain.errors import ModelUnavailable
from bot.domain.grades import Grade
from bot.domain.notes import Collection, IngestReport
from bot.domain.spans import digest
from bot.grading.feedback import feedback as feedback_of
from bot.ingest import NoteFile
from bot.models import open_models
from bot.questions.key_points import key_points_of_reference
from bot.seams import Progress
from bot.settings import Settings, load_settings
from bot.texts import current_language
from evals.corpora import note_files, source_of
from evals.product import AnsweringProduct, Facts, GradingProduct, RetrievalProduct
from evals.records import code_hash

INDEXING_ROOMS = ("adapters", "domain", "ingest", "retrieval")
"""Rooms whose code decides what an index holds."""


class KaodianProducts:
    """The real ones, as evals.product.Products describes them."""

    @contextmanager
    def grading(self, llm: str | None, progress: Progress, *, feedback: bool) -> Generator[GradingProduct]:
        """The grader the product uses, over an empty home."""
        with _opened(_settings(llm), cache_directory() / "grading", progress) as app:
            yield GradingProduct(
                grade=app.examining.grader().grade,
                key_points=key_points_of_reference,
                facts=Facts({**_model_facts(app, progress), "feedback": feedback}),
                feedback=_worded if feedback else None,
            )

    @contextmanager
    def retrieval(self, corpus: Path, progress: Progress) -> Generator[RetrievalProduct]:
        """The retriever the product uses, over an index of `corpus` alone."""
        with _indexed(_settings("none"), corpus, progress) as (app, report):
            notes = app.store.notes
            yield RetrievalProduct(
                search=app.retriever.search,
                chunks=notes.chunks(Collection.OWN),
                raw={document.source: document.raw for document in notes.documents(Collection.OWN)},
                facts=Facts(_embedding_facts(app), _index_notes(report)),
            )

    @contextmanager
    def answering(self, corpus: Path, llm: str | None, progress: Progress) -> Generator[AnsweringProduct]:
        """The answers the product gives, over an index of `corpus` alone."""
        with _indexed(_settings(llm), corpus, progress) as (app, report):
            facts = Facts({**_embedding_facts(app), **_model_facts(app, progress)}, _index_notes(report))
            yield AnsweringProduct(lambda query: _explained(app, query), facts)


def cache_directory() -> Path:
    """Where the evals keep their indexes; may be deleted at any time."""
    return platformdirs.user_cache_path("kaodian", appauthor=False) / "evals"


def _settings(llm: str | None) -> Settings:
    return load_settings(sample="off", chroma_url=None, **({} if llm is None else {"llm": llm}))


@contextmanager
def _opened(settings: Settings, home: Path, progress: Progress) -> Generator[Kaodian]:
    """The product with models and language model of the user's home, all else in `home`."""
    home.mkdir(parents=True, exist_ok=True)
    models = open_models(settings)
    if settings.embedding == EMBEDDED:
        models.pull(EMBEDDED_MODEL, progress)
    embedder = make_embedder(settings, models)
    app = Kaodian(settings, open_store(home), open_index(home, None), embedder, models)
    try:
        yield app
    finally:
        app.close()


@contextmanager
def _indexed(settings: Settings, corpus: Path, progress: Progress) -> Generator[tuple[Kaodian, IngestReport]]:
    identity = make_embedder(settings, open_models(settings)).identity
    name = digest(source_of(corpus).sha256, identity, code_hash(*INDEXING_ROOMS))
    home = cache_directory() / name
    with _opened(settings, home, progress) as app:
        files = [
            NoteFile(data=path.read_bytes(), source=name, collection=Collection.OWN)
            for name, path in note_files(corpus).items()
        ]
        with FileLock(home / "indexing.lock"):
            report = app.notes.add(files, progress)
        yield app, report


def _index_notes(report: IngestReport) -> dict[str, JsonValue]:
    return {"files": report.files, "unreadable": list(report.problems)}


def _worded(grade: Grade) -> str:
    return feedback_of(grade, lang=current_language()).text


def _embedding_facts(app: Kaodian) -> dict[str, JsonValue]:
    return {"embedding": app.settings.embedding, "embedder": app.embedder.identity}


def _model_facts(app: Kaodian, progress: Progress) -> dict[str, JsonValue]:
    if app.settings.llm == EMBEDDED:
        app.models.pull(LANGUAGE_MODEL, progress)
    model = app.language_model()
    if model is None and app.settings.llm != "none":
        raise ModelUnavailable("evals.no_model", name=app.settings.llm)
    return {"llm": app.settings.llm, "model": model.name if model else None}


def _explained(app: Kaodian, query: str) -> Explanation:
    conversation = app.asking.start(query)
    try:
        *_, last = app.asking.ask(conversation.id, query)
    finally:
        app.store.conversations.delete(conversation.id)
    if not isinstance(last, Explanation):
        raise ModelUnavailable("evals.no_model", name=app.settings.llm)
    return last
