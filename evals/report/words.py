"""Names and figures as a reader sees them, in the current language."""

from pydantic import JsonValue

from bot.texts import catalogue, current_language
from evals.metrics.estimate import Estimate

NOTHING = "–"


def word(name: str) -> str:
    """The catalogue's name, or the name itself: parts of a set and settings have none."""
    return catalogue(current_language()).get(f"evals.{name}", name)


def shown(estimate: Estimate | None) -> str:
    """A figure with its interval."""
    if estimate is None or estimate.value is None:
        return NOTHING
    if estimate.low is None or estimate.high is None:
        return number(estimate.value)
    return f"{number(estimate.value)} [{number(estimate.low)}, {number(estimate.high)}]"


def number(value: float) -> str:
    """Three decimals, none from 100 on, no minus before a zero."""
    text = f"{value:.0f}" if abs(value) >= 100 else f"{value:.3f}"
    return text if float(text) else text.lstrip("-")


def plain(value: JsonValue) -> str:
    """Any value of a record or a table."""
    if value is None:
        return NOTHING
    return number(value) if isinstance(value, float) else str(value)
