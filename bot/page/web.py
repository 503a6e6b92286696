"""The web application: the page twice, the HTTP API, and what guards them."""

from pathlib import Path

import gradio as gr
from fastapi import FastAPI
from fastapi.responses import FileResponse, JSONResponse, RedirectResponse
from gradio import themes
from gradio.themes.utils.fonts import Font

from bot.api import add_api
from bot.app import Kaodian
from bot.page.layout import build_page
from bot.page.security import LOOPBACK, Guard
from bot.texts import LANGUAGES, Language

ASSETS = Path(__file__).parent / "assets"
LOCALES: dict[Language, str] = {"zh": "zh-CN", "en": "en"}


def make_app(kaodian: Kaodian) -> FastAPI:
    """The whole web application over one product."""
    app = FastAPI(title="Kaodian", docs_url=None, redoc_url=None, openapi_url="/api/openapi.json")
    app.add_middleware(Guard, names=frozenset({*LOOPBACK, kaodian.settings.host}))  # type: ignore[arg-type]

    @app.get("/", include_in_schema=False)
    def home() -> RedirectResponse:
        return RedirectResponse(f"/{kaodian.settings.lang}/")

    @app.get("/healthz", include_in_schema=False)
    def healthz() -> JSONResponse:
        return JSONResponse({"status": "ok"})

    @app.get("/favicon.ico", include_in_schema=False)
    def icon() -> FileResponse:
        return FileResponse(ASSETS / "favicon.svg", media_type="image/svg+xml")

    add_api(app, kaodian)
    for language in LANGUAGES:
        _mount(app, kaodian, language)
    return app


def _mount(app: FastAPI, kaodian: Kaodian, language: Language) -> None:
    page = build_page(kaodian, language)
    page.queue(default_concurrency_limit=8, max_size=64)
    gr.mount_gradio_app(
        app,
        page,
        path=f"/{language}",
        server_name=kaodian.settings.host,
        footer_links=[],
        run_history=False,
        show_error=False,
        ssr_mode=False,
        mcp_server=False,
        enable_monitoring=False,
        max_file_size="64mb",
        theme=_theme(),
        css_paths=ASSETS / "style.css",
        head=_head(language),
    )


def _theme() -> themes.Base:
    """Fonts of the system only; style.css names them."""
    return themes.Default(
        primary_hue="teal",
        neutral_hue="slate",
        radius_size="md",
        font=[Font("sans-serif")],
        font_mono=[Font("monospace")],
    ).set(
        button_primary_background_fill="#0f766e",
        button_primary_background_fill_hover="#115e59",
        button_primary_background_fill_dark="#0f766e",
        button_primary_background_fill_hover_dark="#0d9488",
        button_cancel_background_fill="transparent",
        button_cancel_background_fill_hover="rgba(185, 28, 28, .08)",
        button_cancel_text_color="#b91c1c",
        button_cancel_border_color="#fca5a5",
        button_cancel_background_fill_dark="transparent",
        button_cancel_background_fill_hover_dark="rgba(248, 113, 113, .12)",
        button_cancel_text_color_dark="#fca5a5",
        button_cancel_border_color_dark="#7f1d1d",
        button_border_width="1px",
        button_border_width_dark="1px",
    )


def _head(language: Language) -> str:
    """Makes the framework's own words follow the page's language instead of the browser's."""
    locale = LOCALES[language]
    return (
        '<link rel="icon" href="/favicon.ico" type="image/svg+xml">'
        f"<script>document.documentElement.lang='{locale}';"
        f"Object.defineProperty(navigator, 'language', {{get: () => '{locale}'}});"
        f"Object.defineProperty(navigator, 'languages', {{get: () => ['{locale}']}});</script>"
    )
