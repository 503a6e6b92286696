"""Capability cards without a check."""

from bot.domain.capability import CapabilityCard, Interval, JudgePath
from bot.domain.grades import Trust


def card(**changes):
    """The card of a model that did everything right, but for `changes`."""
    values = {
        "model": "m",
        "checked_at": "2026-01-01T00:00:00+00:00",
        "probes": "p",
        "prompt": "p",
        "calls": 57,
        "failed": 0,
        "timed_out": 0,
        "json_valid": 1,
        "logprobs": True,
        "content_free": 0,
        "negation": 1,
        "adherence": 1,
        "order_flips": 0,
        "agreement": 0.9,
        "floor": 0.3,
        "gain": Interval(value=0.6, low=0.4, high=0.8),
        "seconds": 1,
        "path": JudgePath.JUDGE,
        "trust": Trust.HIGH,
    }
    return CapabilityCard(**(values | changes))
