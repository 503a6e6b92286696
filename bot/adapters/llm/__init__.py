"""Language models: LangChain behind bot.seams.LanguageModel, and the embedded one in a child process.

chat      any LangChain chat model as ours        hosted   'provider:model'
wire      how a provider wants to be asked        embedded the child process, seen from here
failures  what an error means for the user        child    the child process itself
loop      calls that can be stopped               meeting  where processes find the child
gate      verdicts before wording, so many at once; what nobody waits for gives way
kept      replies on disk                         reading  the embedded one read word by word, as a judge
metered   what calls cost
"""

from collections.abc import Callable
from functools import partial
from pathlib import Path

from bot.adapters.llm.embedded import AdapterOf, EmbeddedModel
from bot.adapters.llm.gate import GatedModel, GivingModel, PriorityGate, Urgency, among_processes
from bot.adapters.llm.hosted import hosted_model
from bot.adapters.llm.kept import FILE_NAME, KeepingModel, ReplyStore
from bot.adapters.llm.metered import MeteredModel, prices_of
from bot.adapters.llm.reading import EmbeddedReader
from bot.domain.judges import EMBEDDED, NO_MODEL
from bot.seams import LanguageModel, WordReader
from bot.settings import Settings

__all__ = [
    "EmbeddedModel",
    "EmbeddedReader",
    "PriorityGate",
    "in_turn",
    "make_gate",
    "make_language_model",
    "make_word_reader",
]


def make_gate(settings: Settings) -> PriorityGate:
    """Before the language model: the embedded one does one thing at a time, for all processes of its home."""
    if settings.llm == EMBEDDED:
        return PriorityGate(1, partial(among_processes, settings.home / "run" / "llm.turn"))
    return PriorityGate(settings.llm_parallel)


def make_language_model(
    settings: Settings, model_path: Callable[[], Path], adapter_of: AdapterOf | None = None
) -> LanguageModel | None:
    """The language model that the settings name, not loaded yet; None for 'none'.

    Args:
        settings: What is in effect.
        model_path: Gives the embedded model's file, fetching it if need be; called on first use.
        adapter_of: Gives the file of the adapter with which a model file judges, if it has one.

    Raises:
        SettingWrong: `settings.llm` names no model.
    """
    if settings.llm == NO_MODEL:
        return None
    if settings.llm == EMBEDDED:
        return EmbeddedModel(settings, model_path, adapter_of)
    return hosted_model(settings)


def make_word_reader(model: LanguageModel | None) -> WordReader | None:
    """The same model as it is read instead of asked; None for those that have no adapter of ours."""
    if isinstance(model, EmbeddedModel) and model.has_adapter:
        return EmbeddedReader(model)
    return None


def in_turn(model: LanguageModel, settings: Settings, gate: PriorityGate, urgency: Urgency) -> LanguageModel:
    """A model for one kind of work: its calls wait at the gate.

    Those of the embedded one for which nobody waits are broken off for more urgent ones, and made again.
    Those of a hosted one are counted, and its verdicts are kept where the settings say so.
    """
    if isinstance(model, EmbeddedModel) and urgency is Urgency.BACKGROUND:
        return GivingModel(model, gate, urgency)
    gated: LanguageModel = GatedModel(model, gate, urgency)
    if settings.llm == EMBEDDED:
        return gated
    if settings.llm_cache and urgency is Urgency.VERDICT:
        store = ReplyStore(settings.home / "cache" / FILE_NAME)
        gated = KeepingModel(gated, store, settings.llm_base_url or "")
    return MeteredModel(gated, prices_of(settings))
