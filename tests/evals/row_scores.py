"""The score of a graded answer by the formula of the grade, worked out apart from the product."""

from bot.domain.grades import CONTRADICTION_PENALTY, STATUS_VALUE, Status


def by_formula(case):
    """Score, 0..1, that the verdicts of a case give."""
    pairs = list(zip(case.key_points, case.verdicts, strict=True))
    earned = sum(point.effective_weight * STATUS_VALUE[status] for point, status in pairs)
    wrong = [point for point, status in pairs if point.vital and status is Status.CONTRADICTED]
    lost = CONTRADICTION_PENALTY * sum(point.effective_weight for point in wrong)
    vital = sum(point.effective_weight for point in case.key_points if point.vital)
    return min(1, max(0, (earned - lost) / vital))
