"""The project's own small sets stay true to the notes they were written for."""

import json
from pathlib import Path

import pytest

from bot.domain.grades import STATUS_VALUE, Status
from evals.cases import GradeCase, RefuseCase, RetrieveCase, read_set

ROOT = Path(__file__).parents[2]
SETS = ROOT / "evals" / "sets"


@pytest.fixture(scope="module")
def notes():
    return "\n".join(path.read_text("utf-8") for path in sorted((ROOT / "corpus").glob("*.md")))


def raw_rows(name):
    return [json.loads(line) for line in (SETS / name).read_text("utf-8").splitlines()]


def test_probes_look_for_words_of_the_notes(notes):
    found = read_set(SETS / "retrieve_small.jsonl", RetrieveCase)
    assert len(found.cases) >= 30
    assert [case.id for case in found.cases if case.must_contain not in notes] == []


def test_probes_are_of_every_kind():
    kinds = [row["kind"] for row in raw_rows("retrieve_small.jsonl")]
    assert set(kinds) == {"paraphrase", "english", "abbreviation", "symptom", "misspelt"}
    assert min(kinds.count(kind) for kind in kinds) >= 5


def test_paraphrases_share_no_long_term_with_what_they_look_for():
    for row in raw_rows("retrieve_small.jsonl"):
        if row["kind"] == "paraphrase":
            query, wanted = row["query"], row["must_contain"]
            shared = [query[i : i + 4] for i in range(len(query) - 3) if query[i : i + 4] in wanted]
            assert not shared, (row["id"], shared)


def test_half_of_what_the_notes_do_not_answer_is_near_the_topic():
    rows = raw_rows("refuse_small.jsonl")
    kinds = [row["kind"] for row in rows]
    assert len(read_set(SETS / "refuse_small.jsonl", RefuseCase).cases) >= 30
    assert kinds.count("answerable") >= 12
    assert abs(kinds.count("near") - kinds.count("far")) <= 2
    assert all(row["answerable"] == (row["kind"] == "answerable") for row in rows)


def test_what_is_said_to_be_absent_is_absent(notes):
    """When a note on one of these is added, its probe must become answerable or go."""
    rows = [row for row in raw_rows("refuse_small.jsonl") if not row["answerable"]]
    assert [row["id"] for row in rows if row["absent"] in notes] == []


def test_quotes_of_key_points_stand_in_the_notes(notes):
    found = read_set(SETS / "grade_small.jsonl", GradeCase)
    assert len(found.cases) >= 20
    assert len({case.group for case in found.cases}) >= 5
    quotes = {point.quote for case in found.cases for point in case.key_points}
    assert [quote for quote in quotes if quote not in notes] == []


def test_our_scores_follow_from_our_verdicts():
    """docs/grading.md's formula; the 0.25 is the penalty for a contradicted vital point."""
    for case in read_set(SETS / "grade_small.jsonl", GradeCase).cases:
        pairs = list(zip(case.key_points, case.verdicts, strict=True))
        earned = sum(point.effective_weight * STATUS_VALUE[status] for point, status in pairs)
        lost = sum(
            point.effective_weight for point, status in pairs if point.vital and status is Status.CONTRADICTED
        )
        vital = sum(point.effective_weight for point in case.key_points if point.vital)
        assert case.score == pytest.approx(min(1, max(0, (earned - 0.25 * lost) / vital)), abs=1e-3), case.id


def test_every_sort_of_answer_and_verdict_occurs():
    rows = raw_rows("grade_small.jsonl")
    wanted = {"terse", "rambling", "negated", "swapped", "half", "empty", "english", "off_topic", "gave_up"}
    assert wanted <= {row["style"] for row in rows}
    assert {status for row in rows for status in row["verdicts"]} == set(map(str, Status))
