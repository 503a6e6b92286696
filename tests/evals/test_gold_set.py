"""The gold set for grading is what its datasheet says it is."""

import hashlib
import json
import re
from collections import Counter
from pathlib import Path

import pytest

from bot.domain.grades import CONTRADICTION_PENALTY, STATUS_VALUE, Status
from evals.cases import GradeCase, read_set

ROOT = Path(__file__).parents[2]
SETS = ROOT / "evals" / "sets"
CORPUS = ROOT / "corpus"
STYLES = {
    *("terse", "rambling", "fluent_empty", "wrong_reason", "paraphrase", "english", "mixed", "typos"),
    *("half_right", "confident_wrong", "negated", "swapped", "extra_error", "hedged", "full"),
}


RANK = {"contradicted": 0, "missing": 1, "partial": 2, "covered": 3}


def raw_rows(path):
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()]


@pytest.fixture(scope="module")
def rows():
    return raw_rows(SETS / "grade_zh.jsonl")


@pytest.fixture(scope="module")
def shipped():
    return {row["id"]: row for row in raw_rows(CORPUS / "questions.jsonl")}


@pytest.fixture(scope="module")
def second():
    return {row["id"]: row for row in raw_rows(SETS / "grade_zh.second.jsonl")}


@pytest.fixture(scope="module")
def sheet():
    """The cells of the datasheet's tables by the text of their first cell."""
    lines = (SETS / "grade_zh.datasheet.md").read_text("utf-8").splitlines()
    cells = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines if line.startswith("|")]
    return {first: rest for first, *rest in cells}


def sha(text):
    return int(hashlib.sha256(text.encode()).hexdigest(), 16)


def numbers(cells):
    return [float(found) for cell in cells for found in re.findall(r"\d+\.?\d*", cell)]


def verdicts_of(rows):
    return Counter(status for row in rows for status in row["verdicts"])


def test_there_are_enough_questions_and_answers(rows):
    answers = Counter(row["question_id"] for row in rows)
    assert len(answers) >= 44
    assert min(answers.values()) >= 8
    assert len(read_set(SETS / "grade_zh.jsonl", GradeCase).cases) == len(rows) >= 352


def test_questions_come_from_the_two_buckets_kept_for_gold(rows):
    assert {sha(row["question_id"]) % 10 for row in rows} <= {0, 9}


def test_questions_are_of_every_kind_and_difficulty_and_of_many_notes(rows, shipped):
    used = [shipped[question] for question in {row["question_id"] for row in rows}]
    assert {row["kind"] for row in used} == {row["kind"] for row in shipped.values()}
    assert {row["difficulty"] for row in used} == {1, 2, 3}
    assert len({row["note"] for row in used}) >= 30


def test_every_status_has_its_share_in_both_halves(rows):
    for half in (rows, *([r for r in rows if r["split"] == s] for s in ("dev", "test"))):
        counts = verdicts_of(half)
        shares = {status: counts[status] / counts.total() for status in Status}
        assert shares[Status.CONTRADICTED] >= 0.15
        assert shares[Status.PARTIAL] >= 0.15
        assert min(shares[Status.COVERED], shares[Status.MISSING]) >= 0.25
        assert max(shares.values()) <= 0.4


def test_each_point_has_one_verdict_and_one_reason(rows):
    for row in rows:
        assert len(row["verdicts"]) == len(row["reasons"]) == len(row["key_points"]), row["id"]
        assert set(row["verdicts"]) <= set(Status), row["id"]
        assert all(reason.strip() and "\n" not in reason for reason in row["reasons"]), row["id"]


def test_key_points_are_those_that_ship_and_their_quotes_stand_in_the_note(rows, shipped):
    for row in rows:
        question = shipped[row["question_id"]]
        note = (CORPUS / question["note"]).read_text("utf-8")
        assert row["question"] == question["question"]
        assert row["key_points"] == question["key_points"], row["id"]
        assert all(point["quote"] in note for point in row["key_points"]), row["id"]


def test_no_answer_stands_twice_or_copies_a_key_point(rows):
    plain = Counter(re.sub(r"\W", "", row["answer"]).lower() for row in rows)
    assert [answer for answer, count in plain.items() if count > 1] == []
    copies = [row["id"] for row in rows for p in row["key_points"] if p["text"] in row["answer"]]
    assert copies == []


def test_answers_to_a_question_are_of_many_styles(rows):
    assert {row["style"] for row in rows} == STYLES
    for question in {row["question_id"] for row in rows}:
        assert len({row["style"] for row in rows if row["question_id"] == question}) >= 7


