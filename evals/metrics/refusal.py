"""Whether the notes' silence is noticed, and what evidence is worth."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from evals.metrics.bootstrap import Floats, estimate
from evals.metrics.estimate import Estimate
from evals.metrics.ranking import auc, weighted_auc


@dataclass(frozen=True)
class Decision:
    """What was decided on one query."""

    answerable: bool
    answered: bool
    evidence: float
    group: str


def refusal_figures(decisions: Sequence[Decision]) -> dict[str, Estimate]:
    """Refusal where it is due and where it is not, their balance, and the worth of the evidence."""
    groups = [item.group for item in decisions]
    answerable = np.array([item.answerable for item in decisions], dtype=float)
    refused = np.array([not item.answered for item in decisions], dtype=float)
    evidence = np.array([item.evidence for item in decisions], dtype=float)
    ones = np.ones((1, len(decisions)))

    def rate(weights: Floats, among: Floats) -> Floats:
        total = weights @ among
        return np.where(total > 0, (weights @ (among * refused)) / np.where(total > 0, total, 1), np.nan)

    def due(weights: Floats) -> Floats:
        return rate(weights, 1 - answerable)

    def undue(weights: Floats) -> Floats:
        return rate(weights, answerable)

    def balance(weights: Floats) -> Floats:
        return (due(weights) + 1 - undue(weights)) / 2

    figures = {
        name: estimate(float(statistic(ones)[0]), statistic, groups)
        for name, statistic in (("refusal", due), ("false_refusal", undue), ("balanced_accuracy", balance))
    }
    figures["evidence_auc"] = estimate(
        auc(answerable, evidence), lambda weights: weighted_auc(weights, answerable, evidence), groups
    )
    figures["aurc"] = Estimate(value=float(np.mean([risk for _, risk in risk_coverage(decisions)])))
    return figures


def risk_coverage(decisions: Sequence[Decision]) -> list[tuple[float, float]]:
    """For each k: share of queries among the k with most evidence, and how many of these have no answer.

    Equal evidence is shared out evenly, so that the order of the set does not matter.
    """
    return risk_coverage_of(
        np.array([item.evidence for item in decisions], dtype=float),
        np.array([not item.answerable for item in decisions], dtype=float),
    )


def risk_coverage_of(confidence: Floats, risk: Floats) -> list[tuple[float, float]]:
    """Points (coverage, mean risk of the most confident share), confidence falling."""
    _, inverse = np.unique(-confidence, return_inverse=True)
    mean_of_ties = np.bincount(inverse, weights=risk) / np.bincount(inverse)
    running = np.cumsum(mean_of_ties[np.sort(inverse)])
    steps = np.arange(1, len(risk) + 1)
    return [(float(k / len(risk)), float(total / k)) for k, total in zip(steps, running, strict=True)]
