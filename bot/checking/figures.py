"""What the outcomes of a check say. A figure that has nothing to measure takes its worst value."""

from collections.abc import Sequence
from statistics import median

import numpy as np
from numpy.typing import NDArray

from bot.checking.floor import floor_scores
from bot.checking.outcomes import Outcome
from bot.checking.probes import Kind, Probe
from bot.domain.capability import Interval
from bot.domain.grades import Probability, Status
from bot.domain.spans import Frozen

Floats = NDArray[np.float64]
Pair = tuple[Probe, Outcome]

RESAMPLES = 2000
LEAST_GRADED = 12
"""Graded answers below which agreement is not measured."""
_DENIED = (Status.CONTRADICTED, Status.MISSING)


class Measured(Frozen):
    """Figures of one check; bot.domain.capability.CapabilityCard says what each means."""

    calls: int
    failed: Probability
    timed_out: Probability
    json_valid: Probability
    content_free: Probability
    negation: Probability
    adherence: Probability
    order_flips: Probability
    agreement: float
    floor: float
    gain: Interval
    seconds: float


def measured(pairs: Sequence[Pair]) -> Measured:
    """Figures of all probes with their outcomes."""
    calls = sum(outcome.calls for _, outcome in pairs)
    made = [(probe, outcome) for probe, outcome in pairs if outcome.error is None]
    agreement, floor, gain = _agreement([pair for pair in made if pair[0].kind is Kind.GRADED])
    return Measured(
        calls=calls,
        failed=_share([outcome.error is not None for _, outcome in pairs], worst=1.0),
        timed_out=_share([outcome.timed_out for _, outcome in pairs], worst=1.0),
        json_valid=sum(outcome.valid for _, outcome in pairs) / calls if calls else 0.0,
        content_free=_share([value > 0 for _, value, _ in _of(made, Kind.CONTENT_FREE)], worst=1.0),
        negation=_share(
            [said in _DENIED for said, _, gold in _of(made, Kind.NEGATION) if gold is Status.CONTRADICTED],
            worst=0.0,
        ),
        adherence=_share([_follows(said, gold) for said, _, gold in _of(made, Kind.ADHERENCE)], worst=0.0),
        order_flips=_flips(made),
        agreement=agreement,
        floor=floor,
        gain=gain,
        seconds=round(median([outcome.seconds for _, outcome in pairs if outcome.calls] or [0.0]), 3),
    )


def concordance(gold: Floats, given: Floats) -> float:
    """Lin's concordance correlation, which quadratic weighted kappa equals on levels; 0 without spread."""
    spread = gold.var() + given.var() + (gold.mean() - given.mean()) ** 2
    shared = ((gold - gold.mean()) * (given - given.mean())).mean()
    return float(2 * shared / spread) if spread > 0 else 0.0


def _agreement(graded: Sequence[Pair]) -> tuple[float, float, Interval]:
    """Concordance, that of the floor, and the difference with its interval."""
    if len(graded) < LEAST_GRADED:
        return 0.0, 0.0, Interval(value=0.0, low=0.0, high=0.0)
    probes = [probe for probe, _ in graded]
    gold = np.array([probe.gold for probe in probes])
    given = np.array([float(np.mean(outcome.values)) for _, outcome in graded])
    low = floor_scores(probes)
    ours, theirs = concordance(gold, given), concordance(gold, low)
    differences = [
        concordance(gold[rows], given[rows]) - concordance(gold[rows], low[rows])
        for rows in _resamples([probe.question for probe in probes])
    ]
    edges = np.quantile(differences, (0.025, 0.975))
    gain = Interval(
        value=round(ours - theirs, 4), low=round(float(edges[0]), 4), high=round(float(edges[1]), 4)
    )
    return round(ours, 4), round(theirs, 4), gain


def _resamples(groups: Sequence[str]) -> list[NDArray[np.int64]]:
    """Rows of each resample: questions are drawn, then answers within each."""
    chance = np.random.default_rng(0)
    members = [np.flatnonzero([group == name for group in groups]) for name in dict.fromkeys(groups)]
    return [
        np.concatenate(
            [
                chance.choice(members[i], len(members[i]))
                for i in chance.integers(len(members), size=len(members))
            ]
        )
        for _ in range(RESAMPLES)
    ]


def _flips(made: Sequence[Pair]) -> float:
    """Share of verdicts that differ between a graded answer and the same one turned round."""
    straight = {probe.turned.id: outcome for probe, outcome in made if probe.kind is Kind.GRADED}
    turned = [(straight.get(probe.id), outcome) for probe, outcome in made if probe.kind is Kind.TURNED]
    return _share(
        [
            one is not other
            for first, second in turned
            if first is not None
            for one, other in zip(first.statuses, reversed(second.statuses), strict=True)
        ],
        worst=1.0,
    )


def _of(made: Sequence[Pair], kind: Kind) -> list[tuple[Status, float, Status]]:
    """Status, share earned and right status of each verdict on probes of one kind."""
    return [
        verdict
        for probe, outcome in made
        if probe.kind is kind
        for verdict in zip(outcome.statuses, outcome.values, probe.verdicts, strict=True)
    ]


def _follows(said: Status, gold: Status) -> bool:
    return said is gold if gold is Status.COVERED else said in _DENIED


def _share(hits: Sequence[bool], *, worst: float) -> float:
    return round(sum(hits) / len(hits), 4) if hits else worst
