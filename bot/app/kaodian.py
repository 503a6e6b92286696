"""The product as one object, and how it is put together."""

import uuid
from datetime import UTC, datetime
from pathlib import Path

from bot.adapters.embedding import make_embedder, make_reader
from bot.adapters.index import open_index
from bot.adapters.llm import in_turn, make_gate, make_language_model, make_word_reader
from bot.adapters.llm.gate import GatedReader, Urgency
from bot.adapters.sql import open_store
from bot.app.asking import AskingDesk
from bot.app.examining import ExaminingDesk
from bot.app.loading import LoadingBoard, Stage
from bot.app.making import MakingDesk
from bot.app.notes import NoteDesk, chosen, in_effect
from bot.app.outside import Outside
from bot.app.sample import sample_files
from bot.app.stopping import StopSwitch
from bot.app.warmup import WarmUp
from bot.domain.errors import ModelUnavailable, StorageBroken
from bot.domain.judges import EMBEDDED, NO_MODEL
from bot.domain.notes import ParsedDocument, Topic
from bot.explaining import Explainer
from bot.ingest import Ingester
from bot.jobs import JobRunner
from bot.models import (
    ADAPTERS,
    EMBEDDING_MODEL,
    LANGUAGE_MODEL,
    adapter_for,
    open_models,
    shipped_adapter,
)
from bot.retrieval import EvidenceGate, Retriever, calibrate
from bot.retrieval.calibration import Calibration
from bot.seams import LanguageModel, Progress, WordReader
from bot.settings import Settings
from bot.texts import set_default_language


def utc_now() -> datetime:
    """Now, in UTC."""
    return datetime.now(UTC)


def new_id() -> str:
    """An id that was never used."""
    return uuid.uuid4().hex[:16]


