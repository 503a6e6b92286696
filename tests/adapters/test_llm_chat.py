"""The chat adapter against a local server that speaks the protocol, faults included."""

import logging
import threading
import time
import traceback
from collections.abc import Callable, Iterator

import pytest
from fakes.llm import ScriptedModel
from pydantic import BaseModel, SecretStr
from servers.openai_like import CutOff, Fail, Garbled, Hang, OpenAILike, Text

from bot.adapters.llm.chat import ChatAdapter, Patience
from bot.adapters.llm.hosted import hosted_model
from bot.domain.errors import ModelUnavailable, SettingWrong
from bot.seams import LanguageModel, Message
from bot.settings import Settings
from bot.texts import LANGUAGES, speaking

KEY = "sk-very-secret-0123456789"
HELLO = [Message(role="system", content="Be brief."), Message(role="user", content="批归一化是什么？")]


class Colour(BaseModel):
    """A reply schema."""

    reason: str
    name: str


@pytest.fixture
def server() -> Iterator[OpenAILike]:
    with OpenAILike() as running:
        yield running


Connect = Callable[..., ChatAdapter]


@pytest.fixture
def connect(server: OpenAILike, tmp_path) -> Connect:
    """An adapter to the server; it notes its pauses instead of making them."""

    def make(**changed) -> ChatAdapter:
        settings = Settings(
            home=tmp_path,
            llm="openai:scripted",
            llm_base_url=server.base_url,
            llm_api_key=SecretStr(KEY),
            **{"llm_timeout": 10, "llm_retries": 2} | changed,
        )
        model = hosted_model(settings)
        pauses: list[float] = []

        async def note(seconds: float) -> None:
            pauses.append(seconds)

        model._patience = Patience(settings.llm_timeout, settings.llm_retries, note)
        model.pauses = pauses
        return model

    return make


@pytest.fixture(params=["scripted", "served"])
def model(request, server: OpenAILike, connect: Connect) -> LanguageModel:
    """Every implementation, ready to say 归一化 once."""
    if request.param == "scripted":
        return ScriptedModel(["归一化 {x}"])
    server.then(Text("归一化 {x}"))
    return connect()


def test_any_model_replies(model: LanguageModel) -> None:
    reply = model.reply(HELLO, max_tokens=20)
    assert (reply.text, reply.finished) == ("归一化 {x}", True)


def test_any_model_streams_the_same_text(model: LanguageModel) -> None:
    pieces = list(model.stream(HELLO, max_tokens=20))
    assert len(pieces) > 1
    assert "".join(pieces) == "归一化 {x}"


def test_any_model_can_be_stopped(model: LanguageModel) -> None:
    stream = model.stream(HELLO, max_tokens=20)
    assert next(stream)
    stream.close()
    assert list(stream) == []


def test_what_is_asked_arrives_as_it_was_said(server: OpenAILike, connect: Connect) -> None:
    reply = connect().reply(HELLO, max_tokens=20)
    (seen,) = server.seen
    assert seen.path == "/v1/chat/completions"
    assert seen.headers["authorization"] == f"Bearer {KEY}"
    assert [(m["role"], m["content"]) for m in seen.body["messages"]] == [(m.role, m.content) for m in HELLO]
    assert seen.body["max_tokens"] == 20
    assert seen.body["temperature"] == 0
    assert (reply.model, reply.prompt_tokens, reply.reply_tokens) == ("scripted-1", 7, 3)


def test_a_reply_at_the_token_limit_is_not_finished(server: OpenAILike, connect: Connect) -> None:
    server.then(Text("half a", finish="length"))
    assert not connect().reply(HELLO, max_tokens=2).finished


@pytest.mark.parametrize(
    "said",
    [
        '{"reason": "r", "name": "红"}',
        '```json\n{"reason": "r", "name": "红"}\n```',
        'Here it is:\n```\n{"reason": "r", "name": "红"}\n```\nAnything else?',
        '<think>{"no": 1}</think>\n{"reason": "r", "name": "红"} Done.',
    ],
)
def test_a_schema_is_sent_and_the_json_taken_out(server: OpenAILike, connect: Connect, said: str) -> None:
    server.then(Text(said))
    reply = connect().reply(HELLO, max_tokens=50, schema=Colour)
    assert Colour.model_validate_json(reply.text).name == "红"
    wanted = server.seen[0].body["response_format"]["json_schema"]["schema"]
    assert list(wanted["properties"]) == ["reason", "name"]


@pytest.mark.parametrize("said", ["", "no json here", '{"reason": "cut of'])
def test_text_that_is_no_json_is_kept_for_the_caller_to_judge(
    server: OpenAILike, connect: Connect, said: str
) -> None:
    server.then(Text(said))
    assert connect().reply(HELLO, max_tokens=50, schema=Colour).text == said


