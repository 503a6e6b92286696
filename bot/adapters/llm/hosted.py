"""Language models that somebody else runs: 'provider:model' through LangChain."""

from functools import cache
from typing import TYPE_CHECKING, Any

from bot.adapters.llm.chat import ChatAdapter, Patience
from bot.adapters.llm.failures import Secrets
from bot.adapters.llm.wire import WIRES, Wire
from bot.domain.errors import ModelUnavailable, SettingWrong
from bot.settings import Settings

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel

EXTRAS = {
    "anthropic": "anthropic",
    "google_genai": "google-genai",
    "ollama": "ollama",
    "deepseek": "deepseek",
}
"""Provider to the extra of this package that brings it."""


def hosted_model(settings: Settings) -> ChatAdapter:
    """The model that `settings.llm` names; nothing is loaded or asked before the first call.

    Raises:
        SettingWrong: The setting is not of the form 'provider:model'.
    """
    provider, _, model = settings.llm.partition(":")
    if not provider or not model:
        raise SettingWrong("llm.not_provider_model", value=settings.llm)
    key = settings.llm_api_key.get_secret_value() if settings.llm_api_key else ""
    connect = cache(lambda: _chat_model(provider, settings))
    return ChatAdapter(
        settings.llm,
        lambda _lost: connect(),
        wire=_wire(provider, settings),
        patience=Patience(settings.llm_timeout, settings.llm_retries),
        secrets=Secrets((key,) if key else ()),
    )


def _wire(provider: str, settings: Settings) -> Wire:
    if provider == "openai" and not settings.llm_base_url:
        return Wire("openai", "max_completion_tokens", native_schema=True)
    return WIRES.get(provider, Wire())


def _chat_model(provider: str, settings: Settings) -> "BaseChatModel":
    from langchain.chat_models import init_chat_model

    try:
        return init_chat_model(settings.llm, **_arguments(provider, settings))
    except ImportError:
        extra = EXTRAS.get(provider)
        if extra is None:
            raise ModelUnavailable("llm.no_package", provider=provider) from None
        raise ModelUnavailable("llm.no_extra", provider=provider, extra=extra) from None
    except Exception as error:  # each provider's client has its own kinds
        words = str(error).lower()
        if "api_key" in words or "api key" in words or "credential" in words:
            raise ModelUnavailable("llm.no_key", provider=provider) from None
        raise ModelUnavailable("llm.unknown_provider", provider=provider) from None


def _arguments(provider: str, settings: Settings) -> dict[str, Any]:
    """Keyword arguments of the provider's class; tries and time limits are ours (Patience)."""
    arguments: dict[str, Any] = {}
    if settings.llm_base_url:
        arguments["base_url"] = settings.llm_base_url
    if settings.llm_api_key:
        arguments["api_key"] = settings.llm_api_key.get_secret_value()
    elif settings.llm_base_url and provider == "openai":
        arguments["api_key"] = "none"  # its client insists on one, a server of one's own may not
    if provider == "ollama":
        return arguments
    arguments["timeout"] = settings.llm_timeout
    arguments["max_retries"] = 1 if provider == "google_genai" else 0  # 0 means "default" there
    if provider == "openai":
        arguments |= {"use_responses_api": False, "stream_chunk_timeout": None}
    return arguments
