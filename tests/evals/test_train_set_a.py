"""Part A of the verifier's training set: enough, balanced, in true minimal pairs, and apart from the gold set."""

import hashlib
import json
from collections import Counter, defaultdict
from pathlib import Path

import pytest

from bot.domain.grades import AnswerQuote, Status, Verdict, score_of
from bot.domain.questions import KeyPoint
from bot.domain.spans import Span
from evals.cases import GradeCase, read_set

ROOT = Path(__file__).parents[2]
SET = ROOT / "evals" / "sets" / "train_zh.jsonl"
SAME_MEANING = {"paraphrased", "english", "moved_to_end"}


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


def test_a_changed_answer_differs_from_a_sibling_exactly_where_its_meaning_does(families):
    for name, family in families.items():
        assert len(family) >= 2, name
        assert family[0]["change"] == "base", name
        for place, row in enumerate(family[1:], start=1):
            same = [row["verdicts"] == earlier["verdicts"] for earlier in family[:place]]
            assert any(same) if row["change"] in SAME_MEANING else not all(same), row["id"]
