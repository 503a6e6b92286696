"""Lines of a grading run, as figures read them."""

from collections.abc import Sequence

import numpy as np
from pydantic import BaseModel, ConfigDict, JsonValue

from bot.domain.grades import Flag, Status
from bot.domain.judges import FEATURES, GATE
from evals.cases import GradeCase
from evals.metrics.bootstrap import Floats
from evals.metrics.verdicts import Judged

MODEL_FREE = (GATE, FEATURES)
"""Ways of grading that call no language model."""


class VerdictRow(BaseModel):
    """A verdict as a row holds it."""

    model_config = ConfigDict(frozen=True)

    status: Status
    confidence: float
    quote: str | None
    unverified: bool = False
    """Demoted to missing, since its quote is not in the answer."""
    retried: bool = False
    """The quote was found only when the judge was asked once more."""


class Row(BaseModel):
    """A line of a grading run."""

    model_config = ConfigDict(frozen=True)

    score: float | None
    key_points: list[dict[str, JsonValue]]
    verdicts: list[VerdictRow]
    flags: list[Flag]
    path: str | None
    seconds: float
    error: str | None
    usage: dict[str, float] | None = None
    """What it cost; None where nothing was asked, or the row does not tell."""

    @property
    def abstained(self) -> bool:
        """Whether the product refused to grade by a rule of its own, as it does above the length cap."""
        return self.score is None and Flag.TOO_LONG in self.flags

    @property
    def names_demoted(self) -> bool:
        """Whether it says which key points were demoted; older rows only say that one was."""
        return any(verdict.unverified for verdict in self.verdicts)

    @property
    def calls_made(self) -> int | None:
        """Calls of a language model; 0 on the ways that have none, None where nobody can tell."""
        if self.usage is not None:
            return int(self.usage["calls"])
        return 0 if self.path in MODEL_FREE else None


def scores_of(rows: Sequence[Row]) -> Floats:
    """Scores, NaN where there is none."""
    return np.array([np.nan if row.score is None else row.score for row in rows])


def judged_of(rows: Sequence[Row], cases: Sequence[GradeCase]) -> list[Judged]:
    """Each key point that the set judges and the run has a verdict on."""
    return [
        Judged(gold, verdict.status, verdict.confidence, case.group)
        for row, case in zip(rows, cases, strict=True)
        if case.verdicts is not None and row.score is not None
        for gold, verdict in zip(case.verdicts, row.verdicts, strict=True)
        if gold is not None
    ]
