"""The providers that come as extras, each against a local server that speaks its protocol."""

import importlib.util
import logging
import time

import pytest
from pydantic import BaseModel, SecretStr
from servers.openai_like import Fail, OpenAILike, Text
from servers.other_providers import AnthropicLike, GeminiLike, OllamaLike

from bot.adapters.llm.hosted import EXTRAS, hosted_model
from bot.adapters.llm.wire import OLLAMA_WINDOW
from bot.domain.errors import ModelUnavailable
from bot.seams import Message
from bot.settings import Settings

KEY = "sk-very-secret-0123456789"
WITH_HEADERS = [provider for provider in EXTRAS if provider != "ollama"]
"""Providers whose client keeps the headers of an error."""
HELLO = [Message(role="system", content="Be brief."), Message(role="user", content="批归一化是什么？")]
SAID = "批归一化 {x} 稳定训练。"


class Colour(BaseModel):
    """A reply schema."""

    name: str


def needs(provider):
    """Skip without the extra."""
    if importlib.util.find_spec(f"langchain_{provider}") is None:
        pytest.skip(f"pip install -c constraints.txt '.[{EXTRAS[provider]}]'")


def model_of(tmp_path, provider, base_url, **changed):
    needs(provider)
    settings = {"llm_timeout": 20, "llm_retries": 0} | changed
    return hosted_model(
        Settings(
            home=tmp_path, llm=f"{provider}:m1", llm_base_url=base_url, llm_api_key=SecretStr(KEY), **settings
        )
    )


def says_it_whole_and_in_pieces(model):
    reply = model.reply(HELLO, max_tokens=20)
    assert (reply.text, reply.finished) == (SAID, True)
    pieces = list(model.stream(HELLO, max_tokens=20))
    assert "".join(pieces) == SAID
    assert len(pieces) > 1


def test_ollama(tmp_path):
    needs("ollama")
    with OllamaLike(SAID) as server:
        says_it_whole_and_in_pieces(model_of(tmp_path, "ollama", server.base_url))
        path, _, body = server.seen[0]
    assert path == "/api/chat"
    assert body["model"] == "m1"
    assert [message["role"] for message in body["messages"]] == ["system", "user"]
    assert body["options"]["num_predict"] == 20
    assert body["options"]["num_ctx"] == OLLAMA_WINDOW
    assert body["options"]["temperature"] == 0


def test_ollama_is_given_the_schema(tmp_path):
    needs("ollama")
    with OllamaLike('{"name": "red"}') as server:
        reply = model_of(tmp_path, "ollama", server.base_url).reply(HELLO, max_tokens=20, schema=Colour)
        assert Colour.model_validate_json(reply.text).name == "red"
        assert server.seen[0][2]["format"]["properties"].keys() == {"name"}


def test_deepseek(tmp_path):
    needs("deepseek")
    with OpenAILike(Text(SAID), Text(SAID)) as server:
        says_it_whole_and_in_pieces(model_of(tmp_path, "deepseek", server.base_url))
        seen = server.seen[0]
    assert seen.path == "/v1/chat/completions"
    assert seen.headers["authorization"] == f"Bearer {KEY}"
    assert (seen.body["model"], seen.body["max_tokens"], seen.body["temperature"]) == ("m1", 20, 0)


def test_deepseek_is_asked_for_json_in_the_prompt(tmp_path):
    needs("deepseek")
    with OpenAILike(Text('```json\n{"name": "red"}\n```')) as server:
        reply = model_of(tmp_path, "deepseek", server.base_url).reply(HELLO, max_tokens=20, schema=Colour)
        assert Colour.model_validate_json(reply.text).name == "red"
        assert "JSON schema" in server.seen[0].body["messages"][0]["content"]


def test_anthropic(tmp_path):
    needs("anthropic")
    with AnthropicLike(SAID) as server:
        says_it_whole_and_in_pieces(model_of(tmp_path, "anthropic", server.base_url))
        path, headers, body = server.seen[0]
    assert path.startswith("/v1/messages")
    sent = (headers.get("x-api-key"), headers.get("authorization"))  # releases of the client differ
    assert sent in ((KEY, None), (None, f"Bearer {KEY}"))
    assert (body["model"], body["max_tokens"], body["temperature"]) == ("m1", 20, 0)
    assert "Be brief." in str(body["system"])


