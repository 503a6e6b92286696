"""Train the verifier: python -m evals.train --data FOLDER --corpus FOLDER --out bot/grading/verifier.json.

Reads sets graded by people, the answers written for this project and notes; makes further answers from them;
fits once without each set to measure how far the verifier carries over to a set it has not seen, and once for
the weights that ship, without the questions that are held out of every set. Writes the weights (JSON), and
the figures beside them. With --key-points-only it fits anew what judges key points, and keeps of the weights
and figures in OUT what all sets taught.
"""

import argparse
import json
import logging
import re
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from bot.grading.features import NAMES
from bot.grading.verifier import Ensemble, Verifier
from bot.seams import TokenEmbedder
from evals.train_embed import RememberingEmbedder
from evals.train_features import Rarity, Table, featurise, rarity_of, table_of
from evals.train_figures import Figures, figures, judged, verdicts
from evals.train_fit import OF_ALL_SETS, OF_KEY_POINTS, Mix, fit, tempered
from evals.train_gather import bucket, gather, is_held_out
from evals.train_human import OWN_SETS, PUBLIC
from evals.train_line import value_line
from evals.train_reference import Tried, transferred, tried
from evals.train_rows import Row

VERSION = "3"
OWN = OWN_SETS[0]
GOLD = "gold_dev"
FOLDS = 4
SEEDS = 3
"""Networks whose logits are averaged in what ships."""
Measured = dict[str, dict[str, Figures]]
Trained = tuple[Verifier, Measured]
_log = logging.getLogger("evals.train")


def transfer(table: Table, seed: int) -> dict[str, Figures]:
    """Figures on each set by weights that have seen nothing of it, and on our own by question."""
    found: dict[str, Figures] = {}
    by_threshold: dict[str, Tried] = {}
    held = np.array([is_held_out(row) for row in table.rows])
    for source in PUBLIC:
        shown, others = _of_source(table, source), ~_touched_by(table, source) & ~_of_source(table, GOLD)
        likely = judged(_fitted(table, others, seed), table)
        found[source] = figures(likely, table, shown, others)
        by_threshold[source] = tried(likely, table, shown & ~held)
        _log.info("without %s: %s", source, found[source])
    found |= transferred(by_threshold)
    ours = (GOLD, *OWN_SETS, "pairs", "made:padded")
    others = np.array([row.source not in ours for row in table.rows])
    likely = judged(_fitted(table, others, seed), table)
    found[f"{GOLD}, nothing of our own seen"] = figures(likely, table, _of_source(table, GOLD), others)
    found[f"{OWN}, other questions seen"] = _across(table, seed)
    return found


def _across(table: Table, seed: int) -> Figures:
    """Our own training set, each fold of questions judged by weights that have seen the others."""
    own, gold = _of_source(table, OWN), _of_source(table, GOLD)
    likely = np.zeros((len(table.features), 4))
    for number in range(FOLDS):
        held = np.array([bucket("fold", row.group) % FOLDS == number for row in table.rows])
        verifier = _fitted(table, ~held & ~gold, seed, OF_KEY_POINTS)
        points = (held & own)[table.row_of]
        likely[points] = judged(verifier, table).likely[points]
    return verdicts(likely, table, own)


def ensemble(table: Table, mix: Mix, seed: int) -> Ensemble:
    """Networks fitted on all that is not held out, and cooled on questions that a first one had not seen."""
    used = _seen(table)
    tuning = np.array([bucket("tuning", row.group) % 5 == 0 for row in table.rows]) & used
    warmth = tempered(fit(table, used & ~tuning, mix, seed), table, tuning, mix)
    return Ensemble(
        networks=[fit(table, used, mix, seed + number) for number in range(SEEDS)], temperature=warmth
    )


def shipped(table: Table, rarity: Rarity, seed: int) -> Verifier:
    """The weights that ship."""
    return Verifier(
        version=VERSION,
        features=NAMES,
        key_points=ensemble(table, OF_KEY_POINTS, seed),
        general=ensemble(table, OF_ALL_SETS, seed),
        line=value_line(table, _seen(table)),
        rarity=rarity.units,
        token_rarity=rarity.tokens,
    )


def measured_by(verifier: Verifier, table: Table) -> dict[str, Figures]:
    """Figures on held-out questions of the sets in the table and on the development part of gold."""
    gold, used = _of_source(table, GOLD), _seen(table)
    held = ~used & ~gold
    likely = judged(verifier, table)
    sources = {row.source for row in table.rows}
    found = {
        source: figures(likely, table, held & _of_source(table, source), used)
        for source in PUBLIC
        if source in sources
    }
    found[GOLD] = figures(likely, table, gold, used)
    for kind in sorted(source for source in sources if source.startswith("made:")):
        found[kind] = verdicts(likely.likely, table, held & _of_source(table, kind))
    return found


