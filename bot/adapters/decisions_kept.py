"""Decisions kept on disk by model, rubric and content, beside the replies of language models."""

import json
from collections.abc import Mapping, Sequence

from pydantic import TypeAdapter, ValidationError

from bot.adapters.decisions import decision_model
from bot.adapters.llm.kept import FILE_NAME, Key, ReplyStore
from bot.adapters.llm.metered import Spent, charge
from bot.domain.spans import digest
from bot.seams import Choice, DecisionModel, Probabilities, Reply
from bot.settings import Settings

_DECIDED = TypeAdapter(tuple[dict[str, float], ...])


class KeepingDecisions:
    """A decision model whose answers are kept; only usable ones ever come from it.

    Args:
        model: What decides what is new.
        store: Where answers are kept.
        server: Tells servers apart that call different models by one name.
    """

    def __init__(self, model: DecisionModel, store: ReplyStore, server: str = "") -> None:
        self._model = model
        self._store = store
        self._server = server

    @property
    def name(self) -> str:
        """Name of the model behind it."""
        return self._model.name

    def decide(self, state: Mapping[str, str], choices: Sequence[Choice]) -> tuple[Probabilities, ...]:
        """The probabilities that were kept, or the model's.

        Raises:
            ModelUnavailable: The model gives no usable answer.
        """
        key = self._key(state, choices)
        kept = self._store.get(key)
        found = _read(kept.text, choices) if kept else None
        if found is not None:
            charge(Spent(hits=1))
            return found
        decided = self._model.decide(state, choices)
        text = json.dumps([dict(one) for one in decided])
        self._store.put(key, Reply(text=text, finished=True, model=self.name))
        return decided

    def _key(self, state: Mapping[str, str], choices: Sequence[Choice]) -> Key:
        """Labels in their order are part of it: they may move a model."""
        rubric = json.dumps([list(choice.criteria.items()) for choice in choices])
        asked = json.dumps([dict(state), [choice.instructions for choice in choices]])
        return Key(model=f"{self.name} {self._server}", prompt=digest(rubric), content=digest(asked))


def kept_decision_model(settings: Settings) -> DecisionModel:
    """The decision model that `settings.judge` names; its answers are kept where the settings say so.

    Raises:
        SettingWrong: The model's name or the server's address is missing.
    """
    model = decision_model(settings)
    if not settings.llm_cache:
        return model
    store = ReplyStore(settings.home / "cache" / FILE_NAME)
    return KeepingDecisions(model, store, settings.judge_base_url or "")


def _read(text: str, choices: Sequence[Choice]) -> tuple[Probabilities, ...] | None:
    """What was kept, None where it does not answer these choices."""
    try:
        found = _DECIDED.validate_json(text)
    except ValidationError:
        return None
    wanted = [choice.criteria.keys() for choice in choices]
    return found if [one.keys() for one in found] == wanted else None
