"""Nothing that ships as notes or questions is copied from the texts that came with the task."""

import os
import re
from pathlib import Path

import pytest
from notes_on_disk import CORPUS

RUN = 30
"""Characters without white space; no phrase or formula that two writers share by chance was seen to be so long."""


def shared() -> Path:
    given = os.environ.get("KAODIAN_SHARED")
    return Path(given) if given else CORPUS.parents[1] / "shared"


def runs(text: str) -> set[str]:
    tight = re.sub(r"\s+", "", text)
    return {tight[i : i + RUN] for i in range(len(tight) - RUN + 1)}


def texts(folder: Path) -> list[str]:
    paths = (path for path in sorted(folder.rglob("*")) if path.suffix in {".md", ".txt", ".jsonl"})
    return [path.read_text("utf-8", errors="replace") for path in paths]


@pytest.fixture(scope="module")
def ours() -> set[str]:
    return set().union(*map(runs, texts(CORPUS)))


@pytest.mark.parametrize("name", ["seeds", "corpora"])
def test_no_long_run_stands_in_the_texts_given(ours, name: str):
    folder = shared() / name
    if not folder.is_dir():
        pytest.skip(f"../shared/{name} is absent; set KAODIAN_SHARED to the folder that holds {name}/")
    theirs = texts(folder)
    assert theirs
    assert sorted(run for text in theirs for run in runs(text) & ours) == []


def test_a_copied_sentence_would_be_found(ours):
    copied = "另一篇文章的开头。" + (CORPUS / "dropout.md").read_text("utf-8")[300:360] + "另一篇文章的结尾。"
    assert runs(copied) & ours
