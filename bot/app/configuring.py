"""Settings as a learner changes them, kept in the private TOML file."""

import json
import os
import tempfile
import tomllib
from collections.abc import Mapping
from pathlib import Path

from pydantic import SecretStr

from bot.adapters.decisions import decision_model
from bot.adapters.llm.hosted import hosted_model
from bot.app.judging import AUTO
from bot.domain.errors import SettingWrong
from bot.domain.judges import EMBEDDED, NO_MODEL
from bot.settings import CONFIG_NAME, Settings, load_settings


def set_by_environment(name: str) -> bool:
    """Whether the environment decides a setting, so that the file's entry has no effect."""
    return f"KAODIAN_{name}".upper() in {key.upper() for key in os.environ}


def save_settings(settings: Settings, changes: Mapping[str, str | None]) -> None:
    """Write changed entries; the others stay, and what cannot be used is not written.

    Args:
        settings: In effect; its home holds the file.
        changes: New values by name; None or blank takes an entry out.

    Raises:
        SettingWrong: A value cannot be used, or the file cannot be read.
    """
    entries = _read(settings.config_file)
    for name, value in changes.items():
        if value and value.strip():
            entries[name] = value.strip()
        else:
            entries.pop(name, None)
    wanted = {
        name: entries.get(name, Settings.model_fields[name].default)
        for name in changes
        if name in entries or not set_by_environment(name)
    }
    _check_models(load_settings(home=settings.home, **wanted))
    _write(settings.config_file, "".join(f"{name} = {_toml(value)}\n" for name, value in entries.items()))


def _check_models(settings: Settings) -> None:
    """Raise SettingWrong where a model or a server is named in a way that the next start cannot use."""
    if settings.llm not in (EMBEDDED, NO_MODEL):
        hosted_model(settings)
    if settings.judge not in (AUTO, NO_MODEL):
        decision_model(settings)


def _read(file: Path) -> dict[str, object]:
    try:
        return dict(tomllib.loads(file.read_text("utf-8"))) if file.exists() else {}
    except (ValueError, OSError) as error:
        raise SettingWrong("settings.unreadable", file=CONFIG_NAME, why=error) from error


def _toml(value: object) -> str:
    """A value as TOML; JSON writes strings, numbers, truth values and lists of them the same way."""
    plain = value.get_secret_value() if isinstance(value, SecretStr) else value
    return json.dumps(plain, ensure_ascii=False).replace("\x7f", "\\u007f")


def _write(file: Path, text: str) -> None:
    """Replace the file in one step; only the owner may ever read it."""
    file.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(prefix=".config-", dir=file.parent)  # mode 0600
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as opened:
            opened.write(text)
            opened.flush()
            os.fsync(opened.fileno())
        Path(name).replace(file)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
