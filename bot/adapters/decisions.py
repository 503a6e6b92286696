"""Decision models over HTTP: the System One wire format (POST {base address}/v1/systemone)."""

import asyncio
import math
from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Any

from pydantic import BaseModel, JsonValue

from bot.adapters.llm.chat import Patience
from bot.adapters.llm.failures import Failure, Secrets, failure_of
from bot.adapters.llm.gate import PriorityGate, Urgency
from bot.adapters.llm.loop import wait_for
from bot.adapters.llm.metered import Spent, charge
from bot.domain.errors import ModelUnavailable, SettingWrong
from bot.domain.judges import DECISION_PREFIX
from bot.seams import Choice, Probabilities
from bot.settings import Settings

if TYPE_CHECKING:
    from httpx2 import AsyncClient, Response

MOST_CHOICES = 256
SUM_SLACK = 0.02
"""How far from 1 the probabilities of one choice may sum, by rounding on the server."""
_WHY_CHARS = 300


class _Answer(BaseModel):
    probabilities: dict[str, float]


class _Reply(BaseModel):
    answers: dict[str, _Answer]
    usage: dict[str, JsonValue] | None = None


class _HttpError(Exception):
    """A response that is no answer; its words are the server's own."""

    def __init__(self, response: "Response") -> None:
        super().__init__(_words(response))
        self.response = response


class SystemOneModel:
    """A decision server; all choices go in one request.

    Args:
        model: The model's name on the server.
        base_url: Address without /v1.
        key: Sent as a bearer token; blank: none is sent.
        patience: Time limit and tries.
        parallel: Most calls at once.
    """

    def __init__(self, model: str, base_url: str, key: str, patience: Patience, *, parallel: int = 4) -> None:
        self.name = DECISION_PREFIX + model
        self._model = model
        self._url = base_url.rstrip("/").removesuffix("/v1") + "/v1/systemone"
        self._key = key
        self._secrets = Secrets((key,) if key else ())
        self._patience = patience
        self._gate = PriorityGate(parallel)

    def __repr__(self) -> str:
        return f"SystemOneModel({self.name!r})"

    def decide(self, state: Mapping[str, str], choices: Sequence[Choice]) -> tuple[Probabilities, ...]:
        """Probabilities of every label of every choice, in their order.

        Raises:
            ModelUnavailable: No usable answer after the retries that the settings allow.
        """
        if not 1 <= len(choices) <= MOST_CHOICES:
            raise ValueError(f"1 to {MOST_CHOICES} choices, not {len(choices)}")
        named = {f"q{number}": choice for number, choice in enumerate(choices, start=1)}
        questions = {name: {"type": "choice", **choice.model_dump()} for name, choice in named.items()}
        body = {"model": self._model, "state": dict(state), "questions": questions}
        with self._gate.turn(Urgency.VERDICT):
            reply = wait_for(self._tried(body, named))
        charge(_spent(reply.usage or {}))
        return tuple(reply.answers[name].probabilities for name in named)

    @cached_property
    def _client(self) -> "AsyncClient":
        from httpx2 import AsyncClient

        headers = {"authorization": f"Bearer {self._key}"} if self._key else {}
        return AsyncClient(headers=headers, timeout=None)

    async def _tried(self, body: Mapping[str, object], choices: Mapping[str, Choice]) -> _Reply:
        tried = 0
        while True:
            try:
                return await self._once(body, choices)
            except Exception as error:
                failure = _failure(error)
                if not failure.again or tried >= self._patience.retries:
                    # The client's own error may hold the key: it goes no further.
                    raise self._unavailable(failure) from None
                await self._patience.before_retry(failure, tried)
                tried += 1

    async def _once(self, body: Mapping[str, object], choices: Mapping[str, Choice]) -> _Reply:
        async with asyncio.timeout(self._patience.timeout):
            response = await self._client.post(self._url, json=body)
        if response.is_error:
            raise _HttpError(response)
        reply = _Reply.model_validate_json(response.content)
        _check(reply, choices)
        return reply

    def _unavailable(self, failure: Failure) -> ModelUnavailable:
        why = self._secrets.hide(" ".join(failure.why.split()))[:_WHY_CHARS]
        key = failure.key.replace("llm.", "decisions.")
        return ModelUnavailable(key, model=self.name, why=why, seconds=round(failure.wait or 0))


def decision_model(settings: Settings) -> SystemOneModel:
    """The decision model that `settings.judge` names; nothing is asked before the first call.

    Raises:
        SettingWrong: The model's name or the server's address is missing.
    """
    model = settings.judge.removeprefix(DECISION_PREFIX)
    if not settings.judge.startswith(DECISION_PREFIX) or not model:
        raise SettingWrong("decisions.not_a_judge", value=settings.judge)
    if not settings.judge_base_url:
        raise SettingWrong("decisions.no_address", value=settings.judge)
    key = settings.judge_api_key.get_secret_value() if settings.judge_api_key else ""
    patience = Patience(settings.llm_timeout, settings.llm_retries)
    return SystemOneModel(model, settings.judge_base_url, key, patience, parallel=settings.llm_parallel)


def _check(reply: _Reply, choices: Mapping[str, Choice]) -> None:
    """Raise ValueError unless every choice has a probability for each of its labels."""
    for name, choice in choices.items():
        found = reply.answers[name].probabilities if name in reply.answers else {}
        if found.keys() != choice.criteria.keys():
            raise ValueError(f"{name}: labels {sorted(found)} instead of {sorted(choice.criteria)}")
        values = found.values()
        if not all(0 <= value <= 1 for value in values) or not _near_one(math.fsum(values)):
            raise ValueError(f"{name}: {dict(found)} are no probabilities")


def _near_one(total: float) -> bool:
    return abs(total - 1) <= SUM_SLACK


def _failure(error: Exception) -> Failure:
    if isinstance(error, _HttpError) and error.response.status_code == 501:
        return Failure("llm.not_decision", again=False)
    return failure_of(error)


def _words(response: "Response") -> str:
    """What a server says about a request that it refused: the messages of its validation items."""
    try:
        said: Any = response.json()
    except ValueError:
        return response.text
    detail = said.get("detail", said.get("error", said)) if isinstance(said, dict) else said
    items = detail if isinstance(detail, list) else [detail]
    return "; ".join(str(item.get("msg", item)) if isinstance(item, dict) else str(item) for item in items)


def _spent(usage: Mapping[str, JsonValue]) -> Spent:
    def count(*names: str) -> int:
        return next((value for name in names if isinstance(value := usage.get(name), int)), 0)

    return Spent(
        calls=1,
        prompt_tokens=count("input_tokens", "prompt_tokens"),
        reply_tokens=count("output_tokens", "completion_tokens"),
    )
