"""Answering from the notes: every sentence checked and cited, or no answer."""

from bot.explaining.explainer import Explainer

__all__ = ["Explainer"]
