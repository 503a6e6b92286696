"""Train the verifier: python -m evals.train --data FOLDER --corpus FOLDER --out bot/grading/verifier.json.

Reads sets graded by people, the answers written for this project and notes; makes further answers from them;
fits once without each set to measure how far the verifier carries over to a set it has not seen, and once for
the weights that ship, without the questions that are held out of every set. Writes the weights (JSON), and
the figures beside them.
"""

import argparse
import json
import logging
import random
import re
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from bot.domain.spans import digest
from bot.grading.features import NAMES
from bot.grading.gate import screen
from bot.grading.verifier import Verifier
from bot.seams import TokenEmbedder
from evals.train_embed import RememberingEmbedder
from evals.train_features import Rarity, Table, featurise, rarity_of, table_of
from evals.train_figures import Figures, figures, judged, verdicts
from evals.train_fit import fit, tempered
from evals.train_human import PUBLIC, gold_dev_rows, human_rows, own_rows
from evals.train_line import value_line
from evals.train_made import made_rows, padded_rows, topics_of_notes, topics_of_rows
from evals.train_reference import Tried, transferred, tried
from evals.train_rows import Row

TEST_SHARE = 0.25
"""Share of the questions of each public set that the shipped weights have not seen."""
MOST_GRADED = {"beetle_en": 2600, "scientsbank_en": 2600, "saf_en": 1600}
"""Answers of one set, so that none takes hours; all of them where nothing stands here."""
MOST_MADE = 260
"""Answers of one kind that code made."""
VERSION = "2"
OWN = "train_zh"
GOLD = "gold_dev"
FOLDS = 4
SEEDS = 3
"""Networks whose logits are averaged in what ships."""
_log = logging.getLogger("evals.train")


def is_test(source: str, group: str) -> bool:
    """Whether a question of a public set is held out of the shipped weights."""
    return source in PUBLIC and _bucket("held out", source, group) < TEST_SHARE * 100


def gather(data: Path, corpus: Path, seed: int) -> list[Row]:
    """All rows that a gate lets through, in an order that depends on the seed only."""
    rows: list[Row] = []
    for source, group in _by_source(human_rows(data)).items():
        rows += _sample(group, MOST_GRADED.get(source, len(group)), seed)
    own = own_rows()
    made = [*made_rows(topics_of_notes(corpus) + topics_of_rows(rows), seed), *padded_rows(own, seed)]
    for group in _by_source(sorted(made, key=lambda row: row.answer_id)).values():
        rows += _sample(group, MOST_MADE, seed)
    rows += own + gold_dev_rows()
    return [row for row in rows if not screen(row.question, row.answer).stopped]


def transfer(table: Table, seed: int) -> dict[str, Figures]:
    """Figures on each set by weights that have seen nothing of it, and on our own by question."""
    found: dict[str, Figures] = {}
    by_threshold: dict[str, Tried] = {}
    held = np.array([_held(row) for row in table.rows])
    for source in PUBLIC:
        shown, others = _of_source(table, source), ~_touched_by(table, source) & ~_of_source(table, GOLD)
        likely = judged(_fitted(table, others, seed), table)
        found[source] = figures(likely, table, shown, others)
        by_threshold[source] = tried(likely, table, shown & ~held)
        _log.info("without %s: %s", source, found[source])
    found |= transferred(by_threshold)
    ours = (GOLD, OWN, "pairs", "made:padded")
    others = np.array([row.source not in ours for row in table.rows])
    likely = judged(_fitted(table, others, seed), table)
    found[f"{GOLD}, nothing of our own seen"] = figures(likely, table, _of_source(table, GOLD), others)
    found[f"{OWN}, other questions seen"] = _across(table, seed)
    return found


def _across(table: Table, seed: int) -> Figures:
    """Our own training set, each fold of questions judged by weights that have seen the others."""
    own = _of_source(table, OWN)
    likely = np.zeros((len(table.features), 4))
    for number in range(FOLDS):
        held = np.array([_bucket("fold", row.group) % FOLDS == number for row in table.rows])
        points = (held & own)[table.row_of]
        likely[points] = judged(_fitted(table, ~held & ~_of_source(table, GOLD), seed), table).likely[points]
    return verdicts(likely, table, own)


