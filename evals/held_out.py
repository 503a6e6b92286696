"""The part of a public set that the examiner was not trained on.

Training holds out about a quarter of the questions of each set by a hash of set and question
(evals/train.py); these are the answers to them.
"""

import json
from collections.abc import Iterator
from pathlib import Path

from evals.train import is_test
from evals.train_rows import MISSING, Row

SOURCES = {"beetle_en": "beetle", "scientsbank_en": "scientsbank"}
"""Sets that training knows under another name."""


def held_out_lines(file: Path) -> Iterator[str]:
    """Lines of a set whose question was held out of training."""
    source = SOURCES.get(file.stem, file.stem)
    for line in file.read_text("utf-8").splitlines():
        group = str(json.loads(line)["question_id"])
        row = Row(source, group, answer_id="", question="", point="", answer="", target=MISSING)
        if is_test(row):
            yield line
