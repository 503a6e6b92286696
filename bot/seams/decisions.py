"""Models that write no text: they get a state and questions, and answer all of them with probabilities."""

from collections.abc import Mapping, Sequence
from typing import Protocol

from pydantic import Field

from bot.domain.spans import Frozen

Probabilities = Mapping[str, float]
"""Probability by label; they sum to about 1."""


class Choice(Frozen):
    """One question with labelled options."""

    instructions: str = Field(min_length=1)
    criteria: dict[str, str] = Field(min_length=2)
    """What each label means, by label, in the order in which the model sees them."""


class DecisionModel(Protocol):
    """Any decision model."""

    @property
    def name(self) -> str:
        """provider:model, as settings name it; never holds a key."""
        ...

    def decide(self, state: Mapping[str, str], choices: Sequence[Choice]) -> tuple[Probabilities, ...]:
        """Probabilities of every label of every choice, in their order, in one call.

        Args:
            state: Texts by name: what the choices are about.
            choices: 1 to 256.

        Raises:
            ModelUnavailable: No usable answer after the retries that the settings allow.
        """
        ...
