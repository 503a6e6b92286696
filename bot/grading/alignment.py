"""How the tokens of a key point find their counterparts in an answer, by meaning in context."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import cast

import numpy as np
from numpy.typing import NDArray

from bot.grading.clauses import Segment, clauses, sentences
from bot.grading.token_space import TokenText
from bot.seams import Vectors

ECHO_FROM, ECHO_SPAN, ECHO_COST = 0.5, 0.4, 0.7
"""A token that the question holds counts less: from this likeness on, over this span, at most so much."""
FOUND, SURE, LOST, STRANGE = 0.5, 0.75, 0.4, 0.45
"""Likeness from which a token counts as found, as surely found; below which as lost, and as foreign."""
QUESTION_WORTH = 0.9
"""What a counterpart in the question is worth, where a sentence of the answer is looked up."""
_COMPANIONS = 8
NAMES = (
    "al_recall", "al_best", "al_pair", "al_plain", "al_low", "al_sure", "al_found", "al_lost", "al_exact",
    "al_soft", "al_precision", "al_strange", "al_disorder", "al_second", "al_clause", "al_clause_second",
    "al_sharp", "al_asked", "al_length", "al_rival", "al_context", "points", "wanted_length",
)  # fmt: skip
"""Features in the order of `Alignment.values`. The likeness of a token is that to its nearest counterpart.

recall, plain           mean likeness of the point's tokens; plain: with the question's tokens at full weight
best, pair, second      the same within the best sentence, within it and a companion, within the second one
clause, clause_second   the same, plain, within the best clause and the second one
low                     mean likeness of the quarter that is found least
sure, found, lost       weight of what is surely found, found, and of the heaviest token that is lost
exact, soft             weight of what is written the same; mean likeness of the rest
sharp                   how far likeness stands out from the token's usual one
precision, strange      of the best sentence: mean likeness to point or question, weight of what is foreign
disorder                share of steps backwards where the point is read through its counterparts
rival, context          what other points find in the best sentence above this one; what all find, mean
asked                   mean likeness of the answer to the question
length, wanted_length   weight of the answer to that of the point, and of all points, logarithm
points                  how many key points there are
"""

Ints = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Passage:
    """An answer, token by token.

    Attributes:
        text: In normal form.
        sentences: Its sentences, in order.
        vectors: Shape (tokens, dimension); weights: (tokens,); surfaces: as written.
        sentence: For each token which sentence it is in; clause likewise, counted through the answer.
        asked: Shape (tokens,): likeness to the nearest token of the question.
    """

    text: str
    sentences: tuple[Segment, ...]
    surfaces: tuple[str, ...]
    vectors: Vectors
    weights: Vectors
    sentence: Ints
    clause: Ints
    asked: Vectors


@dataclass(frozen=True, slots=True)
class Alignment:
    """One key point against an answer.

    Attributes:
        values: In the order of NAMES.
        by_sentence: Weighted likeness of the point to each sentence, 0..1 nearly.
    """

    values: dict[str, float]
    by_sentence: tuple[float, ...]


def passage(parts: Sequence[Segment], read: Sequence[TokenText], text: str, asked: TokenText) -> Passage:
    """An answer laid out, from the pieces that were embedded, in order."""
    found = sentences(text) or tuple(parts)
    starts = np.array(
        [part.start + start for part, one in zip(parts, read, strict=True) for start, _ in one.spans]
    )
    vectors = np.concatenate([one.vectors for one in read])
    pieces = [
        one.start + clause.start
        for one in found
        for clause in (clauses(one.text) or (Segment(one.text, 0, 0),))
    ]
    return Passage(
        text=text,
        sentences=found,
        surfaces=tuple(surface for one in read for surface in one.surfaces),
        vectors=vectors,
        weights=np.concatenate([one.weights for one in read]),
        sentence=_place(starts, [one.start for one in found]),
        clause=_place(starts, pieces),
        asked=_nearest(vectors, asked.vectors),
    )


def align(points: Sequence[TokenText], answer: Passage, asked: TokenText) -> tuple[Alignment, ...]:
    """Every key point against the answer, in order; what the others find is part of the picture."""
    likeness = [point.vectors @ answer.vectors.T for point in points]
    weights = [_telling(point, asked) for point in points]
    tables = [_by(one, answer.sentence, len(answer.sentences)) for one in likeness]
    shares = np.stack([weight @ table for weight, table in zip(weights, tables, strict=True)])
    context = float(shares.max(axis=1).mean())
    wanted = sum(float(point.weights.sum()) for point in points)
    said = float(answer.weights.sum())
    found: list[Alignment] = []
    for row, point in enumerate(points):
        best = int(shares[row].argmax())
        others = np.delete(shares, row, axis=0)
        values = _recalls(likeness[row], weights[row], point, answer)
        values |= _sentences(tables[row], weights[row], shares[row])
        values |= _backwards(likeness[row], point, answer, best)
        values |= {
            "al_rival": float(others[:, best].max() - shares[row, best]) if len(others) else -1.0,
            "al_context": context,
            "points": float(len(points)),
            "wanted_length": float(np.log((1 + said) / (1 + wanted))),
            "al_asked": float(answer.weights @ answer.asked / max(said, 1e-6)),
            "al_length": float(np.log((1 + said) / (1 + point.weights.sum()))),
        }
        found.append(Alignment(values, tuple(float(share) for share in shares[row])))
    return tuple(found)


def _telling(point: TokenText, asked: TokenText) -> Vectors:
    """Weights of a point's tokens, in sum 1; those that the question holds count less."""
    echo = np.clip((_nearest(point.vectors, asked.vectors) - ECHO_FROM) / ECHO_SPAN, 0, 1)
    weights = point.weights * (1 - ECHO_COST * echo)
    return cast(Vectors, weights / max(float(weights.sum()), 1e-6))


