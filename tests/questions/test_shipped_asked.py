"""Each key point that ships can be known from its question alone: read by a reader, and checked by the product's rule.

`shipped_review.jsonl` is that reading of every question, one by one, by a language model that had not written them
(the two about AdaBoost, the last rows, were read again by their writer). For each key point in order: `yes`, a good
answer to the question would say it; `no`, the question does not ask for it, `because` of the reason under its number
from 1; `bonus`, it was a bonus already and was not judged. `wording` is a digest of the question and its key points
as they were read.
"""

import json
import re
from pathlib import Path

import pytest
from fakes.store import MemoryStore

from bot.domain.notes import Collection
from bot.domain.spans import digest
from bot.ingest import parse, read_document
from bot.questions.asking import MOST_OTHERS
from bot.questions.shipped import load_shipped, read_shipped
from bot.questions.verify import Verifier
from evals.adapter.data import OWN_SETS

ROOT = Path(__file__).parents[2]
CORPUS = ROOT / "corpus"
SETS = ROOT / "evals" / "sets"
REVIEW = Path(__file__).with_name("shipped_review.jsonl")
MOST_DOUBTED = 0.1
"""Share of true key points that the rule may doubt; it was measured to doubt 10 to 15 %."""
LONGEST = 50
"""Characters and words of a point; a formula, a number or a Latin word counts as one."""


def lines(path):
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()]


@pytest.fixture(scope="module")
def shipped():
    return {
        question.id: question for question in read_shipped((CORPUS / "questions.jsonl").read_text("utf-8"))
    }


@pytest.fixture(scope="module")
def review():
    return {row["id"]: row for row in lines(REVIEW)}


@pytest.fixture(scope="module")
def gold():
    return {row["question_id"] for row in lines(SETS / "grade_zh.jsonl")}


@pytest.fixture(scope="module")
def labelled(gold):
    """Questions whose key points verdicts hang on, so that they stay as they are."""
    return gold | {row["question_id"] for name in OWN_SETS for row in lines(SETS / f"{name}.jsonl")}


def test_every_question_was_read_once(shipped) -> None:
    assert sorted(row["id"] for row in lines(REVIEW)) == sorted(shipped)


def test_what_was_read_still_stands(shipped, review) -> None:
    """When a question or key point is reworded, read it again and store the new digest."""
    stale = [
        row["id"]
        for row in review.values()
        if row["wording"]
        != digest(shipped[row["id"]].question, *(point.text for point in shipped[row["id"]].key_points))
    ]
    assert stale == []


def test_a_point_that_its_question_does_not_ask_for_counts_as_a_bonus_only(shipped, review) -> None:
    wrong = []
    for row in review.values():
        for point, asked in zip(shipped[row["id"]].key_points, row["asked"], strict=True):
            assert asked in {"yes", "no", "bonus"}
            if (asked == "yes") != point.vital:
                wrong.append((row["id"], point.text))
    assert wrong == []


def test_what_is_not_asked_for_has_its_reason(review) -> None:
    for row in review.values():
        unasked = {str(place) for place, asked in enumerate(row["asked"], 1) if asked == "no"}
        assert {place for place, reason in row.get("because", {}).items() if reason} == unasked, row["id"]


@pytest.mark.real
def test_the_rule_for_proposals_doubts_little_of_what_ships(shipped, embedder) -> None:
    """The rule that turns down proposed points; it looks at the last of the other questions, here the same note's."""
    store = MemoryStore()
    for path in sorted(CORPUS.glob("*.md")):
        store.notes.save(parse(read_document(path.read_bytes(), path.name, Collection.SAMPLE)))
    placed = {question.id: question for question in load_shipped(store, list(shipped.values()))}
    some = list(shipped.values())[::6]
    verifier = Verifier(store, embedder)
    doubted = []
    for one in some:
        by_nearness = sorted(shipped.values(), key=lambda other: other.note == one.note)
        others = [placed[other.id] for other in by_nearness if other.id != one.id][-MOST_OTHERS:]
        doubted += [
            point.text
            for point in one.key_points
            if not verifier.asks_for(one.question, point.text, point.quote, others)
        ]
    assert len(doubted) <= MOST_DOUBTED * sum(len(question.key_points) for question in some)


def test_points_that_no_label_hangs_on_are_short(shipped, labelled) -> None:
    free = [q for q in shipped.values() if q.id not in labelled and not q.note.endswith(".en.md")]
    sizes = {point.text: _size(point.text) for question in free for point in question.key_points}
    assert {text: size for text, size in sizes.items() if size > LONGEST} == {}


def _size(text: str) -> int:
    without_formulas = re.sub(r"\$[^$]*\$", "F", text)
    return len(re.findall(r"[一-鿿]|[^\s一-鿿，。、；：（）“”？]+", without_formulas))
