"""Features of rows, kept on disk between runs of the training command."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import log
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from bot.domain.spans import digest
from bot.grading.clauses import windows
from bot.grading.evidence import Evidence, Reader
from bot.grading.features import NAMES, plainly_denied, strung_together, vector, verbatim
from bot.grading.gate import screen
from bot.grading.manner import as_read
from bot.grading.normal import plain
from bot.grading.words import unit_set
from bot.seams import Progress, TokenEmbedder, no_progress
from evals.train_rows import Row

Array = NDArray[np.float64]
SHAPES = 3
"""Columns behind the features: whether the point stands there verbatim, whether its words are only listed,
whether they show that the opposite is said."""
COMMON = 8
"""Texts that a unit or token must be in to count as common."""


@dataclass(frozen=True, slots=True)
class Rarity:
    """Weights of common content units and of common tokens; others weigh 1."""

    units: dict[str, float]
    tokens: dict[str, float]


@dataclass(frozen=True, slots=True)
class Table:
    """Rows with their key points laid out one below the other.

    Attributes:
        features: Shape (points, len(NAMES)).
        shapes: Shape (points, SHAPES), booleans.
        targets: Shape (points, 4); a row of zeros where nothing is known of the point.
        row_of: Shape (points,): index of the row.
        shares: Shape (points,): what a fully held point adds to the score of its row.
        scores: Shape (rows,); NaN where there is none.
        nearest: Shape (rows,): whether it is the alternative that the answer is closest to.
    """

    rows: tuple[Row, ...]
    features: Array
    shapes: NDArray[np.bool_]
    targets: Array
    row_of: NDArray[np.int64]
    shares: Array
    scores: Array
    nearest: NDArray[np.bool_]


def table_of(rows: Sequence[Row], features: Sequence[Array]) -> Table:
    """Rows with their features; each of shape (points, len(NAMES) + SHAPES), in the order of rows."""
    every = np.concatenate(features)
    counts = [len(row.points) for row in rows]
    return Table(
        rows=tuple(rows),
        features=every[:, :-SHAPES],
        shapes=every[:, -SHAPES:] > 0,
        targets=np.array(
            [target for row in rows for target in (row.targets or [(0.0,) * 4] * len(row.points))]
        ),
        row_of=np.repeat(np.arange(len(rows)), counts),
        shares=np.array([point.weight / row.vital for row in rows for point in row.points]),
        scores=np.array([np.nan if row.score is None else row.score for row in rows]),
        nearest=_nearest(rows, features),
    )


def featurise(
    rows: Sequence[Row],
    embedder: TokenEmbedder,
    rarity: Rarity,
    cache: Path | None,
    progress: Progress = no_progress,
) -> list[Array]:
    """Features of each row, shape (points, len(NAMES) + SHAPES); what `cache` holds is not done again."""
    known = _load(cache)
    reader = Reader(embedder, rarity.units, rarity.tokens)
    kind = digest(
        embedder.identity, *NAMES, repr(sorted(rarity.units.items())), repr(sorted(rarity.tokens.items()))
    )
    found: list[Array] = []
    for count, row in enumerate(rows):
        key = digest(kind, row.question, row.answer, *(point.text for point in row.points))
        if key not in known:
            known[key] = _features(reader, row)
        found.append(known[key])
        if count % 2000 == 1999:
            _save(known, cache)
            progress(count + 1, len(rows), "features")
    _save(known, cache)
    return found


def rarity_of(rows: Sequence[Row], embedder: TokenEmbedder) -> Rarity:
    """Weight 0.3 to 1 of units that many key points use, 0.15 to 1 of tokens that many texts use."""
    points = sorted({plain(point.text) for row in rows for point in row.points})
    answers = sorted({part.text for row in rows for part in windows(screen(row.question, row.answer).text)})
    units = Counter(unit for text in points for unit in unit_set(text))
    tokens = Counter(token for text in sorted({*points, *answers}) for token in _tokens(text, embedder))
    return Rarity(_weights(units, len(points), 0.3), _weights(tokens, len(points) + len(answers), 0.15))


def _tokens(text: str, embedder: TokenEmbedder) -> set[str]:
    return {text[start:end].strip() for start, end in embedder.embed_tokens(text).spans}


def _weights(counts: Mapping[str, int], texts: int, least: float) -> dict[str, float]:
    most = log(1 + texts / COMMON)
    weights = {
        name: round(max(least, log(1 + texts / count) / most), 2)
        for name, count in counts.items()
        if count > COMMON
    }
    return {name: weight for name, weight in sorted(weights.items()) if weight < 1}


def _features(reader: Reader, row: Row) -> Array:
    points = [point.text for point in row.points]
    text = screen(row.question, row.answer).text
    found = reader.read(row.question, points, as_read(text, row.question, *points))
    return np.stack([np.append(vector(one), _shapes(one)) for one in found])


def _shapes(evidence: Evidence) -> tuple[bool, bool, bool]:
    return verbatim(evidence), strung_together(evidence), plainly_denied(evidence)


def _nearest(rows: Sequence[Row], features: Sequence[Array]) -> NDArray[np.bool_]:
    column = NAMES.index("al_recall")
    groups: dict[tuple[str, str, bool], list[int]] = defaultdict(list)
    for index, row in enumerate(rows):
        groups[row.source, row.answer_id, row.measured].append(index)
    best = [max(group, key=lambda i: float(features[i][:, column].mean())) for group in groups.values()]
    return np.isin(np.arange(len(rows)), best)


def _load(cache: Path | None) -> dict[str, Array]:
    if cache is None or not cache.exists():
        return {}
    stored = np.load(cache)
    parts = np.split(stored["features"], np.cumsum(stored["counts"])[:-1])
    return dict(zip(stored["keys"].tolist(), parts, strict=True))


def _save(known: Mapping[str, Array], cache: Path | None) -> None:
    if cache is None or not known:
        return
    cache.parent.mkdir(parents=True, exist_ok=True)
    counts = np.array([len(part) for part in known.values()])
    np.savez(cache, keys=np.array(list(known)), counts=counts, features=np.concatenate(list(known.values())))
