"""The product itself, over an index of the evals' own: the user's notes are never touched."""

from collections.abc import Callable, Generator
from contextlib import contextmanager, nullcontext
from functools import partial
from pathlib import Path

import platformdirs
from filelock import FileLock
from pydantic import JsonValue

from bot.adapters.embedding import make_embedder, make_reader
from bot.adapters.index import open_index
from bot.adapters.llm import EmbeddedModel, EmbeddedReader, make_language_model
from bot.adapters.sql import open_store
from bot.app.kaodian import LANGUAGE_MODEL, Kaodian
from bot.app.outside import Outside
from bot.domain.answers import CitedSentence, Explanation
from bot.domain.errors import ModelUnavailable
from bot.domain.grades import Grade
from bot.domain.judges import EMBEDDED, ENCODER, NO_MODEL
from bot.domain.notes import Collection, IngestReport
from bot.domain.spans import digest
from bot.grading.feedback import feedback as feedback_of
from bot.ingest import NoteFile
from bot.models import ADAPTERS, ModelStore, adapter_for, adapter_version, open_models
from bot.questions.key_points import STRUCTURE, key_points_of_reference
from bot.questions.model_points import ModelMaker
from bot.questions.point_making import KeyPointMaker
from bot.questions.scopes import passage_vectors
from bot.seams import Embedder, LanguageModel, Progress, TokenEmbedder, WordReader
from bot.settings import Settings, load_settings
from bot.texts import current_language
from evals.corpora import note_files, source_of
from evals.listening import ListenedModel
from evals.product import AnsweringProduct, Facts, GradingProduct, PointsProduct, RetrievalProduct
from evals.records import code_hash

INDEXING_ROOMS = ("adapters", "domain", "ingest", "retrieval")
"""Rooms whose code decides what an index holds."""


class KaodianProducts:
    """The real ones, as evals.product.Products describes them.

    Args:
        settings: In effect, but for the sample notes and a Chroma server, which evals do without.
        models: The embedded models.
        cache: Where indexes are kept; may be deleted at any time.
    """

    def __init__(self, settings: Settings, models: ModelStore, cache: Path) -> None:
        self._settings = settings.model_copy(update={"sample": "off", "chroma_url": None})
        self._models = models
        self._cache = cache

    @contextmanager
    def grading(
        self, llm: str | None, progress: Progress, *, feedback: bool, points_llm: bool = False
    ) -> Generator[GradingProduct]:
        """The grader the product uses, over an empty home."""
        with self._opened(llm, self._cache / "grading", progress) as app:
            maker = _points_maker(app, progress) if points_llm else STRUCTURE
            facts = {**_embedding_facts(app), **_judge_facts(app, progress), "feedback": feedback}
            facts |= {"points_by": maker.name}
            grader = app.examining.grader()
            yield GradingProduct(
                grade=grader.grade,
                key_points=partial(key_points_of_reference, maker=maker),
                facts=Facts(facts, {"trust": str(grader.trust)}),
                feedback=_worded if feedback else None,
                grade_by_reference=app.examining.grader(by_reference=True).grade,
                watched=lambda watch: app.examining.grader(watch).grade,
            )

    @contextmanager
    def retrieval(self, corpus: Path, progress: Progress) -> Generator[RetrievalProduct]:
        """The retriever the product uses, over an index of `corpus` alone."""
        with self._indexed(NO_MODEL, corpus, progress) as (app, report):
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
        model = self._listened(llm)
        with self._indexed(llm, corpus, progress, model) as (app, report):
            facts = Facts({**_embedding_facts(app), **_model_facts(app, progress)}, _index_notes(report))
            yield AnsweringProduct(partial(_explained, app), partial(_sentences, app, model), facts)

    @contextmanager
    def pointing(self, llm: str | None, progress: Progress) -> Generator[PointsProduct]:
        """The maker that the product uses with that language model or without one, over an empty home."""
        with self._opened(llm, self._cache / "points", progress) as app:
            maker = STRUCTURE if app.settings.llm == NO_MODEL else _points_maker(app, progress)
            facts = {**_embedding_facts(app), "llm": app.settings.llm, "points_by": maker.name}
            yield PointsProduct(
                maker=maker,
                vectors=lambda texts: passage_vectors(texts, app.store, app.embedder),
                facts=Facts(facts),
            )

    def _listened(self, llm: str | None) -> ListenedModel | None:
        """The language model as the product opens it, telling of what it sends; None without one."""
        adapter_of = partial(adapter_for, directory=self._settings.home / ADAPTERS)
        model = make_language_model(self._with(llm), lambda: self._models.path(LANGUAGE_MODEL), adapter_of)
        return ListenedModel(model) if model else None

    def _with(self, llm: str | None) -> Settings:
        return self._settings if llm is None else self._settings.model_copy(update={"llm": llm})

    def _embedder(self) -> Embedder:
        return make_embedder(self._settings, self._models)

    @contextmanager
    def _opened(
        self, llm: str | None, home: Path, progress: Progress, model: LanguageModel | None = None
    ) -> Generator[Kaodian]:
        """The product with store and index in `home`, and the models of the user's own home."""
        home.mkdir(parents=True, exist_ok=True)
        self._models.pull(ENCODER, progress)
        outside = Outside(open_store(home), open_index(home, None), self._embedder(), self._models, model)
        app = Kaodian(self._with(llm), outside)
        try:
            app.fetch_encoder(progress)
            yield app
        finally:
            app.close()

    @contextmanager
    def _indexed(
        self, llm: str | None, corpus: Path, progress: Progress, model: LanguageModel | None = None
    ) -> Generator[tuple[Kaodian, IngestReport]]:
        notes = source_of(corpus).sha256
        home = self._cache / digest(notes, self._embedder().identity, code_hash(*INDEXING_ROOMS))
        with self._opened(llm, home, progress, model) as app:
            files = [
                NoteFile(data=path.read_bytes(), source=name, collection=Collection.OWN)
                for name, path in note_files(corpus).items()
            ]
            with FileLock(home / "indexing.lock"):
                report = app.notes.add(files, progress)
            yield app, report


