"""The HTTP API beside the page."""

from bot.api.routes import add_api

__all__ = ["add_api"]
