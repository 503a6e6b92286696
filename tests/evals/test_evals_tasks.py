"""From a case through a product to a row in the stable format."""

import json

import pytest
from fakes.embedder import FakeEmbedder
from fakes.library import library_of

from bot.adapters.llm.metered import Spent, charge
from bot.domain.answers import Decider, Explanation, Outcome
from bot.domain.errors import BadInput, ModelUnavailable
from bot.domain.grades import AnswerQuote, Flag, Grade, Status, Verdict
from bot.domain.questions import KeyPoint, Quote
from bot.domain.spans import Span
from evals.cases import GradeCase, RefuseCase, RetrieveCase
from evals.grading import GradeTask
from evals.matching import check_passages
from evals.product import AnsweringProduct, Facts, GradingProduct, RetrievalProduct
from evals.refusing import RefuseTask
from evals.retrieving import RetrieveTask


def fake_grade(question_id, question, key_points, answer, passage=None):
    """Covered where the answer holds the point's text; fails on demand."""
    if answer == "raise":
        raise ModelUnavailable("evals.no_key_points")
    if answer == "crash":
        raise ZeroDivisionError("by zero")
    common = {
        "id": "g",
        "question_id": question_id,
        "question": question,
        "key_points": key_points,
        "key_points_hash": "h",
        "answer": answer,
        "path": f"fake {passage}" if passage else "fake",
        "seconds": 0.0,
    }
    if answer == "fail":
        return Grade(**common, error="no model")
    return Grade(
        **common, verdicts=tuple(_verdict(point.text, answer) for point in key_points), flags=(Flag.COPIED,)
    )


def _verdict(text, answer):
    at = answer.find(text)
    if at < 0:
        return Verdict(status=Status.MISSING, confidence=0.75)
    quote = AnswerQuote(text=text, span=Span(start=at, end=at + len(text)))
    return Verdict(status=Status.COVERED, confidence=0.9, quote=quote)


def points_of_reference(question, reference):
    parts = [part for part in reference.split("；") if part != "无"]
    quote = {"document_id": "d", "chunk_id": "c", "span": Span(start=0, end=1)}
    return tuple(KeyPoint(text=part, quote=Quote(text=part, **quote)) for part in parts)


def grade(product_options=None, **fields):
    base = {"id": "a", "question": "为什么？", "answer": "x", "score": 1, "max_score": 1}
    task = GradeTask(GradingProduct(fake_grade, points_of_reference, Facts({}), **(product_options or {})))
    case = GradeCase.model_validate(base | fields)
    return task.row(case), task, case


def test_quotes_of_key_points_stand_for_the_notes_where_no_passage_is_given():
    quoted = [{"text": "甲", "quote": "原文一"}, {"text": "乙", "quote": "原文二"}]
    assert grade(key_points=quoted)[0]["path"] == "fake 原文一\n原文二"
    assert grade(key_points=quoted, passage="段落")[0]["path"] == "fake 段落"
    assert grade(key_points=[{"text": "甲"}])[0]["path"] == "fake"


def test_the_row_of_a_graded_answer_has_the_stable_fields():
    points = [{"text": "甲", "weight": 30, "quote": "原文"}, {"text": "乙", "weight": 10}]
    row, *_ = grade(key_points=points, answer="甲对", passage="段落")
    assert row.pop("seconds") >= 0
    assert row == {
        "id": "a",
        "score": 0.75,
        "key_points": [
            {"text": "甲", "weight": 30.0, "vital": True, "quote": "原文"},
            {"text": "乙", "weight": 10.0, "vital": True, "quote": None},
        ],
        "verdicts": [
            {"status": "covered", "confidence": 0.9, "quote": "甲"},
            {"status": "missing", "confidence": 0.75, "quote": None},
        ],
        "flags": ["copied"],
        "path": "fake 段落",
        "error": None,
    }


def test_key_points_win_over_a_reference():
    row, *_ = grade(key_points=[{"text": "甲"}], reference="乙", answer="乙")
    assert row["score"] == 0.0


