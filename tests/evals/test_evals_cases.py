"""Reading sets: what is accepted, what is refused, and with which words."""

import json

import pytest

from bot.domain.errors import BadInput
from bot.domain.grades import Status
from bot.texts import speaking
from evals.cases import GradeCase, RefuseCase, RetrieveCase, read_set
from evals.sampling import sample

GRADE = {"id": "a", "question": "Why?", "answer": "So.", "score": 1, "max_score": 2, "reference": "Because."}


def write(tmp_path, *lines):
    path = tmp_path / "set.jsonl"
    path.write_text(
        "\n".join(json.dumps(line) if isinstance(line, dict) else line for line in lines), "utf-8"
    )
    return path


def read_one(tmp_path, kind=GradeCase, **fields):
    return read_set(write(tmp_path, GRADE | fields), kind).cases[0]


def problems(tmp_path, kind, *lines):
    with speaking("en"), pytest.raises(BadInput) as caught:
        read_set(write(tmp_path, *lines), kind)
    with speaking("en"):
        return str(caught.value)


def test_unknown_fields_are_ignored_and_kept_in_the_raw_line(tmp_path):
    found = read_set(write(tmp_path, GRADE | {"label5": "correct", "split": "train"}), GradeCase)
    assert found.raw["a"]["split"] == "train"
    assert found.cases[0].gold == 0.5


def test_reference_is_a_text_or_alternatives(tmp_path):
    assert read_one(tmp_path).reference == ("Because.",)
    assert read_one(tmp_path, reference=["x", " ", "y"]).reference == ("x", "y")


def test_null_is_absent(tmp_path):
    case = read_one(tmp_path, key_points=None, verdicts=None, question_id=None, passage=None, lang=None)
    assert (case.key_points, case.verdicts, case.group) == ((), None, "Why?")


def test_weights_have_defaults(tmp_path):
    case = read_one(
        tmp_path, key_points=[{"text": "x"}, {"text": "y", "weight": 40}, {"text": "z", "vital": False}]
    )
    assert [point.effective_weight for point in case.key_points] == [1.0, 40.0, 0.5]


def test_numbers_may_be_ids_and_are_kept_as_numbers(tmp_path):
    case = read_one(tmp_path, id=7, question_id=3)
    assert (case.id, case.group) == (7, "3")


def test_byte_order_mark_and_blank_lines(tmp_path):
    path = tmp_path / "set.jsonl"
    path.write_bytes(b"\xef\xbb\xbf\n" + json.dumps(GRADE).encode() + b"\r\n\r\n")
    assert len(read_set(path, GradeCase).cases) == 1


@pytest.mark.parametrize(
    ("fields", "word"),
    [
        ({"score": -1}, "score"),
        ({"score": "much"}, "score"),
        ({"score": float("nan")}, "score"),
        ({"max_score": 0}, "max_score"),
        ({"max_score": -1}, "max_score"),
        ({"max_score": float("nan")}, "max_score"),
        ({"max_score": None}, "max_score"),
        ({"question": " "}, "question"),
        ({"answer": ["So."]}, "answer"),
        ({"answer": float("nan")}, "answer"),
        ({"reference": None}, "key_points or reference"),
        ({"reference": ["", " "]}, "key_points or reference"),
        ({"reference": {"text": "x"}}, "text or a list"),
        ({"key_points": [{"text": ""}]}, "key_points.0.text"),
        ({"key_points": [{"text": "x", "weight": 0}]}, "key_points.0.weight"),
        ({"key_points": [{"text": "x", "vital": False}]}, "vital"),
        ({"key_points": [{"text": "x"}], "verdicts": ["covered", "covered"]}, "as many"),
        ({"key_points": [{"text": "x"}], "verdicts": ["right"]}, "verdicts.0"),
    ],
)
def test_a_bad_field_is_named_with_its_line(tmp_path, fields, word):
    message = problems(tmp_path, GradeCase, GRADE, GRADE | {"id": "b"} | fields)
    assert "line 2" in message
    assert word in message


def test_every_bad_line_is_named_at_once(tmp_path):
    message = problems(tmp_path, GradeCase, '{"id": "a", ', "[1]", {"id": "b"}, GRADE)
    assert "3 problem" in message
    assert "line 1: not JSON" in message
    assert "line 2: not a JSON object" in message
    assert "line 3: question" in message


@pytest.mark.parametrize("answer", [{}, {"answer": None}, {"answer": ""}])
def test_no_answer_is_a_blank_one(tmp_path, answer):
    line = {name: value for name, value in GRADE.items() if name != "answer"} | answer
    assert read_set(write(tmp_path, line), GradeCase).cases[0].answer == ""


def test_numbers_stand_for_their_text(tmp_path):
    case = read_one(tmp_path, question=1, answer=2.5, reference=[3, True, "x"], passage=7)
    assert (case.question, case.answer, case.reference, case.passage) == ("1", "2.5", ("3", "true", "x"), "7")
    assert read_one(tmp_path, reference=0).reference == ("0",)
    points = read_one(tmp_path, key_points=[{"text": 12, "quote": 12}]).key_points
    assert (points[0].text, points[0].quote) == ("12", "12")


def test_a_score_with_bonus_marks_counts_as_full_marks(tmp_path):
    assert read_one(tmp_path, score=3).gold == 1.0


def test_what_nobody_has_graded_is_read(tmp_path):
    for score in (None, " "):
        assert read_one(tmp_path, score=score).score is None
    bare = {name: value for name, value in GRADE.items() if name not in ("score", "max_score")}
    assert read_set(write(tmp_path, bare), GradeCase).cases[0].score is None