def test_split_follows_the_hash_of_the_question(rows):
    for row in rows:
        assert row["split"] == ("test" if sha("gold:" + row["question_id"]) % 2 else "dev"), row["id"]


def test_scores_follow_from_the_verdicts(rows):
    for row in rows:
        pairs = list(zip(row["key_points"], row["verdicts"], strict=True))
        earned = sum(point["weight"] * STATUS_VALUE[Status(status)] for point, status in pairs)
        wrong = sum(p["weight"] for p, status in pairs if p["vital"] and status == Status.CONTRADICTED)
        vital = sum(point["weight"] for point, _ in pairs if point["vital"])
        expected = min(1.0, max(0.0, (earned - CONTRADICTION_PENALTY * wrong) / vital))
        assert row["score"] == pytest.approx(expected, abs=1e-4), row["id"]
        assert row["max_score"] == 1


def test_the_datasheet_counts_as_the_file_does(rows, sheet):
    for part in ("all", "dev", "test"):
        chosen = [row for row in rows if part in ("all", row["split"])]
        counts = verdicts_of(chosen)
        questions = len({row["question_id"] for row in chosen})
        expected = [questions, len(chosen), counts.total(), *(counts[status] for status in Status)]
        assert numbers(sheet[part]) == expected
    assert {style: int(sheet[style][0]) for style in STYLES} == Counter(row["style"] for row in rows)


def test_agreement_of_the_two_passes_is_as_the_datasheet_says(rows, second, sheet):
    from sklearn.metrics import cohen_kappa_score

    assert set(second) == {row["id"] for row in rows}
    pairs = [pair for row in second.values() for pair in zip(row["first"], row["verdicts"], strict=True)]
    first, again = ([RANK[status] for status in side] for side in zip(*pairs, strict=True))
    differences = sum(a != b for a, b in pairs)
    assert numbers(sheet["verdicts labelled twice"]) == [len(pairs)]
    assert numbers(sheet["differences"]) == [differences]
    assert numbers(sheet["Cohen's kappa, unweighted"]) == [round(cohen_kappa_score(first, again), 3)]
    weighted = cohen_kappa_score(first, again, weights="quadratic")
    assert numbers(sheet["Cohen's kappa, quadratic"]) == [round(weighted, 3)]


def test_only_what_the_passes_disagreed_on_was_settled_otherwise(rows, second):
    """A label on which both passes agreed stands as it is."""
    for row in rows:
        passes = second[row["id"]]
        for final, one, two in zip(row["verdicts"], passes["first"], passes["verdicts"], strict=True):
            assert final in (one, two), row["id"]


@pytest.mark.parametrize("split", ["dev", "test"])
def test_agreement_in_each_half_is_as_the_datasheet_says(rows, second, sheet, split):
    from sklearn.metrics import cohen_kappa_score

    chosen = [second[row["id"]] for row in rows if row["split"] == split]
    pairs = [pair for row in chosen for pair in zip(row["first"], row["verdicts"], strict=True)]
    first, again = ([RANK[status] for status in side] for side in zip(*pairs, strict=True))
    kappas = [cohen_kappa_score(first, again), cohen_kappa_score(first, again, weights="quadratic")]
    told = numbers(sheet[f"kappa on {split}, unweighted and quadratic"])
    assert told == [round(kappa, 3) for kappa in kappas]


def test_how_differences_were_settled_is_as_the_datasheet_says(rows, second):
    text = " ".join((SETS / "grade_zh.datasheet.md").read_text("utf-8").split())
    settled = Counter()
    for row in rows:
        passes = second[row["id"]]
        for final, one, two in zip(row["verdicts"], passes["first"], passes["verdicts"], strict=True):
            if one != two:
                settled["second" if final == two else "first"] += 1
                settled["no partial"] += Status.PARTIAL not in (one, two)
                settled["of a full answer"] += row["style"] == "full"
    assert (
        f"The second label was kept in {settled['second']} of {settled['first'] + settled['second']}" in text
    )
    assert f"the first in {settled['first']}." in text
    assert f"it holds all but {settled['no partial']} of the differences" in text
    assert settled["of a full answer"] == 0
    assert f"English and mixed answers are {sum(row['lang'] != 'zh' for row in rows)}," in text


def test_the_kinds_of_difference_add_up(second, sheet):
    """`first` and `verdicts` of each row differ as often as the table of kinds says in all."""
    kinds = [int(rest[0]) for first, rest in sheet.items() if len(rest) == 2 and ":" in first]
    apart = (a != b for row in second.values() for a, b in zip(row["first"], row["verdicts"], strict=True))
    assert sum(kinds) == sum(apart)
