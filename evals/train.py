"""Train the verifier: python -m evals.train --data FOLDER --corpus FOLDER --out bot/grading/verifier.json.

Reads sets graded by people and notes, makes further answers from them, splits by question, fits, measures
on questions held out, and writes the weights (JSON) and the measured figures beside --out.
"""

import argparse
import json
import logging
import random
from collections import Counter
from collections.abc import Sequence
from math import log
from pathlib import Path

import numpy as np

from bot.domain.spans import digest
from bot.grading.evidence import Reader
from bot.grading.features import strung_together, vector, verbatim
from bot.grading.gate import screen
from bot.grading.normal import plain
from bot.grading.safeguards import temper
from bot.grading.verifier import Verifier
from bot.grading.words import unit_set
from bot.seams import Embedder
from evals.train_embed import KeptEmbedder
from evals.train_figures import Judged, figures
from evals.train_fit import Array, fit, tempered
from evals.train_human import human_rows, pair_rows
from evals.train_made import made_rows, topics_of_notes, topics_of_rows
from evals.train_rows import Row

TEST_SHARE = 0.25
"""Share of the questions of each set that only the figures see."""
MOST_GRADED = 700
"""Rows of one set graded by people, so that no set drowns the others."""
MOST_MADE = 300
"""Rows of one kind that code made."""
Shape = tuple[bool, bool]
"""Whether the point stands in the answer word for word; whether its words are only strung together."""
_log = logging.getLogger("evals.train")


def is_test(row: Row) -> bool:
    """Whether a row's question is held out; made answers go with the question they are made of."""
    name = row.group if row.source.startswith("made:") else f"{row.source}/{row.group}"
    return int(digest("held out", name), 16) % 100 < TEST_SHARE * 100


def gather(data: Path, corpus: Path, seed: int) -> list[Row]:
    """All rows, in an order that depends on the seed only."""
    people = human_rows(data) + pair_rows()
    topics = topics_of_notes(corpus) + topics_of_rows(people)
    rows = [row for group in _by_source(people).values() for row in _sample(group, MOST_GRADED, seed)]
    for group in _by_source(list(made_rows(topics, seed))).values():
        rows += _sample(group, MOST_MADE, seed)
    return [row for row in rows if not screen(row.question, row.answer).stopped]


def featurise(
    rows: Sequence[Row], embedder: KeptEmbedder, rarity: dict[str, float]
) -> tuple[Array, list[Shape]]:
    """Features (n, len(NAMES)) of rows, and what the safeguards need to know of each."""
    reader = Reader(embedder, rarity)
    found: list[Array] = []
    same: list[Shape] = []
    for count, row in enumerate(rows):
        (evidence,) = reader.read(row.question, [row.point], screen(row.question, row.answer).text)
        found.append(vector(evidence))
        same.append((verbatim(evidence), strung_together(evidence)))
        if count % 500 == 0:
            embedder.save()
            _log.info("features %d/%d", count, len(rows))
    embedder.save()
    return np.stack(found), same


def rarity_of(rows: Sequence[Row]) -> dict[str, float]:
    """Weight 0.3 to 1 of content units that many key points use; others weigh 1."""
    texts = sorted({row.point for row in rows})
    counts = Counter(unit for text in texts for unit in unit_set(plain(text)))
    most = log(1 + len(texts))
    common = {
        unit: round(max(0.3, min(1.0, log(1 + len(texts) / count) / most * 1.4)), 2)
        for unit, count in counts.items()
        if count > 5
    }
    return {unit: weight for unit, weight in sorted(common.items()) if weight < 1}


def judged(verifier: Verifier, features: Array, same: Sequence[Shape], rows: Sequence[Row]) -> list[Judged]:
    """What the verifier and its safeguards say of each row."""
    raw = verifier.probabilities(features)
    return [
        Judged(row, temper(raw[index], features[index], verbatim=same[index][0], listed=same[index][1]))
        for index, row in enumerate(rows)
    ]


def train(
    rows: list[Row], embedder: Embedder, cache: Path | None, seed: int
) -> tuple[Verifier, dict[str, object]]:
    """A verifier fitted on the questions that are not held out, and its figures on those that are."""
    rarity = rarity_of([row for row in rows if not is_test(row)])
    features, same = featurise(rows, KeptEmbedder(embedder, cache), rarity)
    held = np.array([is_test(row) for row in rows])
    tuning = np.array([int(digest("tuning", row.group), 16) % 5 == 0 for row in rows]) & ~held
    learned = ~held & ~tuning
    first = fit(features[learned], _of(rows, learned), seed=seed)
    warmth = tempered(first, features[tuning], _of(rows, tuning)).temperature
    final = fit(features[~held], _of(rows, ~held), seed=seed).model_copy(
        update={"temperature": warmth, "rarity": rarity}
    )
    on_test = judged(
        final, features[held], [one for one, out in zip(same, held, strict=True) if out], _of(rows, held)
    )
    return final, figures(on_test, _of(rows, ~held))


def _of(rows: Sequence[Row], chosen: np.ndarray) -> list[Row]:
    return [row for row, one in zip(rows, chosen, strict=True) if one]


def _by_source(rows: Sequence[Row]) -> dict[str, list[Row]]:
    groups: dict[str, list[Row]] = {}
    for row in rows:
        groups.setdefault(row.source, []).append(row)
    return groups


def _sample(rows: list[Row], most: int, seed: int) -> list[Row]:
    """About `most` rows, whole answers at a time."""
    ids = sorted({row.answer_id for row in rows})
    random.Random(seed).shuffle(ids)
    found: list[Row] = []
    by_answer: dict[str, list[Row]] = {}
    for row in rows:
        by_answer.setdefault(row.answer_id, []).append(row)
    for answer_id in ids:
        if len(found) >= most:
            break
        found += by_answer[answer_id]
    return found


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(prog="python -m evals.train", description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="folder with the graded sets (*.jsonl)")
    parser.add_argument("--corpus", type=Path, default=Path("corpus"), help="folder with notes (*.md)")
    parser.add_argument("--out", type=Path, default=Path("bot/grading/verifier.json"))
    parser.add_argument(
        "--cache", type=Path, default=None, help="an .npz file that keeps vectors between runs"
    )
    parser.add_argument("--seed", type=int, default=0)
    asked = parser.parse_args()
    logging.basicConfig(level=logging.INFO, format="%(message)s")
    from bot.adapters.embedding import make_embedder
    from bot.models import open_models
    from bot.settings import load_settings

    settings = load_settings(embedding="embedded")

    rows = gather(asked.data, asked.corpus, asked.seed)
    _log.info("%d rows", len(rows))
    verifier, measured = train(rows, make_embedder(settings, open_models(settings)), asked.cache, asked.seed)
    asked.out.write_text(
        json.dumps(verifier.model_dump(mode="json"), ensure_ascii=False, separators=(",", ":")) + "\n",
        "utf-8",
    )
    figures_file = asked.out.with_suffix(".figures.json")
    figures_file.write_text(json.dumps(measured, ensure_ascii=False, indent=1) + "\n", "utf-8")
    _log.info("%s", json.dumps(measured, ensure_ascii=False, indent=1))


if __name__ == "__main__":
    main()
