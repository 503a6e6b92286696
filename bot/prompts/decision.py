"""The questions that have a decision model judge an answer: one choice for each key point."""

from collections.abc import Sequence

from bot.prompts import as_data, fill, load
from bot.seams import Choice


def decision_choices(points: Sequence[str], *, backwards: bool = False) -> tuple[Choice, ...]:
    """One choice among the four statuses for each key point, in order.

    Args:
        points: Texts of the key points.
        backwards: Name the statuses in the opposite order, to see whether order moves a model.
    """
    instructions, _, listed = load("decision").rpartition("\n\n")
    entries = [line.partition(": ") for line in listed.splitlines()]
    criteria = {label: meaning for label, _, meaning in (reversed(entries) if backwards else entries)}
    return tuple(
        Choice(instructions=fill(instructions, point=" ".join(point.split())), criteria=criteria)
        for point in points
    )


def decision_state(question: str, answer: str) -> dict[str, str]:
    """What the choices are about; the learner's words enter as data only.

    Args:
        question: As asked.
        answer: The learner's words, without those that a gate took out.
    """
    return {"question": " ".join(question.split()), "answer": as_data("answer", answer)}
