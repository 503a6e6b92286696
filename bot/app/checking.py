"""Checks any model that the settings could name, and keeps its card."""

from bot.adapters.decisions import PREFIX, decision_model
from bot.adapters.embedding import EMBEDDED, make_embedder, make_reader
from bot.adapters.llm import EmbeddedModel
from bot.adapters.llm.hosted import hosted_model
from bot.checking import CardShelf, ModelCheck, Subject, WatchedModel
from bot.checking.probes import shipped_probes
from bot.checking.shelf import VERIFIER
from bot.domain.capability import CapabilityCard
from bot.domain.spans import digest
from bot.grading.judge_decision import DecisionJudge
from bot.grading.judge_features import FeatureJudge
from bot.grading.judge_llm import ModelJudge
from bot.grading.verifier import shipped_verifier
from bot.models import EMBEDDING_MODEL, LANGUAGE_MODEL, open_models
from bot.prompts import prompt_hash
from bot.seams import Progress, TokenEmbedder
from bot.settings import Settings


def check_model(settings: Settings, model: str, progress: Progress, *, fresh: bool = False) -> CapabilityCard:
    """The card of a model, which then stands on the shelf.

    Args:
        settings: In effect; addresses and keys are taken from them.
        model: 'provider:model', 'systemone:model', 'embedded', 'embedded:name' or 'none'.
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
    if model == VERIFIER:
        judge = FeatureJudge(_embedder(settings, progress))
        prompt = digest(shipped_verifier().version)
        return Subject(model, judge, judge, prompt, lambda: True)
    if model.startswith(PREFIX):
        return _decisions(settings.model_copy(update={"judge": model}), progress)
    provider, _, name = model.partition(":")
    return _embedded(settings, name, progress) if provider == EMBEDDED else _hosted(settings, model)


def _decisions(settings: Settings, progress: Progress) -> Subject:
    model, embedder = decision_model(settings), _embedder(settings, progress)
    return Subject(
        name=model.name,
        judge=DecisionJudge(model, embedder),
        turned=DecisionJudge(model, embedder, backwards=True),
        prompt=prompt_hash("decision"),
        logprobs=lambda: True,
        server=settings.judge_base_url or "",
    )


def _hosted(settings: Settings, name: str) -> Subject:
    model = hosted_model(settings.model_copy(update={"llm": name}))
    watched = WatchedModel(model)
    judge = ModelJudge(watched, None, once=True)
    server = settings.llm_base_url or ""
    return Subject(name, judge, judge, prompt_hash("judge"), model.gives_logprobs, watched, server)


def _embedded(settings: Settings, name: str, progress: Progress) -> Subject:
    """An embedded language model, asked like a hosted one."""
    models, artefact = open_models(settings), name or LANGUAGE_MODEL
    models.pull(artefact, progress)
    model = EmbeddedModel(settings, lambda: models.path(artefact))
    watched = WatchedModel(model)
    judge = ModelJudge(watched, None, once=True)
    called = f"{EMBEDDED}:{name}" if name else EMBEDDED
    return Subject(called, judge, judge, prompt_hash("judge"), model.gives_logprobs, watched)


def _embedder(settings: Settings, progress: Progress) -> TokenEmbedder:
    models = open_models(settings)
    models.pull(EMBEDDING_MODEL, progress)
    return make_reader(make_embedder(settings, models), settings, models)
