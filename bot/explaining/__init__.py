"""Answering from the notes: every sentence checked and cited, or no answer."""

from bot.explaining.explainer import Explainer, check_query

__all__ = ["Explainer", "check_query"]