class Kaodian:
    """Notes, answers, questions, quizzes and grades, over one home directory.

    Args:
        settings: In effect for the life of this object.
        outside: Store, index and models.
    """

    def __init__(self, settings: Settings, outside: Outside) -> None:
        self.settings = settings
        self.store = store = outside.store
        self.index = index = outside.index
        self.embedder = embedder = outside.embedder
        self.models = outside.models
        self.reader = make_reader(embedder, settings, outside.models)
        """What the examiner reads answers with, whatever the search uses."""
        self.board = LoadingBoard()
        self.retriever = Retriever(store, index, embedder)
        self.gate = EvidenceGate(self.calibration, index.words)
        self.examining = ExaminingDesk(self, utc_now, new_id)
        ingester = Ingester(store, index, embedder, calibrate, lambda present: chosen(settings, present))
        self.notes = NoteDesk(store, ingester, self.examining.notes_changed)
        self.asking = AskingDesk(store, self._explainer, utc_now)
        self.jobs = JobRunner(store.jobs, utc_now)
        self.making = MakingDesk(store, self.jobs, self.examining, self.model_is_here)
        self._model = outside.language_model
        self._turns = make_gate(settings)
        self._warm_up = WarmUp(
            self.board,
            {
                Stage.ENCODER: self.fetch_encoder,
                Stage.NOTES: self._ready_notes,
                Stage.READER: None if settings.embedding == EMBEDDED else self.fetch_reader,
                Stage.MODEL: self.fetch_model if settings.llm == EMBEDDED else None,
            },
        )

    def start(self) -> None:
        """Fetch what is missing and index the notes, in the background; `board` tells how far it is.

        Stored jobs are taken up too.
        """
        self._warm_up.start()
        self.jobs.start()

    def fetch_encoder(self, progress: Progress) -> None:
        """Fetch the encoder that the search uses.

        Raises:
            ModelUnavailable: It cannot be had.
            StorageFull: The disk took no more.
        """
        if self.settings.embedding == EMBEDDED:
            self.models.pull(EMBEDDING_MODEL, progress)
        else:
            self.models.pull_other(self.settings.embedding, progress)

    def fetch_reader(self, progress: Progress) -> None:
        """Fetch the embedded encoder, which the examiner reads answers with whatever the search uses.

        Raises:
            ModelUnavailable: It cannot be had.
            StorageFull: The disk took no more.
        """
        try:
            self.models.pull(EMBEDDING_MODEL, progress)
        except ModelUnavailable as error:
            raise ModelUnavailable("app.no_reader", name=EMBEDDING_MODEL, why=error) from error

    def fetch_model(self, progress: Progress) -> None:
        """Fetch the embedded language model, where the settings use it.

        Raises:
            ModelUnavailable: It cannot be had.
            StorageFull: The disk took no more.
        """
        if self.settings.llm == EMBEDDED:
            self.models.pull(LANGUAGE_MODEL, progress)

    def index_notes(self, progress: Progress) -> None:
        """Bring in the sample that ships, and the index to the notes in use."""
        self.notes.sync_sample(sample_files(), progress)
        self.examining.sync_shipped()

    def mend_index(self) -> bool:
        """Begin to make the index anew where it was lost since the start; whether it was."""
        if self.board.stage(Stage.NOTES).state != "done" or self.index.current() is not None:
            return False
        if self.notes.is_indexed():  # there is nothing to index
            return False
        self._warm_up.again(Stage.NOTES)
        return True

    def foreseen_notes(self) -> list[ParsedDocument]:
        """All notes as they will stand once the sample that ships is in; needs no model."""
        return self.notes.foreseen(sample_files())

    def wait(self, seconds: float) -> bool:
        """Wait for the warm-up; False when it is not through after `seconds`."""
        return self._warm_up.wait(seconds)

    def language_model(self, urgency: Urgency = Urgency.WORDING) -> LanguageModel | None:
        """The language model, or None where there is none or it has not arrived yet.

        Calls wait for their turn, the most urgent first; the embedded one does one thing at a time.
        """
        if self._model is None and self.model_is_here():
            self._model = make_language_model(
                self.settings,
                lambda: self.models.path(LANGUAGE_MODEL),
                self._adapter_of if shipped_adapter() else None,
            )
        return None if self._model is None else in_turn(self._model, self.settings, self._turns, urgency)

    def word_reader(self) -> WordReader | None:
        """The embedded language model as a judge reads it; None for any other, and until it has arrived."""
        self.language_model()
        reader = make_word_reader(self._model)
        return reader and GatedReader(reader, self._turns, Urgency.VERDICT)

    def model_is_here(self) -> bool:
        """Whether a language model is set and can be called at once."""
        if self._model is not None:
            return True
        if self.settings.llm == EMBEDDED:
            return self.models.is_present(LANGUAGE_MODEL)
        return self.settings.llm != NO_MODEL

    def topics(self) -> list[Topic]:
        """Outline entries of the notes in use."""
        return [
            topic
            for collection in in_effect(self.settings, self.store)
            for topic in self.store.notes.topics(collection)
        ]

    def close(self) -> None:
        """Let go of files; an embedded language model ends by itself."""
        self.jobs.close()
        self.store.close()

    def _adapter_of(self, model: Path) -> Path | None:
        return adapter_for(model, self.settings.home / ADAPTERS)

    def _explainer(self, switch: StopSwitch) -> Explainer:
        if self.mend_index():
            raise StorageBroken("store.index_lost")
        return Explainer(self.retriever, self.gate, self.topics, lambda: switch.over(self.language_model()))

    def calibration(self) -> Calibration | None:
        """What near and far mean in the current index; None before the first build."""
        build = self.index.current()
        return Calibration(**build.calibration) if build and build.calibration else None

    def _ready_notes(self, progress: Progress) -> None:
        """Index, and load the encoder, so that the first question does not wait for it."""
        self.index_notes(progress)
        self.embedder.embed_queries(["warm-up"])


def open_kaodian(settings: Settings) -> Kaodian:
    """The product over `settings.home`, which is made or brought up to date where needed.

    Raises:
        StorageFull: The disk took no more.
        StorageBroken: The database cannot be read.
        SettingWrong: A setting cannot be used.
    """
    set_default_language(settings.lang)
    home: Path = settings.home
    models = open_models(settings)
    store = open_store(home)
    index = open_index(home, settings.chroma_url)
    return Kaodian(settings, Outside(store, index, make_embedder(settings, models), models))