def _recalls(likeness: Vectors, weights: Vectors, point: TokenText, answer: Passage) -> dict[str, float]:
    best = likeness.max(axis=1) if likeness.size else np.zeros(len(weights), dtype=np.float32)
    known = set(answer.surfaces)
    exact = np.array([surface in known for surface in point.surfaces], dtype=bool)
    order = np.argsort(best, kind="stable")
    low = int((np.cumsum(weights[order]) < 0.25).sum()) + 1
    others = float(weights[~exact].sum())
    return {
        "al_recall": float(weights @ best),
        "al_plain": float(point.weights @ best / max(float(point.weights.sum()), 1e-6)),
        "al_low": float(best[order][:low].mean()) if len(best) else 0.0,
        "al_sure": float(weights @ (best > SURE)),
        "al_found": float(weights @ (best > FOUND)),
        "al_lost": float((weights * (best < LOST)).max()) if len(best) else 1.0,
        "al_exact": float(weights @ exact),
        "al_soft": float(weights[~exact] @ best[~exact] / others) if others > 0.05 else 1.0,
        "al_sharp": float(weights @ (best - likeness.mean(axis=1))) if likeness.size else 0.0,
    }


def _sentences(table: Vectors, weights: Vectors, shares: Vectors) -> dict[str, float]:
    order = np.argsort(-shares, kind="stable")
    best = table[:, order[0]]
    pairs = [float(weights @ np.maximum(best, table[:, other])) for other in order[1:_COMPANIONS]]
    return {
        "al_best": float(shares[order[0]]),
        "al_pair": max(pairs, default=float(shares[order[0]])),
        "al_second": float(shares[order[1]]) if len(order) > 1 else 0.0,
    }


def _backwards(likeness: Vectors, point: TokenText, answer: Passage, best: int) -> dict[str, float]:
    """From the sentence that speaks to the point most back to the point."""
    inside = answer.sentence == best
    table, weights = likeness[:, inside], answer.weights[inside]
    if not table.size:
        return {
            "al_precision": 0.0,
            "al_strange": 1.0,
            "al_disorder": 0.5,
            "al_clause": 0.0,
            "al_clause_second": 0.0,
        }
    weights = weights / weights.sum()
    known = np.maximum(table.max(axis=0), QUESTION_WORTH * answer.asked[inside])
    partners = table.argmax(axis=1)[(table.max(axis=1) > FOUND) & (point.weights > LOST)]
    steps = np.diff(partners)
    parts = _by(likeness, answer.clause, int(answer.clause.max()) + 1)
    by_clause = np.sort(point.weights @ parts / max(float(point.weights.sum()), 1e-6))[::-1]
    return {
        "al_precision": float(weights @ known),
        "al_strange": float(weights @ (known < STRANGE)),
        "al_disorder": float((steps < 0).mean()) if len(steps) > 1 else 0.3,
        "al_clause": float(by_clause[0]),
        "al_clause_second": float(by_clause[1]) if len(by_clause) > 1 else 0.0,
    }


def _by(likeness: Vectors, place: Ints, count: int) -> Vectors:
    """Greatest likeness of each token of the point within each place; shape (tokens, count)."""
    table = np.zeros((likeness.shape[0], count), dtype=np.float32)
    for number in range(count):
        inside = place == number
        if inside.any():
            table[:, number] = likeness[:, inside].max(axis=1)
    return table


def _nearest(vectors: Vectors, others: Vectors) -> Vectors:
    if not len(others) or not len(vectors):
        return np.zeros(len(vectors), dtype=np.float32)
    return (vectors @ others.T).max(axis=1)


def _place(starts: NDArray[np.int64], places: Sequence[int]) -> Ints:
    return np.maximum(0, np.searchsorted(np.array(places), starts, side="right") - 1)
