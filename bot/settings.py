"""One settings object: environment (KAODIAN_…) over a private TOML file over defaults."""

import difflib
import stat
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Literal

import platformdirs
from pydantic import Field, SecretStr, ValidationError
from pydantic_settings import (
    BaseSettings,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    TomlConfigSettingsSource,
)

from bot.domain.errors import SettingWrong
from bot.domain.judges import EMBEDDED
from bot.domain.validation import why_not
from bot.texts import Language, say

CONFIG_NAME = "config.toml"
TESTS = ("KAODIAN_TEST_", "KAODIAN_SHARED")
"""Begin the variables that the tests read."""


def default_home() -> Path:
    """The user data directory of this system."""
    return Path(platformdirs.user_data_dir("kaodian", appauthor=False))


class Settings(BaseSettings):
    """What is in effect. `kaodian doctor` prints it."""

    model_config = SettingsConfigDict(env_prefix="KAODIAN_", extra="ignore", frozen=True)

    home: Path = Field(default_factory=default_home)
    """Where models, database, index and logs live."""
    lang: Language = "zh"
    """Language of messages."""
    embedding: str = EMBEDDED
    """'embedded' (multilingual-e5-small), or a sentence-transformers model: a hub id or a directory."""
    embedding_query_prompt: str | None = None
    """Put before each query; None: the model's own prompts."""
    embedding_passage_prompt: str | None = None
    """Put before each passage; None: the model's own prompts."""
    llm: str = EMBEDDED
    """'embedded', 'none', or 'provider:model' as LangChain's init_chat_model takes it."""
    llm_base_url: str | None = None
    """Base address of an OpenAI-compatible or other server; None: the provider's own."""
    llm_api_key: SecretStr | None = None
    """Key; None: the provider's own environment variable."""
    llm_timeout: Annotated[float, Field(gt=0)] = 300.0
    """Seconds until a call of a language model counts as failed."""
    llm_retries: Annotated[int, Field(ge=0, le=10)] = 3
    """Further tries after 429, 5xx, a timeout or a lost connection."""
    llm_parallel: Annotated[int, Field(ge=1, le=256)] = 4
    """Most calls to a hosted model at once; the embedded one does one thing at a time."""
    llm_cache: bool = True
    """Whether verdicts of a hosted model or a decision server are kept, so that none is paid for twice."""
    llm_price_prompt: Annotated[float, Field(ge=0)] | None = None
    """Price of a million prompt tokens, in any currency; None: costs are not counted."""
    llm_price_reply: Annotated[float, Field(ge=0)] | None = None
    """Price of a million reply tokens; None: costs are not counted."""
    judge: str = "auto"
    """Who judges: 'auto' follows `llm`, 'none' takes no model, 'systemone:model' a decision server."""
    judge_base_url: str | None = None
    """Base address of the decision server, without /v1."""
    judge_api_key: SecretStr | None = None
    """Key of the decision server; None: it asks for none."""
    judge_price_prompt: Annotated[float, Field(ge=0)] | None = None
    """Price of a million prompt tokens of the decision server; None: costs are not counted."""
    judge_price_reply: Annotated[float, Field(ge=0)] | None = None
    """Price of a million reply tokens of it; None: costs are not counted."""
    chroma_url: str | None = None
    """http://host:port of a Chroma server; None: embedded."""
    sample: Literal["auto", "on", "off"] = "auto"
    """Sample notes: 'auto' uses them only while there are no notes of the user's own."""
    host: str = "127.0.0.1"
    """Address the page is served on."""
    port: Annotated[int, Field(ge=1, le=65535)] = 7860
    """First port that is tried."""
    model_sources: tuple[Literal["hub", "registry"], ...] = ("hub", "registry")
    """Where missing models may come from, in order."""

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Arguments over environment over the TOML file in the home directory."""
        home = init_settings().get("home") or env_settings().get("home") or default_home()
        file = Path(str(home)) / CONFIG_NAME
        return (init_settings, env_settings, TomlConfigSettingsSource(settings_cls, toml_file=file))

    @property
    def runs(self) -> Path:
        """Folder of evals: the page shows the reports (.html) that stand in it."""
        return self.home / "runs"

    @property
    def config_file(self) -> Path:
        """The TOML file, whether it is there or not."""
        return self.home / CONFIG_NAME


def load_settings(**overrides: object) -> Settings:
    """Settings in effect, `overrides` first.

    Raises:
        SettingWrong: A value cannot be used; the message names it.
    """
    try:
        return Settings(**overrides)  # type: ignore[arg-type]
    except ValidationError as error:
        first = error.errors()[0]
        name = ".".join(str(part) for part in first["loc"])
        raise SettingWrong("settings.wrong", name=f"KAODIAN_{name.upper()}", why=why_not(first)) from error
    except ValueError as error:  # tomllib.TOMLDecodeError is one
        raise SettingWrong("settings.unreadable", file=CONFIG_NAME, why=error) from error


def unknown_settings(settings: Settings, environ: Mapping[str, str]) -> list[str]:
    """Names in the environment and in the TOML file that set nothing, with what was probably meant.

    Args:
        settings: In effect.
        environ: Variables by name.

    Raises:
        SettingWrong: The TOML file cannot be read.
    """
    known = list(Settings.model_fields)
    prefix = str(Settings.model_config.get("env_prefix", ""))
    variables = {
        name: name.upper().removeprefix(prefix).lower() for name in environ if _is_ours(name, prefix)
    }
    found = [_with_guess(name, plain, prefix) for name, plain in variables.items() if plain not in known]
    try:
        file = tomllib.loads(settings.config_file.read_text("utf-8")) if settings.config_file.exists() else {}
    except (OSError, ValueError) as error:
        raise SettingWrong("settings.unreadable", file=CONFIG_NAME, why=error) from error
    return sorted(found) + [
        f"{CONFIG_NAME}: {_with_guess(name, name.upper().removeprefix(prefix).lower(), '')}"
        for name in file
        if name not in known
    ]


def _is_ours(name: str, prefix: str) -> bool:
    return name.upper().startswith(prefix) and not name.upper().startswith(TESTS)


def _with_guess(name: str, plain: str, prefix: str) -> str:
    """A name that means nothing, and the setting that is spelt nearly like it."""
    near = difflib.get_close_matches(plain, Settings.model_fields, n=1)
    meant = f"{prefix}{near[0].upper() if prefix else near[0]}" if near else ""
    return say("settings.unknown_guess", name=name, meant=meant) if meant else name


def config_is_private(settings: Settings) -> bool:
    """Whether nobody but the owner may read the TOML file (True where it is absent)."""
    if not settings.config_file.exists():
        return True
    return stat.S_IMODE(settings.config_file.stat().st_mode) & 0o077 == 0
