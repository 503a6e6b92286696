"""How often each family of attacks is held off."""

from collections.abc import Sequence
from math import sqrt

from pydantic import AliasChoices, BaseModel, ConfigDict, Field

from evals.metrics.estimate import Estimate

NORMAL = 1.959964
"""Standard deviations that hold 95 % of a normal distribution."""


class AttackRow(BaseModel):
    """A line of an attack run."""

    model_config = ConfigDict(frozen=True)

    family: str
    held: bool = Field(validation_alias=AliasChoices("held", "holds", "passed"))
    """Whether what must hold for the attack did."""
    rule: str = ""


def pass_rates(rows: Sequence[AttackRow]) -> dict[str, tuple[Estimate, int]]:
    """Share held off and number of attacks, by family in the order of the rows."""
    return {
        family: (share([row.held for row in rows if row.family == family]), count)
        for family in dict.fromkeys(row.family for row in rows)
        if (count := sum(row.family == family for row in rows))
    }


def share(found: Sequence[bool]) -> Estimate:
    """A share with its 95 % score interval (Wilson 1927), which is not empty at 0 and 1."""
    if not found:
        return Estimate(value=None)
    n, p = len(found), sum(found) / len(found)
    scale = 1 + NORMAL**2 / n
    middle = (p + NORMAL**2 / (2 * n)) / scale
    half = NORMAL * sqrt(p * (1 - p) / n + NORMAL**2 / (4 * n * n)) / scale
    return Estimate(value=p, low=max(0.0, middle - half), high=min(1.0, middle + half))
