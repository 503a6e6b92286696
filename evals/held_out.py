"""The part of a public set that the examiner was not trained on.

Training holds out about a quarter of the questions of each set by a hash of set and question
(evals/train_gather.py); these are the answers to them.
"""

import json
from collections.abc import Iterator
from pathlib import Path

from evals.train_gather import is_test


def held_out_lines(file: Path) -> Iterator[str]:
    """Lines of a set whose question was held out of training."""
    for line in file.read_text("utf-8").splitlines():
        if is_test(file.stem, str(json.loads(line)["question_id"])):
            yield line