def test_key_points_of_a_reference_are_made_by_the_product():
    row, *_ = grade(reference="甲；乙", answer="乙")
    assert [point["text"] for point in row["key_points"]] == ["甲", "乙"]
    assert row["key_points"][0]["quote"] == "甲"
    assert row["score"] == 0.5


def test_the_best_of_several_references_counts():
    row, *_ = grade(reference=["甲；乙", "丙", "丁"], answer="丙")
    assert row["score"] == 1.0
    assert [point["text"] for point in row["key_points"]] == ["丙"]


@pytest.mark.parametrize("answer", ["fail", "raise", "crash"])
def test_a_failure_is_a_row_with_its_error_and_no_score(answer):
    row, *_ = grade(reference="甲", answer=answer)
    assert row["score"] is None
    assert row["error"]
    assert row["verdicts"] == []
    json.dumps(row)


def test_a_reference_without_a_key_point_is_a_failure():
    row, *_ = grade(reference="无")
    assert row["score"] is None
    assert row["error"]


def test_a_reference_that_makes_no_key_point_is_passed_over_beside_others():
    row, *_ = grade(reference=["无", "甲"], answer="甲")
    assert row["score"] == 1.0
    assert row["error"] is None


def test_what_nobody_has_graded_counts_in_no_figure_that_needs_a_score():
    _, task, _ = grade(reference="甲")
    base = {"question": "为什么？", "max_score": 1, "reference": "甲"}
    given = [("甲", 1), ("乙", 0), ("甲", None), ("fail", None)]
    cases = [
        GradeCase.model_validate(base | {"id": i, "question_id": i, "answer": answer, "score": score})
        for i, (answer, score) in enumerate(given)
    ]
    rows = [task.row(case) for case in cases]
    metrics = task.metrics(cases, rows)
    assert metrics.counts == {"answers": 4, "questions": 4, "failed": 1, "unscored": 2}
    assert metrics.figures["failure_rate"].value == pytest.approx(1 / 4)
    assert metrics.figures["mae"].value == 0
    assert sum(int(str(row["n"])) for row in metrics.tables["by_band"]) == 2
    alone = task.metrics(cases[2:], rows[2:])
    assert alone.counts == {"answers": 2, "questions": 2, "failed": 1, "unscored": 2}
    assert "qwk" not in alone.figures
    assert not alone.floors


def test_people_agree_with_each_other_over_the_answers_that_two_have_graded():
    _, task, _ = grade(reference="甲")
    base = {"question": "为什么？", "max_score": 1, "reference": "甲", "answer": "甲"}
    cases = [
        GradeCase.model_validate(
            base
            | {"id": i, "question_id": i % 4, "score": i % 2, "raters": [i % 2, i % 2] if i < 11 else [1]}
        )
        for i in range(15)
    ]
    rows = [task.row(case) for case in cases]
    metrics = task.metrics(cases, rows)
    assert metrics.floors["raters"]["mae"].value == 0
    assert "two raters: 11/15" in metrics.notes
    few = task.metrics(cases[2:], rows[2:])
    assert "raters" not in few.floors
    assert not any(note.startswith("two raters") for note in few.notes)


def test_feedback_is_worded_only_when_asked_for():
    assert "feedback" not in grade(reference="甲")[0]
    row, *_ = grade({"feedback": lambda made: f"{made.score:.0%}"}, reference="甲", answer="甲")
    assert row["feedback"] == "100%"


def test_failures_count_as_zero_and_are_left_out():
    _, task, _ = grade(reference="甲")
    base = {"question": "为什么？", "max_score": 1, "reference": "甲"}
    cases = [
        GradeCase.model_validate(base | {"id": i, "question_id": i, "answer": answer, "score": score})
        for i, (answer, score) in enumerate([("甲", 1), ("乙", 0), ("fail", 1), ("甲", 0)])
    ]
    metrics = task.metrics(cases, [task.row(case) for case in cases])
    assert metrics.figures["failure_rate"].value == pytest.approx(1 / 4)
    assert metrics.figures["mae"].value == pytest.approx(1 / 3)
    assert metrics.figures["mae_nulls_as_0"].value == pytest.approx(2 / 4)
    assert metrics.counts == {"answers": 4, "questions": 4, "failed": 1}
    assert {row["name"]: row["scored"] for row in metrics.tables["by_band"]} == {"0": 2, "1": 1}


