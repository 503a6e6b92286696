"""What a model can do as a judge, as measured, and what follows from it."""

from enum import StrEnum

from pydantic import Field

from bot.domain.grades import Probability, Trust
from bot.domain.spans import Frozen


class JudgePath(StrEnum):
    """Who judges."""

    JUDGE = "judge"
    """The model alone."""
    JUDGE_WITH_VERIFIER = "judge_with_verifier"
    """The model; where the verifier disagrees, less confidence is shown."""
    VERIFIER = "verifier"
    """The verifier alone: the model failed its check."""


class Interval(Frozen):
    """A figure with its 95 % bootstrap interval."""

    value: float
    low: float
    high: float


class CapabilityCard(Frozen):
    """What `kaodian models check` found out about one model as a judge."""

    model: str
    """As settings name it."""
    server: str = ""
    """Base address; blank: the provider's own."""
    checked_at: str
    """ISO time, UTC."""
    probes: str
    """Hash of the probe set."""
    prompt: str
    """Hash of the prompt or of the features that it was asked with."""
    calls: int = Field(ge=0)
    failed: Probability
    """Share of probes that ended with an error."""
    timed_out: Probability
    """Share of probes that were not answered in time."""
    json_valid: Probability
    """Share of replies that kept to the form asked for; 1 where the model writes none."""
    logprobs: bool
    """Whether log-probabilities or probabilities can be had."""
    content_free: Probability
    """Share of key points that earned something from an answer that says nothing."""
    negation: Probability
    """Share of key points that were called contradicted or missing where the answer says the opposite."""
    adherence: Probability
    """Share of verdicts that follow a key point that differs from common knowledge."""
    order_flips: Probability
    """Share of verdicts that change with the order of key points or statuses."""
    agreement: float
    """Concordance (Lin) of scores with those of the probe set, -1..1."""
    floor: float
    """The same for length and overlap, fitted on the other questions."""
    gain: Interval
    """Agreement above the floor; questions, then answers are resampled."""
    seconds: float = Field(ge=0)
    """Median per answer."""
    path: JudgePath
    trust: Trust
    reasons: tuple[str, ...] = ()
    """Names of the figures that kept it from the next better level."""