def test_a_server_without_schemas_is_asked_in_words(server: OpenAILike, connect: Connect) -> None:
    server.then(Fail(400, message="response_format of this type is unavailable"), Text('{"a": 1}'))
    model = connect()
    assert model.reply(HELLO, max_tokens=50, schema=Colour).text == '{"a": 1}'
    model.reply(HELLO, max_tokens=50, schema=Colour)
    assert ["response_format" in seen.body for seen in server.seen] == [True, False, False]
    assert '"reason"' in server.seen[2].body["messages"][0]["content"]


def test_a_model_without_a_choice_of_temperature_is_asked_without(
    server: OpenAILike, connect: Connect
) -> None:
    server.then(Fail(400, message="Unsupported value: 'temperature' does not support 0 with this model"))
    assert connect().reply(HELLO, max_tokens=50).text == "ok"
    assert ["temperature" in seen.body for seen in server.seen] == [True, False]


@pytest.mark.parametrize("status", [500, 502, 503, 529])
def test_a_failing_server_is_tried_again(server: OpenAILike, connect: Connect, status: int) -> None:
    server.then(Fail(status), Fail(status), Text("at last"))
    model = connect()
    assert model.reply(HELLO, max_tokens=5).text == "at last"
    assert len(server.seen) == 3
    assert 0 < model.pauses[0] < model.pauses[1]


def test_retry_after_is_honoured(server: OpenAILike, connect: Connect) -> None:
    server.then(Fail(429, {"retry-after": "7"}), Text("ok"))
    model = connect()
    assert "".join(model.stream(HELLO, max_tokens=5)) == "ok"
    assert model.pauses == [7.0]


def test_a_very_long_pause_is_not_waited_for(server: OpenAILike, connect: Connect) -> None:
    server.then(Fail(429, {"retry-after": "3600"}))
    with pytest.raises(ModelUnavailable, match="3600"):
        connect().reply(HELLO, max_tokens=5)
    assert len(server.seen) == 1


@pytest.mark.parametrize(
    ("step", "key", "requests"),
    [
        (Fail(401), "llm.key", 1),
        (Fail(403), "llm.key", 1),
        (Fail(404), "llm.not_found", 1),
        (Fail(400), "llm.refused", 1),
        (Fail(400, message="request (9000 tokens) exceeds the available context size"), "llm.too_long", 1),
        (Fail(429, message="insufficient_quota"), "llm.quota", 1),
        (Fail(429), "llm.rate_limited", 3),
        (Fail(500), "llm.server_error", 3),
        (Garbled(), "llm.garbled", 3),
        (Hang(20), "llm.timeout", 3),
    ],
)
@pytest.mark.parametrize("streamed", [False, True])
def test_every_failure_is_an_error_that_says_what_to_do(
    server: OpenAILike, connect: Connect, step, key: str, requests: int, streamed: bool
) -> None:
    server.then(*[step] * 3)
    model = connect(llm_timeout=0.5)
    with pytest.raises(ModelUnavailable) as caught:
        list(model.stream(HELLO, max_tokens=5)) if streamed else model.reply(HELLO, max_tokens=5)
    assert caught.value.key == key
    assert len(server.seen) == requests
    for language in LANGUAGES:
        with speaking(language):
            assert "openai:scripted" in str(caught.value)


def test_a_reply_that_is_cut_off_is_asked_for_again(server: OpenAILike, connect: Connect) -> None:
    server.then(CutOff(), Text("whole"))
    assert connect().reply(HELLO, max_tokens=5).text == "whole"


def test_a_stream_that_breaks_off_is_an_error_and_not_an_end(server: OpenAILike, connect: Connect) -> None:
    server.then(CutOff("half a sen"))
    got: list[str] = []
    with pytest.raises(ModelUnavailable) as caught:
        got.extend(connect().stream(HELLO, max_tokens=5))
    assert caught.value.key == "llm.broke_off"
    assert len(server.seen) == 1


def test_a_server_that_is_not_there_is_an_error(tmp_path) -> None:
    settings = Settings(
        home=tmp_path, llm="openai:m", llm_base_url="http://127.0.0.1:9/v1", llm_retries=0, llm_timeout=5
    )
    with pytest.raises(ModelUnavailable) as caught:
        hosted_model(settings).reply(HELLO, max_tokens=5)
    assert caught.value.key == "llm.unreachable"


@pytest.mark.parametrize("step", [Text("word " * 200, pace=0.05), Hang(30)])
def test_closing_a_stream_stops_the_request(server: OpenAILike, connect: Connect, step) -> None:
    server.then(step)
    stream = connect().stream(HELLO, max_tokens=5)
    if isinstance(step, Text):
        next(stream)
    else:  # nobody gets a piece for a long time: another thread closes while this one waits
        threading.Timer(0.5, stream.close).start()
        assert list(stream) == []
    stream.close()
    assert server.disconnected.wait(3)


def test_dropping_a_stream_stops_the_request(server: OpenAILike, connect: Connect) -> None:
    server.then(Text("word " * 200, pace=0.05))
    for _piece in connect().stream(HELLO, max_tokens=5):
        break
    assert server.disconnected.wait(3)