@contextmanager
def opened_reader(
    settings: Settings, plain: str | None = None
) -> Generator[tuple[WordReader, TokenEmbedder]]:
    """The embedded language model as a judge reads it, with no gate before it, and the encoder.

    Args:
        settings: Where the models are.
        plain: A model of the manifest that is read as it is; None: the one that judges, with its adapter.

    Raises:
        ModelUnavailable: A model cannot be had.
    """
    own = settings.model_copy(update={"llm": EMBEDDED, "embedding": EMBEDDED})
    models, name = open_models(own), plain or LANGUAGE_MODEL
    models.pull(ENCODER)
    models.pull(name)
    adapter_of = None if plain else partial(adapter_for, directory=own.home / ADAPTERS)
    model = EmbeddedModel(own, lambda: models.path(name), adapter_of)
    try:
        yield EmbeddedReader(model), make_reader(make_embedder(own, models), own, models)
    finally:
        model.server.stop()


def users_products(parallel: int = 1) -> KaodianProducts:
    """With the user's settings and models, and indexes in the user's cache directory.

    Args:
        parallel: Rows that are made at once; so many calls to a model are let through, or more.

    Raises:
        SettingWrong: A setting cannot be used.
    """
    settings = load_settings()
    settings = settings.model_copy(update={"llm_parallel": max(parallel, settings.llm_parallel)})
    cache = platformdirs.user_cache_path("kaodian", appauthor=False) / "evals"
    return KaodianProducts(settings, open_models(settings), cache)


def _index_notes(report: IngestReport) -> dict[str, JsonValue]:
    return {"files": report.files, "unreadable": list(report.problems)}


def _worded(grade: Grade) -> str:
    return feedback_of(grade, lang=current_language()).text


def _embedding_facts(app: Kaodian) -> dict[str, JsonValue]:
    return {"embedding": app.settings.embedding, "embedder": app.embedder.identity}


def _judge_facts(app: Kaodian, progress: Progress) -> dict[str, JsonValue]:
    """The model that judges, and the adapter with which an embedded one is read."""
    judge: dict[str, JsonValue] = {} if app.settings.judge == "auto" else {"judge": app.settings.judge}
    facts = _model_facts(app, progress) | judge
    return facts | {"adapter": adapter_version() if app.word_reader() else None}


def _model_facts(app: Kaodian, progress: Progress) -> dict[str, JsonValue]:
    if app.settings.llm == EMBEDDED:
        app.models.pull(LANGUAGE_MODEL, progress)
    model = app.language_model()
    if model is None and app.settings.llm != NO_MODEL:
        raise ModelUnavailable("evals.no_model", name=app.settings.llm)
    return {"llm": app.settings.llm, "model": model.name if model else None}


def _points_maker(app: Kaodian, progress: Progress) -> KeyPointMaker:
    """By the language model in effect; there is no weaker way out."""
    _model_facts(app, progress)
    model = app.language_model()
    if model is None:
        raise ModelUnavailable("evals.no_model", name=app.settings.llm)
    return ModelMaker(model)


def _sentences(
    app: Kaodian, model: ListenedModel | None, query: str, on_piece: Callable[[], None]
) -> Generator[CitedSentence | Explanation]:
    """As the reader of a new conversation gets them; it is not kept."""
    conversation = app.asking.start(query)
    try:
        with model.heard_by(on_piece) if model else nullcontext():
            yield from app.asking.ask(conversation.id, query)
    finally:
        app.store.conversations.delete(conversation.id)


def _explained(app: Kaodian, query: str) -> Explanation:
    *_, last = _sentences(app, None, query, lambda: None)
    if not isinstance(last, Explanation):
        raise ModelUnavailable("evals.no_model", name=app.settings.llm)
    return last
