"""Checks any model that the settings could name, and keeps its card."""

from bot.adapters.decisions import decision_model
from bot.adapters.embedding import make_embedder, make_reader
from bot.adapters.llm import EmbeddedModel, EmbeddedReader
from bot.adapters.llm.hosted import hosted_model
from bot.checking import CardShelf, ModelCheck, Subject, WatchedModel
from bot.checking.probes import shipped_probes
from bot.checking.versions import judged_by
from bot.domain.capability import CapabilityCard
from bot.domain.judges import DECISION_PREFIX, EMBEDDED, NO_MODEL
from bot.grading.judge_decision import DecisionJudge
from bot.grading.judge_embedded import EmbeddedJudge
from bot.grading.judge_features import FeatureJudge
from bot.grading.judge_llm import ModelJudge
from bot.models import ADAPTERS, EMBEDDING_MODEL, LANGUAGE_MODEL, adapter_for, open_models
from bot.seams import Progress, TokenEmbedder
from bot.settings import Settings


def check_model(settings: Settings, model: str, progress: Progress, *, fresh: bool = False) -> CapabilityCard:
    """The card of a model, which then stands on the shelf.

    Args:
        settings: In effect; addresses and keys are taken from them.
        model: 'provider:model', 'systemone:model', 'none', 'embedded' (the judge that reads the embedded
            model), or 'embedded:name' (an embedded model asked like a hosted one).
        progress: Whoever watches.
        fresh: Forget what a stopped check of this model found.

    Raises:
        SettingWrong: That names no model.
        ModelUnavailable: It cannot be asked; what was found so far is kept.
    """
    shelf = CardShelf(settings.home)
    subject = _subject(settings, model, progress)
    card = ModelCheck(shipped_probes(), shelf.folder).run(subject, progress, fresh=fresh)
    shelf.put(card)
    return card


def _subject(settings: Settings, model: str, progress: Progress) -> Subject:
    if model == NO_MODEL:
        judge = FeatureJudge(_embedder(settings, progress))
        return Subject(model, judge, judge, judged_by(model), lambda: True)
    if model == EMBEDDED:
        return _read(settings, progress)
    if model.startswith(DECISION_PREFIX):
        return _decisions(settings.model_copy(update={"judge": model}), progress)
    provider, _, name = model.partition(":")
    return _asked(settings, name, progress) if provider == EMBEDDED else _hosted(settings, model)


def _read(settings: Settings, progress: Progress) -> Subject:
    """The embedded language model as it judges in the product: read, with its adapter."""
    models = open_models(settings)
    models.pull(LANGUAGE_MODEL, progress)
    model = EmbeddedModel(
        settings,
        lambda: models.path(LANGUAGE_MODEL),
        lambda file: adapter_for(file, settings.home / ADAPTERS),
    )
    judge = EmbeddedJudge(EmbeddedReader(model), FeatureJudge(_embedder(settings, progress)))
    return Subject(EMBEDDED, judge, judge, judged_by(EMBEDDED), lambda: True)


def _decisions(settings: Settings, progress: Progress) -> Subject:
    model, embedder = decision_model(settings), _embedder(settings, progress)
    return Subject(
        name=model.name,
        judge=DecisionJudge(model, embedder),
        turned=DecisionJudge(model, embedder, backwards=True),
        prompt=judged_by(model.name),
        logprobs=lambda: True,
        server=settings.judge_base_url or "",
    )


def _hosted(settings: Settings, name: str) -> Subject:
    model = hosted_model(settings.model_copy(update={"llm": name}))
    watched = WatchedModel(model)
    judge = ModelJudge(watched, None, once=True)
    server = settings.llm_base_url or ""
    return Subject(name, judge, judge, judged_by(name), model.gives_logprobs, watched, server)


def _asked(settings: Settings, name: str, progress: Progress) -> Subject:
    """An embedded language model, asked like a hosted one."""
    models = open_models(settings)
    models.pull(name, progress)
    model = EmbeddedModel(settings, lambda: models.path(name))
    watched = WatchedModel(model)
    judge = ModelJudge(watched, None, once=True)
    called = f"{EMBEDDED}:{name}"
    return Subject(called, judge, judge, judged_by(called), model.gives_logprobs, watched)


def _embedder(settings: Settings, progress: Progress) -> TokenEmbedder:
    models = open_models(settings)
    models.pull(EMBEDDING_MODEL, progress)
    return make_reader(make_embedder(settings, models), settings, models)