@pytest.mark.parametrize("step", [Text("word " * 200, pace=0.05), Hang(30)])
def test_a_reply_that_is_begun_can_be_broken_off(server: OpenAILike, connect: Connect, step) -> None:
    server.then(step)
    begun = connect().begin(HELLO, max_tokens=5)
    until = time.monotonic() + 5
    while not server.seen and time.monotonic() < until:
        time.sleep(0.01)
    assert begun.cancel()
    assert server.disconnected.wait(3)


def test_a_reply_that_is_begun_comes_to_the_same(server: OpenAILike, connect: Connect) -> None:
    json = '{"reason": "r", "name": "红"}'
    for finish in ("stop", "length"):
        server.then(Text(f"Here: {json}", finish), Text(f"Here: {json}", finish))
        begun = connect().begin(HELLO, max_tokens=5, schema=Colour).result(10)
        whole = connect().reply(HELLO, max_tokens=5, schema=Colour)
        assert (begun.text, begun.finished) == (whole.text, whole.finished) == (json, finish == "stop")
        asked, other = (seen.body for seen in server.seen[-2:])
        assert {name: asked[name] for name in other if name != "stream"} == {
            name: value for name, value in other.items() if name != "stream"
        }


@pytest.mark.parametrize("step", [Fail(500), CutOff("x" * 9)], ids=["failing", "cut off"])
def test_a_reply_that_is_begun_is_tried_again(server: OpenAILike, connect: Connect, step) -> None:
    server.then(step, Text("好"))
    assert connect().begin(HELLO, max_tokens=5).result(10).text == "好"


def test_many_threads_may_ask_at_once(server: OpenAILike, connect: Connect) -> None:
    model = connect()
    replies: list[str] = []
    threads = [
        threading.Thread(target=lambda: replies.append(model.reply(HELLO, max_tokens=5).text))
        for _ in range(8)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    assert replies == ["ok"] * 8


@pytest.mark.parametrize("step", [Fail(401, message=f"Incorrect API key: {KEY}"), Fail(400, message=KEY)])
def test_the_key_is_shown_nowhere(
    server: OpenAILike, connect: Connect, step: Fail, caplog: pytest.LogCaptureFixture, capfd
) -> None:
    caplog.set_level(logging.DEBUG)
    server.then(step)
    model = connect()
    with pytest.raises(ModelUnavailable) as caught:
        model.reply(HELLO, max_tokens=5)
    model.reply(HELLO, max_tokens=5)
    error = caught.value
    shown = [str(error), repr(error), repr(error.params), repr(model), model.name, str(vars(model))]
    shown += traceback.format_exception(error)
    shown += [caplog.text, *capfd.readouterr()]
    assert caplog.text
    assert not [text for text in shown if KEY in text]


@pytest.mark.parametrize("value", ["gpt-4.1", "openai:", ":gpt"])
def test_a_setting_that_names_no_model_is_refused(tmp_path, value: str) -> None:
    with pytest.raises(SettingWrong, match=r"provider:model|提供商:模型"):
        hosted_model(Settings(home=tmp_path, llm=value))


@pytest.mark.parametrize(
    ("provider", "extra"),
    [
        ("anthropic", "anthropic"),
        ("google_genai", "google-genai"),
        ("ollama", "ollama"),
        ("deepseek", "deepseek"),
    ],
)
def test_a_missing_package_is_named(tmp_path, monkeypatch, provider: str, extra: str) -> None:
    monkeypatch.setitem(__import__("sys").modules, f"langchain_{provider}", None)
    model = hosted_model(Settings(home=tmp_path, llm=f"{provider}:m", llm_api_key=SecretStr("k")))
    with pytest.raises(ModelUnavailable) as caught:
        model.reply(HELLO, max_tokens=5)
    assert f"pip install 'kaodian[{extra}]'" in str(caught.value)


def test_a_missing_key_is_named(tmp_path, monkeypatch) -> None:
    monkeypatch.delenv("OPENAI_API_KEY", raising=False)
    with pytest.raises(ModelUnavailable) as caught:
        hosted_model(Settings(home=tmp_path, llm="openai:m")).reply(HELLO, max_tokens=5)
    assert caught.value.key == "llm.no_key"


def test_an_unknown_provider_is_named(tmp_path) -> None:
    with pytest.raises(ModelUnavailable, match="nobody"):
        hosted_model(Settings(home=tmp_path, llm="nobody:m")).reply(HELLO, max_tokens=5)


def test_waiting_takes_no_longer_than_it_must(server: OpenAILike, connect: Connect) -> None:
    server.then(Hang(30))
    begun = time.monotonic()
    with pytest.raises(ModelUnavailable):
        connect(llm_timeout=0.5, llm_retries=0).reply(HELLO, max_tokens=5)
    assert time.monotonic() - begun < 5
    assert server.disconnected.wait(3)
