"""Which path and how much trust follow from the figures of a check.

A model that misses a bar of `USABLE` does not judge. One that meets all of `ALONE` judges alone with high
trust; any other judges with the verifier beside it, with medium trust if it is surely above the floor.
"""

from collections.abc import Callable, Mapping

from bot.checking.figures import Measured
from bot.domain.capability import JudgePath
from bot.domain.grades import Trust

Bars = Mapping[str, Callable[[Measured], bool]]

USABLE: Bars = {
    "failed": lambda m: m.failed <= 0.1,
    "json_valid": lambda m: m.json_valid >= 0.9,
    "content_free": lambda m: m.content_free <= 0.15,
    "negation": lambda m: m.negation >= 0.5,
    "adherence": lambda m: m.adherence >= 0.5,
    "gain": lambda m: m.gain.value > 0,
}
"""Bars below which a model is not believed at all."""
ALONE: Bars = {
    "failed": lambda m: m.failed <= 0.02,
    "json_valid": lambda m: m.json_valid >= 0.98,
    "content_free": lambda m: m.content_free <= 0.05,
    "negation": lambda m: m.negation >= 0.85,
    "adherence": lambda m: m.adherence >= 0.8,
    "order_flips": lambda m: m.order_flips <= 0.1,
    "gain": lambda m: m.gain.low > 0,
}
"""Bars from which a model needs nobody beside it."""


def decided(figures: Measured) -> tuple[JudgePath, Trust, tuple[str, ...]]:
    """Path, trust, and the figures that kept the model from the next better path."""
    below = _missed(USABLE, figures)
    if below:
        return JudgePath.VERIFIER, Trust.LOW, below
    lacking = _missed(ALONE, figures)
    if lacking:
        surely = figures.gain.low > 0
        return JudgePath.JUDGE_WITH_VERIFIER, Trust.MEDIUM if surely else Trust.LOW, lacking
    return JudgePath.JUDGE, Trust.HIGH, ()


def _missed(bars: Bars, figures: Measured) -> tuple[str, ...]:
    return tuple(name for name, holds in bars.items() if not holds(figures))
