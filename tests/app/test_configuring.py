import os
import stat
import tomllib

import pytest

from bot.app import save_settings, set_by_environment
from bot.domain.errors import SettingWrong
from bot.settings import load_settings


@pytest.fixture
def settings(tmp_path, monkeypatch):
    for name in list(os.environ):
        if name.startswith("KAODIAN_"):
            monkeypatch.delenv(name)
    return load_settings(home=tmp_path)


def stored(settings):
    return tomllib.loads(settings.config_file.read_text("utf-8"))


def test_changes_are_stored_for_the_owner_only_and_the_rest_stays(settings):
    settings.config_file.write_text('port = 8000\nmodel_sources = ["hub"]\nllm = "none"\n', "utf-8")
    save_settings(settings, {"lang": "en", "llm_api_key": 'a"b\\c\n密'})
    assert stored(settings) == {
        "port": 8000,
        "model_sources": ["hub"],
        "llm": "none",
        "lang": "en",
        "llm_api_key": 'a"b\\c\n密',
    }
    assert stat.S_IMODE(settings.config_file.stat().st_mode) == 0o600
    again = load_settings(home=settings.home)
    assert (again.lang, again.port) == ("en", 8000)
    assert again.llm_api_key.get_secret_value() == 'a"b\\c\n密'


def test_blank_takes_an_entry_out(settings):
    save_settings(settings, {"llm": "none", "llm_base_url": "http://127.0.0.1:1/v1"})
    save_settings(settings, {"llm_base_url": " "})
    assert stored(settings) == {"llm": "none"}


def test_what_cannot_be_used_is_not_written(settings):
    save_settings(settings, {"sample": "off"})
    with pytest.raises(SettingWrong):
        save_settings(settings, {"sample": "sometimes"})
    assert stored(settings) == {"sample": "off"}


@pytest.mark.parametrize(
    "changes",
    [
        {"llm": "just-a-name"},
        {"judge": "just-a-name"},
        {"judge": "systemone:"},
        {"judge": "systemone:m", "judge_base_url": ""},
    ],
)
def test_a_model_that_the_next_start_could_not_use_is_not_written(settings, changes):
    save_settings(settings, {"llm": "none"})
    with pytest.raises(SettingWrong):
        save_settings(settings, changes)
    assert stored(settings) == {"llm": "none"}


def test_a_decision_server_is_stored_with_its_address(settings):
    save_settings(settings, {"judge": "systemone:m", "judge_base_url": "http://127.0.0.1:9"})
    with pytest.raises(SettingWrong):
        save_settings(settings, {"judge_base_url": None})
    save_settings(settings, {"judge": "auto", "judge_base_url": None})
    assert stored(settings) == {"judge": "auto"}


def test_a_file_that_cannot_be_read_is_left_alone(settings):
    settings.config_file.write_text("lang = ", "utf-8")
    with pytest.raises(SettingWrong):
        save_settings(settings, {"lang": "en"})
    assert settings.config_file.read_text("utf-8") == "lang = "


def test_nothing_is_left_behind(settings):
    save_settings(settings, {"lang": "en"})
    assert [path.name for path in settings.home.iterdir()] == ["config.toml"]


def test_the_environment_is_noticed(settings, monkeypatch):
    assert not set_by_environment("llm")
    monkeypatch.setenv("KAODIAN_LLM", "none")
    assert set_by_environment("llm")