def shipped(table: Table, rarity: Rarity, seed: int) -> tuple[Verifier, dict[str, Figures]]:
    """The weights that ship, and their figures on held-out questions and on the development part of gold."""
    gold = _of_source(table, GOLD)
    held = np.array([_held(row) for row in table.rows])
    tuning = np.array([_bucket("tuning", row.group) % 5 == 0 for row in table.rows]) & ~held & ~gold
    warmth = tempered(fit(table, ~held & ~gold & ~tuning, seed), table, tuning)
    networks = [fit(table, ~held & ~gold, seed + number) for number in range(SEEDS)]
    verifier = Verifier(
        version=VERSION,
        features=NAMES,
        networks=networks,
        line=value_line(table, ~held & ~gold),
        temperature=warmth,
        rarity=rarity.units,
        token_rarity=rarity.tokens,
    )
    likely = judged(verifier, table)
    found = {
        source: figures(likely, table, held & _of_source(table, source), ~held & ~gold) for source in PUBLIC
    }
    found[GOLD] = figures(likely, table, gold, ~held & ~gold)
    for kind in sorted({row.source for row in table.rows if row.source.startswith("made:")}):
        found[kind] = verdicts(likely.likely, table, held & _of_source(table, kind))
    return verifier, found


def _held(row: Row) -> bool:
    """Made answers go with the question they are made of."""
    if row.source.startswith("made:"):
        source, _, group = row.group.partition("/")
        return is_test(source, group) or (
            source == "notes" and _bucket("held out", row.group) < TEST_SHARE * 100
        )
    return is_test(row.source, row.group)


def _touched_by(table: Table, source: str) -> NDArray[np.bool_]:
    """Rows of a set and those made of it."""
    return np.array([row.source == source or row.group.startswith(f"{source}/") for row in table.rows])


def _of_source(table: Table, source: str) -> NDArray[np.bool_]:
    return np.array([row.source == source for row in table.rows])


def _fitted(table: Table, used: NDArray[np.bool_], seed: int) -> Verifier:
    return Verifier(
        version=VERSION, features=NAMES, networks=[fit(table, used, seed)], line=value_line(table, used)
    )


def _bucket(*names: str) -> int:
    return int(digest(*names), 16) % 100


def _by_source(rows: Sequence[Row]) -> dict[str, list[Row]]:
    groups: dict[str, list[Row]] = {}
    for row in rows:
        groups.setdefault(row.source, []).append(row)
    return groups


def _sample(rows: list[Row], most: int, seed: int) -> list[Row]:
    """At most `most` answers in random order, each with all its rows."""
    by_answer: dict[str, list[Row]] = {}
    for row in rows:
        by_answer.setdefault(row.answer_id, []).append(row)
    ids = list(by_answer)
    random.Random(seed).shuffle(ids)
    return [row for answer_id in ids[:most] for row in by_answer[answer_id]]


def write(verifier: Verifier, measured: dict[str, dict[str, Figures]], out: Path) -> None:
    """The weights as JSON, and the figures beside them."""
    dumped = json.dumps(verifier.model_dump(mode="json"), ensure_ascii=False, separators=(",", ":"))
    out.write_text(dumped + "\n", "utf-8")
    out.with_suffix(".figures.json").write_text(_one_set_a_line(measured), "utf-8")


def _one_set_a_line(measured: dict[str, dict[str, Figures]]) -> str:
    text = json.dumps(measured, ensure_ascii=False, indent=1)
    return (
        re.sub(r"\{\s+(\"[^{}]*?)\s+\}", lambda match: "{" + re.sub(r"\s+", " ", match[1]) + "}", text) + "\n"
    )


def _table(rows: list[Row], embedder: TokenEmbedder, cache: Path | None) -> tuple[Table, Rarity]:
    rarity = rarity_of([row for row in rows if row.source != GOLD], embedder)
    return table_of(rows, featurise(rows, embedder, rarity, cache, _told)), rarity


def _told(done: int, total: int, what: str) -> None:
    _log.info("%s %d/%d", what, done, total)


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(prog="python -m evals.train", description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="folder with the graded sets (*.jsonl)")
    parser.add_argument("--corpus", type=Path, default=Path("corpus"), help="folder with notes (*.md)")
    parser.add_argument("--out", type=Path, default=Path("bot/grading/verifier.json"))
    parser.add_argument(
        "--cache", type=Path, default=None, help="an .npz file that keeps features between runs"
    )
    parser.add_argument("--seed", type=int, default=0)
    asked = parser.parse_args()
    logging.basicConfig(level=logging.INFO, format="%(message)s")
    from bot.adapters.embedding import make_pinned_embedder
    from bot.models import open_models
    from bot.settings import load_settings

    rows = gather(asked.data, asked.corpus, asked.seed)
    _log.info("%d rows", len(rows))
    embedder = RememberingEmbedder(make_pinned_embedder(open_models(load_settings())))
    table, rarity = _table(rows, embedder, asked.cache)
    measured = {"transfer": transfer(table, asked.seed)}
    verifier, measured["shipped"] = shipped(table, rarity, asked.seed)
    write(verifier, measured, asked.out)
    _log.info("%s", _one_set_a_line(measured))


if __name__ == "__main__":
    main()