def test_a_run_in_which_all_fails_still_has_metrics():
    _, task, case = grade(reference="甲", answer="fail")
    metrics = task.metrics([case], [task.row(case)])
    assert metrics.figures["failure_rate"].value == 1.0
    assert "qwk" not in metrics.figures


def test_verdicts_are_compared_where_the_set_has_them():
    points = [{"text": "甲"}, {"text": "乙"}, {"text": "丙"}]
    _, task, case = grade(key_points=points, verdicts=["covered", "contradicted", None], answer="甲")
    metrics = task.metrics([case], [task.row(case)])
    assert metrics.figures["verdict_accuracy"].value == pytest.approx(0.5)
    assert metrics.figures["contradicted_recall"].value == pytest.approx(0.0)
    assert metrics.tables["confusion"][3] == {
        "gold": "contradicted",
        "covered": 0,
        "partial": 0,
        "missing": 1,
        "contradicted": 0,
    }
    assert metrics.figures["quotes_verbatim"].value == 1.0


NOTES = {
    "a.md": {
        "什么是批归一化？": "用**小批量**的均值和方差\n做标准化。",
        "什么是早停？": "验证误差不再下降就停止训练。",
    },
    "b.md": {"什么是卷积？": "同一组权重在各个位置上做加权求和，ＡＢＣ。"},
}


@pytest.fixture(scope="module")
def library():
    return library_of(NOTES, FakeEmbedder())


def retrieve_task(library, raw=None):
    chunks = library.store.notes.chunks()
    files = {document.source: document.raw for document in library.store.notes.documents()}
    product = RetrievalProduct(library.retriever.search, chunks, files, Facts({}))
    return RetrieveTask(product, raw or {"a": {"id": "a", "query": "q"}})


def look_up(library, **fields):
    given = {"id": "a", "note": "unknown field"} | fields
    return retrieve_task(library, {"a": given}).row(RetrieveCase.model_validate(given))


def test_the_row_repeats_the_line_and_adds_the_rank(library):
    row = look_up(library, query="早停 停止训练", must_contain="停止训练")
    assert row.pop("seconds") >= 0
    length = len("什么是早停？\n验证误差不再下降就停止训练。")
    assert row == {
        "id": "a",
        "note": "unknown field",
        "query": "早停 停止训练",
        "must_contain": "停止训练",
        "rank": 1,
        "rank_chars": length,
        "error": None,
    }


def test_a_follow_up_is_resolved_from_its_conversation_by_the_product_s_own_code(library):
    fields = {"must_contain": "停止训练", "conversation": ["什么是早停？"]}
    row = look_up(library, query="那它看什么？", **fields)
    assert row["standalone"] == "什么是早停？ 那它看什么？"
    assert row["rank"] == 1
    messages = [{"role": "user", "content": "什么是早停？"}, {"role": "assistant", "content": "批归一化"}]
    again = look_up(library, query="那它看什么？", must_contain="停止训练", conversation=messages)
    assert again["standalone"] == row["standalone"]


def test_a_follow_up_that_was_resolved_by_hand_is_measured_both_ways(library):
    given = {
        "id": "a", "query": "早停 停止训练", "follow_up": "那它呢？", "history": ["什么是批归一化？"],
        "must_contain": "停止训练",
    }  # fmt: skip
    task, case = retrieve_task(library, {"a": given}), RetrieveCase.model_validate(given)
    row = task.row(case)
    assert row["rank"] == 1
    assert row["standalone"] == "什么是批归一化？ 那它呢？"
    assert row["follow_up_rank"] != 1
    figures = task.metrics([case], [row]).figures
    assert figures["follow_up_by_hand_recall@1"].value == 1.0
    assert figures["follow_up_recall@1"].value == 0.0
    assert "follow_up_mrr" in figures


def test_marks_white_space_case_and_width_do_not_matter(library):
    assert look_up(library, query="批归一化", must_contain="小批量 的均值和方差做标准化")["rank"] == 1
    assert look_up(library, query="卷积", must_contain="abc")["rank"] is not None


