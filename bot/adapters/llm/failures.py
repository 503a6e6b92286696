"""What went wrong with a call: whether trying again helps, and what the user should do."""

import os
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from bot.domain.errors import ModelUnavailable

LONGEST_WAIT = 60.0
"""Seconds; a server that asks for more is not waited for."""

_TOO_LONG = re.compile(r"context.{0,20}(size|length|window)|exceed_context|prompt is too long", re.IGNORECASE)
_BY_STATUS = {401: "llm.key", 403: "llm.key", 402: "llm.quota", 404: "llm.not_found", 408: "llm.timeout"}
_TIMEOUTS = {"TimeoutError", "TimeoutException", "APITimeoutError", "ModelTimeoutError"}
_LOST = {"ConnectionError", "APIConnectionError", "ModelConnectionError", "TransportError", "NetworkError"}


@dataclass(frozen=True)
class Failure:
    """One failed call."""

    key: str
    """Catalogue key."""
    again: bool
    """Whether another try may help."""
    wait: float | None = None
    """Seconds that the server asked for."""
    why: str = ""
    """The error's own words, where they may help."""


@dataclass(frozen=True)
class Secrets:
    """Keys that must never be shown."""

    values: tuple[str, ...] = field(default=(), repr=False)

    def hide(self, text: str) -> str:
        """`text` without any of the keys, nor any in the environment."""
        known = [value for name, value in os.environ.items() if name.endswith("_API_KEY")]
        for value in sorted({*self.values, *known}, key=len, reverse=True):
            text = text.replace(value, "***") if value else text
        return re.sub(r"\bsk-[\w*-]+", "***", text)


def failure_of(error: BaseException) -> Failure:
    """What an error of any provider's client means."""
    status = _status(error)
    if status is not None:
        return _by_status(status, error)
    names = {kind.__name__ for cause in _chain(error) for kind in type(cause).__mro__}
    if names & _TIMEOUTS:
        return Failure("llm.timeout", again=True)
    if names & _LOST:
        return Failure("llm.unreachable", again=True)
    return Failure("llm.garbled", again=True, why=str(error))


def unavailable(failure: Failure, model: str, secrets: Secrets) -> ModelUnavailable:
    """The error for the user."""
    why = secrets.hide(" ".join(failure.why.split()))[:300]
    return ModelUnavailable(failure.key, model=model, why=why, seconds=round(failure.wait or 0))


def _by_status(status: int, error: BaseException) -> Failure:
    words = str(error)
    if status == 429:
        if "insufficient_quota" in words:
            return Failure("llm.quota", again=False)
        wait = _retry_after(error)
        return Failure("llm.rate_limited", again=(wait or 0) <= LONGEST_WAIT, wait=wait)
    if status in _BY_STATUS:
        return Failure(_BY_STATUS[status], again=status == 408)
    if status >= 500:
        return Failure("llm.server_error", again=True, wait=_retry_after(error))
    if _TOO_LONG.search(words):
        return Failure("llm.too_long", again=False)
    return Failure("llm.refused", again=False, why=words)


def _status(error: BaseException) -> int | None:
    for cause in _chain(error):
        for holder in (cause, getattr(cause, "response", None)):
            for name in ("status_code", "code"):
                value = getattr(holder, name, None)
                if isinstance(value, int) and 400 <= value < 600:
                    return value
    return None


def _chain(error: BaseException) -> Iterator[BaseException]:
    """The error and what caused it: some providers' packages wrap their client's errors."""
    current: BaseException | None = error
    while current is not None:
        yield current
        current = current.__cause__


def _retry_after(error: BaseException) -> float | None:
    responses = [getattr(cause, "response", None) for cause in _chain(error)]
    headers = [getattr(response, "headers", None) or {} for response in responses]
    value = next((found["retry-after"] for found in headers if "retry-after" in found), None)
    if not value:
        return None
    try:
        return max(0.0, float(value))
    except ValueError:
        pass
    try:
        return max(0.0, (parsedate_to_datetime(value) - datetime.now(UTC)).total_seconds())
    except (TypeError, ValueError):
        return None
