"""An answer and its key points as one sequence of tokens, read in one pass.

The opening (question and answer) comes first; each key point's closing sees the opening and itself, never
another key point, and is numbered as if it stood alone behind the opening: what the model says of a key
point does not depend on the others, and is what it says at run time, where the opening is kept and the
closings follow one by one.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import torch
from torch import Tensor

from bot.prompts.verdict import verdict_closing, verdict_opening
from bot.seams import Piece


class Tokenizer(Protocol):
    """Turns a piece of a prompt into tokens."""

    def __call__(
        self, text: str, *, add_special_tokens: bool, split_special_tokens: bool
    ) -> dict[str, list[int]]:
        """'input_ids' of `text`."""
        ...


@dataclass(frozen=True, slots=True)
class Packed:
    """One sequence of n tokens.

    Attributes:
        tokens: (1, n).
        positions: (1, n).
        mask: (1, 1, n, n), True where a token (row) sees another (column).
        ends: (points,), the place from which each verdict is read.
    """

    tokens: Tensor
    positions: Tensor
    mask: Tensor
    ends: Tensor


def pieces_to_tokens(tokenizer: Tokenizer, pieces: Sequence[Piece]) -> list[int]:
    """Tokens of each piece by itself, one after the other."""
    return [
        token
        for piece in pieces
        for token in tokenizer(piece.text, add_special_tokens=False, split_special_tokens=piece.is_data)[
            "input_ids"
        ]
    ]


def packed(tokenizer: Tokenizer, question: str, answer: str, points: Sequence[str]) -> Packed:
    """`answer` and all of its key points in one sequence."""
    opening = pieces_to_tokens(tokenizer, verdict_opening(question, answer))
    closings = [pieces_to_tokens(tokenizer, verdict_closing(point)) for point in points]
    start = len(opening)
    tokens, positions, owner = list(opening), list(range(start)), [-1] * start
    ends: list[int] = []
    for number, closing in enumerate(closings):
        tokens += closing
        positions += range(start, start + len(closing))
        owner += [number] * len(closing)
        ends.append(len(tokens) - 1)
    owners = torch.tensor(owner)
    seen = (owners[None, :] == -1) | (owners[None, :] == owners[:, None])
    return Packed(
        tokens=torch.tensor([tokens]),
        positions=torch.tensor([positions]),
        mask=seen.tril()[None, None],
        ends=torch.tensor(ends),
    )