def test_a_line_without_an_id_gets_one_by_its_number(tmp_path):
    lines = [GRADE | {"id": None}, "", {k: v for k, v in GRADE.items() if k != "id"}, GRADE | {"id": " "}]
    found = read_set(write(tmp_path, *lines), GradeCase)
    assert [case.id for case in found.cases] == ["line-1", "line-3", "line-4"]
    assert [line["id"] for line in found.raw.values()] == ["line-1", "line-3", "line-4"]
    probes = write(tmp_path, {"query": 7, "must_contain": 8}, {"query": "x", "must_contain": "y", "id": 1.5})
    read = read_set(probes, RetrieveCase)
    assert [(case.id, case.query, case.must_contain) for case in read.cases] == [
        ("line-1", "7", "8"),
        ("1.5", "x", "y"),
    ]
    assert read.raw["1.5"]["id"] == "1.5"
    refusal = read_set(write(tmp_path, {"query": 7, "answerable": True}), RefuseCase)
    assert (refusal.cases[0].id, refusal.cases[0].query) == ("line-1", "7")


def test_a_blank_text_beside_a_place_is_absent(tmp_path):
    place = {"path": "a.md", "start": 0, "end": 5}
    probe = {"id": "a", "query": "x", "must_contain": "", "passage": place}
    assert read_set(write(tmp_path, probe), RetrieveCase).cases[0].must_contain is None


def test_key_points_may_be_plain_texts_and_null_is_the_default(tmp_path):
    given = ["x", {"text": "y", "vital": None, "weight": None}, {"text": "z", "vital": False, "quote": None}]
    found = read_one(tmp_path, key_points=given).key_points
    assert [(point.text, point.vital, point.effective_weight) for point in found] == [
        ("x", True, 1.0), ("y", True, 1.0), ("z", False, 0.5),
    ]  # fmt: skip


def test_null_among_references_is_dropped(tmp_path):
    assert read_one(tmp_path, reference=[None, "x", None]).reference == ("x",)


def test_verdicts_beside_a_reference_are_ignored_and_statuses_may_be_in_capitals(tmp_path):
    assert read_one(tmp_path, verdicts=["covered", "nonsense"]).verdicts is None
    case = read_one(tmp_path, key_points=["x", "y", "z"], verdicts=["Covered", " MISSING", ""])
    assert case.verdicts == (Status.COVERED, Status.MISSING, None)


def test_a_language_that_is_no_text_and_raters_that_are_no_numbers_are_ignored(tmp_path):
    case = read_one(tmp_path, lang=["zh"], raters=[1, float("nan")], question_id=" ")
    assert (case.lang, case.raters, case.question_id) == (None, (), None)


def test_an_id_twice_is_refused(tmp_path):
    assert "id 1" in problems(tmp_path, GradeCase, GRADE | {"id": 1}, GRADE | {"id": "1"})


def test_an_empty_set_is_refused(tmp_path):
    assert "no cases" in problems(tmp_path, GradeCase, "", " ")


def test_no_text_is_refused(tmp_path):
    path = tmp_path / "set.jsonl"
    path.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(BadInput):
        read_set(path, GradeCase)
    with pytest.raises(BadInput):
        read_set(tmp_path / "absent.jsonl", GradeCase)


def test_a_probe_needs_a_text_or_a_place(tmp_path):
    assert "must_contain or passage" in problems(tmp_path, RetrieveCase, {"id": "a", "query": "x"})
    place = {"path": "a.md", "start": 5, "end": 5}
    assert "end must be above" in problems(
        tmp_path, RetrieveCase, {"id": "a", "query": "x", "passage": place}
    )


def test_answerable_is_needed(tmp_path):
    assert "answerable" in problems(tmp_path, RefuseCase, {"id": "a", "query": "x"})


def cases(questions, answers):
    return tuple(
        GradeCase.model_validate(GRADE | {"id": f"{q}-{a}", "question_id": str(q)})
        for q in range(questions)
        for a in range(answers)
    )


def test_a_sample_is_the_same_each_time_and_spread_over_questions():
    whole = cases(20, 30)
    chosen = sample(whole, 100, seed=0)
    assert chosen == sample(tuple(reversed(whole)), 100, seed=0)[::-1]
    assert len(chosen) == 100
    assert len({case.group for case in chosen}) == 10
    assert [case.id for case in chosen] == [case.id for case in whole if case in chosen]
    assert sample(whole, 100, seed=1) != chosen


def test_a_sample_larger_than_the_set_takes_ten_answers_of_each_question():
    assert len(sample(cases(3, 30), 1000, seed=0)) == 30
    assert len(sample(cases(3, 4), 1000, seed=0)) == 12


@pytest.mark.parametrize(
    "conversation",
    [
        ["什么是早停？", "它看什么？"],
        [
            {"role": "user", "content": "什么是早停？"},
            {"role": "assistant", "content": "早停是……"},
            {"query": "它看什么？"},
        ],
        [["什么是早停？", "早停是……"], ["它看什么？", "验证集损失。"]],
    ],
)
def test_a_conversation_is_its_queries_whatever_it_is_written_as(conversation):
    given = {"id": 1, "query": "那什么时候停？", "must_contain": "停"}
    for name in ("conversation", "history"):
        case = RetrieveCase.model_validate(given | {name: conversation})
        assert case.conversation == ("什么是早停？", "它看什么？")
    assert RetrieveCase.model_validate(given | {"history": "something else"}).conversation == ()
