"""How a provider wants to be asked, and how its text is read."""

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Literal, Self

from pydantic import BaseModel

from bot.seams import Message

if TYPE_CHECKING:
    from langchain_core.messages import BaseMessage

_THOUGHTS = re.compile(r"\A\s*<think>.*?</think>\s*", re.DOTALL)
_SCHEMA_WORDS = re.compile(r"response_format|json_schema|guided|grammar", re.IGNORECASE)

Shape = Literal["openai", "ollama", "arguments"]


@dataclass(frozen=True)
class Wire:
    """What a request may hold. What a server refuses is left out from then on."""

    shape: Shape = "arguments"
    """OpenAI's body, Ollama's options, or plain keyword arguments."""
    limit: str = "max_tokens"
    """How the token limit is called."""
    native_schema: bool = False
    """Whether the server keeps a reply to a JSON schema; otherwise the prompt asks for it."""
    temperature: bool = True
    """Whether temperature 0 is asked for."""

    @property
    def says_why_it_ended(self) -> bool:
        """Whether a stream without a reason for its end was cut off."""
        return self.shape == "openai"

    def without(self, refusal: str) -> Self:
        """The same, less what the server's refusal complains of."""
        if self.native_schema and _SCHEMA_WORDS.search(refusal):
            return replace(self, native_schema=False)
        if self.temperature and "temperature" in refusal:
            return replace(self, temperature=False)
        if self.limit == "max_tokens" and "max_completion_tokens" in refusal:
            return replace(self, limit="max_completion_tokens")
        return self

    def request(
        self, messages: Sequence[Message], max_tokens: int, schema: type[BaseModel] | None
    ) -> tuple[list["BaseMessage"], dict[str, Any]]:
        """LangChain's messages and keyword arguments of one call."""
        body: dict[str, Any] = {self.limit: max_tokens} | ({"temperature": 0} if self.temperature else {})
        if schema is not None and not self.native_schema:
            messages, schema = _with_schema(messages, schema), None
        if self.shape == "openai":
            # Through extra_body the reply's text survives whatever it is, and no name is rewritten.
            extra = {"extra_body": body | (_response_format(schema) if schema else {})}
        elif self.shape == "ollama":
            window = {"num_ctx": OLLAMA_WINDOW}
            extra = {"options": body | window} | ({"format": schema.model_json_schema()} if schema else {})
        else:
            extra = body
        return _langchain(messages), extra


OLLAMA_WINDOW = 8192
"""Tokens; Ollama's own default cuts long prompts off without a word."""

WIRES: dict[str, Wire] = {
    "openai": Wire("openai", native_schema=True),
    "azure_openai": Wire("openai", "max_completion_tokens", native_schema=True),
    "deepseek": Wire("openai"),
    "ollama": Wire("ollama", "num_predict", native_schema=True),
    "google_genai": Wire("arguments", "max_output_tokens"),
}
"""By LangChain's name of the provider; any other is a plain Wire()."""


def without_thoughts(text: str) -> str:
    """`text` without the thoughts that some models put before their reply."""
    return _THOUGHTS.sub("", text)


def _with_schema(messages: Sequence[Message], schema: type[BaseModel]) -> list[Message]:
    wanted = (
        "Reply with one JSON object and nothing else. It must be valid against this JSON schema:\n"
        + json.dumps(schema.model_json_schema(), ensure_ascii=False)
    )
    first, rest = messages[0], list(messages[1:])
    if first.role == "system":
        return [Message(role="system", content=f"{first.content}\n\n{wanted}"), *rest]
    return [Message(role="system", content=wanted), first, *rest]


def _response_format(schema: type[BaseModel]) -> dict[str, Any]:
    from openai.lib._pydantic import to_strict_json_schema

    strict = to_strict_json_schema(schema)
    wanted = {"name": schema.__name__.strip("_"), "strict": True, "schema": strict}
    return {"response_format": {"type": "json_schema", "json_schema": wanted}}


def _langchain(messages: Sequence[Message]) -> list["BaseMessage"]:
    from langchain_core.messages import AIMessage, HumanMessage, SystemMessage

    kinds = {"system": SystemMessage, "user": HumanMessage, "assistant": AIMessage}
    return [kinds[message.role](content=message.content) for message in messages]