def test_characters_count_all_chunks_up_to_the_right_one(library):
    row = look_up(library, query="什么是批归一化？标准化", must_contain="停止训练")
    assert row["rank"] > 1
    assert row["rank_chars"] > len("什么是早停？\n验证误差不再下降就停止训练。")


def test_a_place_in_a_file_is_looked_up_by_its_text(library):
    raw = library.store.notes.documents()[0].raw
    start = raw.index("验证误差")
    place = {"path": "a.md", "start": start, "end": start + 8}
    assert look_up(library, query="早停", passage=place)["rank"] == 1


def test_a_text_that_no_chunk_holds(library):
    row = look_up(library, query="早停", must_contain="不在笔记里的话")
    assert (row["rank"], row["rank_chars"], row["error"]) == (None, None, "not in any chunk")
    assert look_up(library, query="早停", must_contain="**")["error"] == "not in any chunk"


def test_what_was_lost_counts_as_not_found(library):
    task = retrieve_task(library)
    cases = [
        RetrieveCase(id=i, query="早停", must_contain=text) for i, text in enumerate(["停止训练", "没有"])
    ]
    task = retrieve_task(library, {str(case.id): {"id": case.id} for case in cases})
    metrics = task.metrics(cases, [task.row(case) for case in cases])
    assert metrics.figures["recall@10"].value == 0.5
    assert metrics.counts == {"queries": 2, "chunks": 3, "lost": 1, "failed": 0}


def test_a_place_outside_the_corpus_is_refused_before_anything_runs():
    place = {"path": "a.md", "start": 0, "end": 9}
    case = RetrieveCase.model_validate({"id": "x", "query": "q", "passage": place})
    check_passages([case], {"a.md": "123456789"})
    with pytest.raises(BadInput, match=r"a\.md"):
        check_passages([case], {"a.md": "12345678"})
    with pytest.raises(BadInput, match=r"a\.md"):
        check_passages([case], {})


def explanation(query, outcome, evidence, problem=""):
    return Explanation(
        query=query,
        standalone=query,
        outcome=outcome,
        decided_by=Decider.EVIDENCE,
        evidence=evidence,
        sentences=(),
        citations=(),
        nearest=(),
        problem=problem,
    )


def answering(explain):
    return AnsweringProduct(explain, lambda query, on_piece: iter(()), Facts({}))


@pytest.mark.parametrize(
    ("outcome", "answered"), [(Outcome.ANSWERED, True), (Outcome.PASSAGES, True), (Outcome.REFUSED, False)]
)
def test_the_row_of_a_decision(outcome, answered):
    product = answering(lambda query: explanation(query, outcome, 0.25))
    row = RefuseTask(product).row(RefuseCase(id=5, query="q", answerable=True))
    assert row.pop("seconds") >= 0
    assert row == {"id": 5, "answered": answered, "evidence": 0.25, "decided_by": "evidence", "error": None}


def test_a_model_that_failed_has_decided_nothing():
    product = answering(lambda query: explanation(query, Outcome.PASSAGES, 0.9, "no model"))
    task = RefuseTask(product)
    case = RefuseCase(id=5, query="q", answerable=True)
    row = task.row(case)
    assert (row["answered"], row["error"]) == (None, "no model")
    assert task.metrics([case], [row]).counts == {"queries": 1, "answerable": 1, "failed": 1}


def test_what_a_row_cost_is_in_it():
    def costly(*args, **options):
        charge(Spent(calls=1, hits=2, prompt_tokens=30, reply_tokens=4, cost=0.5))
        return fake_grade(*args, **options)

    task = GradeTask(GradingProduct(costly, points_of_reference, Facts({})))
    base = {"id": 1, "question": "问？", "answer": "甲", "score": 1, "max_score": 1}
    row = task.row(GradeCase.model_validate(base | {"reference": ["甲", "乙"]}))
    assert row["usage"] == {"calls": 2, "hits": 4, "prompt_tokens": 60, "reply_tokens": 8, "cost": 1.0}
