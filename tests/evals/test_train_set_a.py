"""Part A of the verifier's training set: enough, balanced, in true minimal pairs, and apart from the gold set."""

import hashlib
import json
from collections import Counter, defaultdict
from pathlib import Path

import pytest
from row_pairs import differing, kept, paired

from bot.domain.grades import AnswerQuote, Status, Verdict, score_of
from bot.domain.questions import KeyPoint
from bot.domain.spans import Span
from evals.cases import GradeCase, read_set

ROOT = Path(__file__).parents[2]
SET = ROOT / "evals" / "sets" / "train_zh.jsonl"
SAME_MEANING = {"paraphrased", "english", "moved_to_end"}
MOST_CHANGED = 3
"""Points that one changed passage may speak of."""
LEAST_KEPT = 0.34
"""Share of words in common; the least have one clause in English and another off target."""


@pytest.fixture(scope="module")
def cases():
    return [case for case in read_set(SET, GradeCase).cases if not case.id.startswith("tb-")]


@pytest.fixture(scope="module")
def rows():
    all_rows = [json.loads(line) for line in SET.read_text("utf-8").splitlines()]
    return [row for row in all_rows if not row["id"].startswith("tb-")]


@pytest.fixture(scope="module")
def families(rows):
    found = defaultdict(list)
    for row in rows:
        found[row["family"]].append(row)
    return found


def verdict(status: Status) -> Verdict:
    quote = None if status is Status.MISSING else AnswerQuote(text="x", span=Span(start=0, end=1))
    return Verdict(status=status, confidence=1, quote=quote)


def test_there_are_enough_answers_to_enough_questions(cases, rows):
    assert len(cases) >= 520
    assert len({case.question_id for case in cases}) >= 80
    assert sum(len(case.verdicts) for case in cases) >= 2000
    assert sum(row["written"] == "outright" for row in rows) * 2 >= len(rows)


def test_statuses_are_balanced(cases):
    counts = Counter(status for case in cases for status in case.verdicts)
    assert min(counts[status] for status in Status) >= 0.15 * counts.total()


def test_each_point_has_a_verdict_and_the_score_follows(cases):
    for case in cases:
        assert len(case.verdicts) == len(case.key_points)
        points = tuple(
            KeyPoint(text=p.text, weight=p.effective_weight, vital=p.vital, quote=None)
            for p in case.key_points
        )
        assert case.score == pytest.approx(score_of(points, tuple(map(verdict, case.verdicts))), abs=1e-4)


def test_no_question_is_in_the_gold_buckets(rows):
    buckets = {int(hashlib.sha256(row["question_id"].encode()).hexdigest(), 16) % 10 for row in rows}
    assert buckets.isdisjoint({0, 9})


def test_quotes_stand_in_the_notes(rows):
    notes = "\n".join(path.read_text("utf-8") for path in sorted((ROOT / "corpus").glob("*.md")))
    quotes = {point["quote"] for row in rows for point in row["key_points"]}
    assert [quote for quote in quotes if quote not in notes] == []


def test_no_answer_stands_twice(rows):
    answers = Counter((row["question_id"], row["answer"]) for row in rows)
    assert [key for key, count in answers.items() if count > 1] == []


def test_families_open_with_their_base_and_all_others_name_a_pair(families):
    for name, family in families.items():
        assert len(family) >= 2, name
        assert family[0]["change"] == "base", name
        assert [row["id"] for row in family if (row["pair"] is None) != (row["change"] == "base")] == []


def test_a_changed_answer_differs_from_its_pair_exactly_where_its_meaning_does(rows):
    for row, other in paired(rows):
        apart = differing(row, other)
        assert apart == 0 if row["change"] in SAME_MEANING else 1 <= apart <= MOST_CHANGED, row["id"]
        if row["change"] not in SAME_MEANING:
            assert kept(row["answer"], other["answer"]) >= LEAST_KEPT, row["id"]


def test_the_datasheet_counts_the_pairs(rows):
    counts = Counter(differing(row, other) for row, other in paired(rows))
    text = " ".join((SET.parent / "train_zh_a.md").read_text("utf-8").split())
    assert f"{counts[0]} variants keep all verdicts" in text
    assert f"the other {counts.total() - counts[0]} differ from their pair" in text
    assert f"{counts[1]} of them in one" in text
