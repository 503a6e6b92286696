"""The prompt that the embedded language model was trained to continue with one word, its verdict.

The model's adapter belongs to this exact form: a change here needs a new training (evals/adapter).
"""

from bot.domain.grades import Status
from bot.prompts import load
from bot.seams import Piece

VERDICT_WORDS = {
    Status.COVERED: "Yes",
    Status.PARTIAL: "Part",
    Status.MISSING: "No",
    Status.CONTRADICTED: "Wrong",
}
"""For each status the word that says it; each is one token of the embedded model."""


def verdict_opening(question: str, answer: str) -> tuple[Piece, ...]:
    """What all key points of an answer share; texts in normal form (bot.grading.normal)."""
    head = f"<|im_start|>system\n{load('verdict')}<|im_end|>\n<|im_start|>user\nQuestion: "
    return (
        Piece(head, False),
        Piece(question, True),
        Piece("\nAnswer: ", False),
        Piece(answer, True),
    )


def verdict_closing(point: str) -> tuple[Piece, ...]:
    """What follows the opening for one key point."""
    return (
        Piece("\nKey point: ", False),
        Piece(point, True),
        Piece("<|im_end|>\n<|im_start|>assistant\n", False),
    )
