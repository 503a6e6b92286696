"""What a failed call means, whichever package raised it."""

from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest

from bot.adapters.llm.failures import Secrets, failure_of, unavailable


class Response:
    def __init__(self, status: int, headers: dict[str, str] | None = None) -> None:
        self.status_code = status
        self.headers = headers or {}


class ProviderError(Exception):
    def __init__(self, words: str, response: Response | None = None) -> None:
        super().__init__(words)
        self.response = response


def wrapped(cause: Exception) -> Exception:
    try:
        raise RuntimeError("something went wrong") from cause
    except RuntimeError as error:
        return error


@pytest.mark.parametrize(
    ("error", "key", "again"),
    [
        (ProviderError("x", Response(401)), "llm.key", False),
        (wrapped(ProviderError("x", Response(404))), "llm.not_found", False),
        (ProviderError("x", Response(402)), "llm.quota", False),
        (ProviderError("x", Response(422)), "llm.refused", False),
        (ProviderError("This model's maximum context length is 8", Response(400)), "llm.too_long", False),
        (ProviderError("x", Response(503)), "llm.server_error", True),
        (TimeoutError(), "llm.timeout", True),
        (ConnectionRefusedError(), "llm.unreachable", True),
        (wrapped(ConnectionResetError()), "llm.unreachable", True),
        (ValueError("Expecting value"), "llm.garbled", True),
    ],
)
def test_errors_of_any_package_are_understood(error: Exception, key: str, again: bool) -> None:
    failure = failure_of(error)
    assert (failure.key, failure.again) == (key, again)


def in_a_while(seconds: float) -> str:
    return format_datetime(datetime.now(UTC) + timedelta(seconds=seconds), usegmt=True)


@pytest.mark.parametrize(
    ("header", "low", "high"),
    [("7", 7, 7), ("0.5", 0.5, 0.5), ("-3", 0, 0), (40.0, 20, 40), (-40.0, 0, 0)],
)
def test_a_pause_may_be_seconds_or_a_date(header: str | float, low: float, high: float) -> None:
    if isinstance(header, float):
        header = in_a_while(header)
    wait = failure_of(ProviderError("slow down", Response(429, {"retry-after": header}))).wait
    assert wait is not None
    assert low <= wait <= high


@pytest.mark.parametrize("header", ["", "soon", "Mon, 99 Foo"])
def test_a_pause_that_cannot_be_read_is_none(header: str) -> None:
    failure = failure_of(wrapped(ProviderError("slow down", Response(429, {"retry-after": header}))))
    assert failure.wait is None
    assert failure.again


def test_a_refusal_keeps_its_reason_but_no_key(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OTHER_API_KEY", "env-secret")
    words = "bad field foo (key own-secret, env-secret, sk-proj-abc123)" + " and on" * 200
    error = unavailable(failure_of(ProviderError(words, Response(400))), "openai:m", Secrets(("own-secret",)))
    assert "bad field foo" in str(error)
    assert not [secret for secret in ("own-secret", "env-secret", "abc123") if secret in str(error)]
    assert len(str(error)) < 500
    assert "own-secret" not in repr(Secrets(("own-secret",)))