def _seen(table: Table) -> NDArray[np.bool_]:
    """Rows that the shipped weights are fitted on."""
    return ~np.array([is_held_out(row) for row in table.rows]) & ~_of_source(table, GOLD)


def _touched_by(table: Table, source: str) -> NDArray[np.bool_]:
    """Rows of a set and those made of it."""
    return np.array([row.source == source or row.group.startswith(f"{source}/") for row in table.rows])


def _of_source(table: Table, source: str) -> NDArray[np.bool_]:
    return np.array([row.source == source for row in table.rows])


def _fitted(table: Table, used: NDArray[np.bool_], seed: int, mix: Mix = OF_ALL_SETS) -> Verifier:
    """Judges both kinds of key points alike."""
    alone = Ensemble(networks=[fit(table, used, mix, seed)])
    line = value_line(table, used)
    return Verifier(version=VERSION, features=NAMES, key_points=alone, general=alone, line=line)


def write(verifier: Verifier, measured: Measured, out: Path) -> None:
    """The weights as JSON, and the figures beside them."""
    dumped = json.dumps(verifier.model_dump(mode="json"), ensure_ascii=False, separators=(",", ":"))
    out.write_text(dumped + "\n", "utf-8")
    _figures_of(out).write_text(_one_set_a_line(measured), "utf-8")


def _figures_of(weights: Path) -> Path:
    return weights.with_suffix(".figures.json")


def _one_set_a_line(measured: Measured) -> str:
    text = json.dumps(measured, ensure_ascii=False, indent=1)
    return (
        re.sub(r"\{\s+(\"[^{}]*?)\s+\}", lambda match: "{" + re.sub(r"\s+", " ", match[1]) + "}", text) + "\n"
    )


def train(rows: Sequence[Row], embedder: TokenEmbedder, cache: Path | None, seed: int) -> Trained:
    """The verifier, and how it does."""
    rarity = rarity_of([row for row in rows if row.source != GOLD], embedder)
    table = table_of(rows, featurise(rows, embedder, rarity, cache, _told))
    verifier = shipped(table, rarity, seed)
    return verifier, {"transfer": transfer(table, seed), "shipped": measured_by(verifier, table)}


def train_key_points(
    rows: Sequence[Row], embedder: TokenEmbedder, cache: Path | None, seed: int, kept: Path
) -> Trained:
    """The verifier in `kept` with what judges key points fitted anew, and how that does.

    Raises:
        ValueError: What is kept was trained on other features.
    """
    verifier = Verifier.model_validate_json(kept.read_bytes())
    rarity = Rarity(verifier.rarity, verifier.token_rarity)
    used = [row for row in rows if row.source not in PUBLIC]
    table = table_of(used, featurise(used, embedder, rarity, cache, _told))
    verifier = verifier.model_copy(
        update={"version": VERSION, "key_points": ensemble(table, OF_KEY_POINTS, seed)}
    )
    measured: Measured = json.loads(_figures_of(kept).read_text("utf-8"))
    measured["transfer"][f"{OWN}, other questions seen"] = _across(table, seed)
    measured["shipped"] |= measured_by(verifier, table)
    return verifier, measured


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
    parser.add_argument("--key-points-only", action="store_true", help="keep what all sets taught")
    asked = parser.parse_args()
    if not asked.data.is_dir():
        parser.error(f"--data: {asked.data} is no folder; give the one that holds the graded sets")
    if asked.key_points_only and not asked.out.is_file():
        parser.error(f"--out: {asked.out} does not exist; leave out --key-points-only to train everything")
    logging.basicConfig(level=logging.INFO, format="%(message)s")
    from bot.adapters.embedding import make_pinned_embedder
    from bot.models import open_models
    from bot.settings import load_settings

    rows = gather(asked.data, asked.corpus, asked.seed)
    _log.info("%d rows", len(rows))
    embedder = RememberingEmbedder(make_pinned_embedder(open_models(load_settings())))
    verifier, measured = (
        train_key_points(rows, embedder, asked.cache, asked.seed, asked.out)
        if asked.key_points_only
        else train(rows, embedder, asked.cache, asked.seed)
    )
    write(verifier, measured, asked.out)
    _log.info("%s", _one_set_a_line(measured))


if __name__ == "__main__":
    main()