def test_gemini(tmp_path):
    needs("google_genai")
    with GeminiLike(SAID) as server:
        says_it_whole_and_in_pieces(model_of(tmp_path, "google_genai", server.base_url))
        whole, streamed = server.seen
    path, headers, body = whole
    assert path == "/v1beta/models/m1:generateContent"
    assert streamed[0] == "/v1beta/models/m1:streamGenerateContent?alt=sse"
    assert headers["x-goog-api-key"] == KEY
    assert body["systemInstruction"]["parts"] == [{"text": "Be brief."}]
    assert [content["role"] for content in body["contents"]] == ["user"]
    assert body["contents"][0]["parts"] == [{"text": "批归一化是什么？"}]
    settings = body["generationConfig"]
    assert (settings["maxOutputTokens"], settings["temperature"]) == (20, 0)


def test_gemini_tells_what_was_used_and_which_model_it_was(tmp_path):
    needs("google_genai")
    with GeminiLike(SAID) as server:
        reply = model_of(tmp_path, "google_genai", server.base_url).reply(HELLO, max_tokens=20)
    assert (reply.model, reply.prompt_tokens, reply.reply_tokens) == ("m1", 7, 3)


def test_gemini_is_asked_for_json_in_the_prompt(tmp_path):
    needs("google_genai")
    with GeminiLike('```json\n{"name": "red"}\n```') as server:
        model = model_of(tmp_path, "google_genai", server.base_url)
        reply = model.reply(HELLO, max_tokens=20, schema=Colour)
        assert Colour.model_validate_json(reply.text).name == "red"
        assert "JSON schema" in str(server.seen[0][2]["systemInstruction"])


def server_of(provider, *fails):
    """A server of the provider that fails so often before it answers."""
    if provider == "deepseek":
        return OpenAILike(*(Fail(status, headers) for status, headers in fails), *[Text(SAID)] * 9)
    kinds = {"ollama": OllamaLike, "anthropic": AnthropicLike, "google_genai": GeminiLike}
    return kinds[provider](SAID, *fails)


@pytest.mark.parametrize("provider", EXTRAS)
@pytest.mark.parametrize("status", [429, 500, 503])
@pytest.mark.parametrize("streamed", [False, True], ids=["whole", "streamed"])
def test_a_failing_server_is_tried_again(tmp_path, provider, status, streamed):
    needs(provider)
    with server_of(provider, (status, {"retry-after": "0"})) as server:
        model = model_of(tmp_path, provider, server.base_url, llm_retries=1)
        if streamed:
            assert "".join(model.stream(HELLO, max_tokens=20)) == SAID
        else:
            assert model.reply(HELLO, max_tokens=20).text == SAID
        assert len(server.seen) == 2, "the client of the provider tries nothing again by itself"


@pytest.mark.parametrize("provider", WITH_HEADERS)
def test_retry_after_is_honoured(tmp_path, provider):
    needs(provider)
    with server_of(provider, (429, {"retry-after": "1"})) as server:
        model = model_of(tmp_path, provider, server.base_url, llm_retries=1)
        began = time.monotonic()
        assert model.reply(HELLO, max_tokens=20).text == SAID
        assert time.monotonic() - began >= 1.0


@pytest.mark.parametrize("provider", EXTRAS)
@pytest.mark.parametrize(
    ("status", "key"),
    [(429, "llm.rate_limited"), (500, "llm.server_error"), (401, "llm.key"), (404, "llm.not_found")],
)
def test_a_failure_for_good_says_what_to_do_and_the_key_is_shown_nowhere(
    tmp_path, provider, status, key, caplog, capfd
):
    needs(provider)
    caplog.set_level(logging.DEBUG)
    with server_of(provider, (status, {}), (status, {})) as server:
        model = model_of(tmp_path, provider, server.base_url)
        for ask in (
            lambda: model.reply(HELLO, max_tokens=20),
            lambda: list(model.stream(HELLO, max_tokens=20)),
        ):
            with pytest.raises(ModelUnavailable) as caught:
                ask()
            assert caught.value.key == key
            assert KEY not in str(caught.value)
        assert model.reply(HELLO, max_tokens=20).text == SAID
    assert caplog.text
    assert KEY not in "".join([caplog.text, repr(model), *capfd.readouterr()])


@pytest.mark.parametrize("provider", EXTRAS)
def test_a_server_that_is_not_there_is_told_without_the_key(tmp_path, provider):
    needs(provider)
    model = model_of(tmp_path, provider, "http://127.0.0.1:9", llm_timeout=10)
    with pytest.raises(ModelUnavailable) as caught:
        model.reply(HELLO, max_tokens=20)
    assert KEY not in str(caught.value)
