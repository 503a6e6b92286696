"""The tab that shows and changes settings."""

import gradio as gr

from bot.app import Kaodian, save_settings, set_by_environment
from bot.domain.errors import SettingWrong
from bot.models import ModelState
from bot.page.handling import inform
from bot.page.markup import plain_text
from bot.page.status import size
from bot.page.wiring import Wiring
from bot.settings import Settings, load_settings
from bot.texts import LANGUAGES, Language, say

SHOWN = (
    "home", "lang", "sample", "embedding", "llm", "llm_base_url", "judge", "judge_base_url", "host", "port",
    "chroma_url",
)  # fmt: skip
CHANGED: tuple[str, ...] = ("lang", "sample", "llm", "llm_base_url", "embedding", "judge", "judge_base_url")
KEYS: tuple[str, ...] = ("llm_api_key", "judge_api_key")
"""Written, never shown."""


def build(page: gr.Blocks, kaodian: Kaodian, lang: Language) -> None:
    """Lay out the tab and wire it."""
    events = SettingsEvents(kaodian)
    with gr.Row(elem_classes="two"):
        with gr.Column(scale=3, min_width=320, elem_classes="card"):
            gr.Markdown(say("page.change_intro"), elem_classes="intro")
            language = gr.Radio(
                [(say("page.language", lang=each), each) for each in LANGUAGES],
                label=say("page.set_lang"), elem_id="set-lang",
            )  # fmt: skip
            sample = gr.Radio(
                [(say(f"page.choice_{each}"), each) for each in ("auto", "on", "off")],
                label=say("page.set_sample"), elem_id="set-sample",
            )  # fmt: skip
            llm = gr.Dropdown(
                [(say("page.llm_embedded"), "embedded"), (say("page.llm_none"), "none")],
                label=say("page.set_llm"), info=say("page.llm_info"), allow_custom_value=True,
                elem_id="set-llm",
            )  # fmt: skip
            base_url = gr.Textbox(
                label=say("page.set_llm_base_url"), placeholder="https://…/v1", max_lines=1, elem_id="set-url"
            )
            key = gr.Textbox(
                label=say("page.set_llm_api_key"), type="password", info=say("page.key_info"), max_lines=1,
                elem_id="set-key",
            )  # fmt: skip
            embedding = gr.Dropdown(
                [(say("page.embedding_embedded"), "embedded")], label=say("page.set_embedding"),
                info=say("page.embedding_info"), allow_custom_value=True, elem_id="set-embedding",
            )  # fmt: skip
            with gr.Accordion(say("page.judge_heading"), open=False, elem_id="set-judge-more"):
                judge = gr.Dropdown(
                    [(say("page.judge_auto"), "auto"), (say("page.judge_none"), "none")],
                    label=say("page.set_judge"), info=say("page.judge_info"), allow_custom_value=True,
                    elem_id="set-judge",
                )  # fmt: skip
                judge_url = gr.Textbox(
                    label=say("page.set_judge_base_url"), placeholder="http://…", max_lines=1,
                    elem_id="set-judge-url",
                )  # fmt: skip
                judge_key = gr.Textbox(
                    label=say("page.set_judge_api_key"), type="password", info=say("page.key_info"),
                    max_lines=1, elem_id="set-judge-key",
                )  # fmt: skip
            with gr.Row():
                save = gr.Button(say("page.save"), variant="primary", min_width=120, elem_id="save-settings")
                forget = gr.Button(say("page.forget_key"), min_width=120, elem_id="forget-key")
        with gr.Column(scale=2, min_width=300, elem_classes="card"):
            effect = gr.HTML(elem_id="in-effect")
            models = gr.HTML(elem_id="models")
    fields = [language, sample, llm, base_url, embedding, judge, judge_url]
    keys = [key, judge_key]
    wire = Wiring(lang)
    wire.on(page.load, events.show, None, [*fields, effect, models])
    wire.on(save.click, events.save, [*fields, *keys], keys)
    wire.on(forget.click, events.forget_keys, None, keys)


class SettingsEvents:
    """Handlers of the tab.

    Args:
        kaodian: The product.
    """

    def __init__(self, kaodian: Kaodian) -> None:
        self._kaodian = kaodian

    def show(self) -> tuple[object, ...]:
        """What the next start will use, what is in effect now, and the models."""
        settings = self._kaodian.settings
        values = [getattr(self._stored(), name) or "" for name in CHANGED]
        return (*values, effect_html(settings), models_html(self._kaodian.models.states()))

    def save(self, *values: str | None) -> tuple[str, ...]:
        """Store the fields for the next start; a blank key stays as it was."""
        changes: dict[str, str | None] = dict(zip((*CHANGED, *KEYS), values, strict=True))
        for name in KEYS:
            if not (changes[name] or "").strip():
                del changes[name]
        save_settings(self._kaodian.settings, changes)
        inform(say("page.settings_saved"))
        return ("",) * len(KEYS)

    def forget_keys(self) -> tuple[str, ...]:
        """Take the keys out of the file."""
        save_settings(self._kaodian.settings, dict.fromkeys(KEYS))
        inform(say("page.key_forgotten"))
        return ("",) * len(KEYS)

    def _stored(self) -> Settings:
        try:
            return load_settings(home=self._kaodian.settings.home)
        except SettingWrong:
            return self._kaodian.settings


def effect_html(settings: Settings) -> str:
    """Settings in effect, none of them secret."""
    rows = [(name, str(getattr(settings, name) or "–"), set_by_environment(name)) for name in SHOWN]
    for name in KEYS:
        state = say("page.key_set" if getattr(settings, name) else "page.key_not_set")
        rows.append((name, state, set_by_environment(name)))
    body = "".join(
        f"<tr><td>{plain_text(say(f'page.set_{name}'))}</td><td><code>{plain_text(value)}</code>"
        f"{_by_environment(name) if fixed else ''}</td></tr>"
        for name, value, fixed in rows
    )
    return f"<h3>{plain_text(say('page.in_effect'))}</h3><table class='plain'><tbody>{body}</tbody></table>"


def models_html(states: list[ModelState]) -> str:
    """The embedded models with their sizes."""
    body = "".join(
        f"<tr><td>{plain_text(state.artefact.name)}<small>{plain_text(state.artefact.licence)}</small></td>"
        f"<td>{plain_text(size(state.bytes_on_disk) if state.present else size(state.artefact.bytes))}</td>"
        f"<td>{plain_text(say('page.model_here' if state.present else 'page.model_missing'))}</td></tr>"
        for state in states
    )
    return f"<h3>{plain_text(say('page.models'))}</h3><table class='plain'><tbody>{body}</tbody></table>"


def _by_environment(name: str) -> str:
    return f"<small>{plain_text(say('page.by_environment', name=f'KAODIAN_{name.upper()}'))}</small>"
