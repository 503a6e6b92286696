"""Numbers that the notes state are computed here, and looked for in the text."""

import math

import pytest
from notes_on_disk import CORPUS


def sigmoid(x: float) -> float:
    return 1 / (1 + math.exp(-x))


def smoothed(classes: int, epsilon: float) -> tuple[float, float]:
    """Target of the right class and of each other class."""
    return 1 - epsilon + epsilon / classes, epsilon / classes


def regularization():
    right, other = smoothed(3, 0.1)
    yield f"正确类的目标是 {right:.3f}，其余两类各是 {other:.3f}"
    right, other = smoothed(3, 0.3)
    yield f"$[{other:.1f},{right:.1f},{other:.1f}]$"
    a, strength = 0.3, 0.5
    yield f"L1 的解是 {max(a - strength, 0):.0f}，L2 的解是 {a / (1 + strength):.1f}"


def activation_functions():
    yield f"只有 {sigmoid(0) * (1 - sigmoid(0))}，"
    yield f"$x=5$ 时导数约为 {sigmoid(5) * (1 - sigmoid(5)):.4f}"


STATED = {
    "regularization": regularization,
    "activation-functions": activation_functions,
}


@pytest.mark.parametrize(
    ("note", "phrase"),
    [
        pytest.param(note, phrase, id=f"{note}-{i}")
        for note, f in STATED.items()
        for i, phrase in enumerate(f())
    ],
)
def test_computed_number_stands_in_the_note(note: str, phrase: str):
    assert phrase in (CORPUS / f"{note}.md").read_text(encoding="utf-8")
