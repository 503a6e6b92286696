import json
from contextlib import contextmanager

import pytest
import typer
from fakes.library import parsed
from fakes.product import NORM, product
from typer.testing import CliRunner

from bot.cli.asking import add_ask, sources
from bot.cli.console import Console
from bot.cli.grading import add_grade
from bot.domain.answers import Decider, Explanation, Hit, Outcome
from bot.domain.errors import BadInput, NotFound
from bot.domain.quizzes import Scope
from bot.domain.spans import Span
from bot.texts import say


class FakeSession:
    """Opens one product over memory for every command."""

    def __init__(self, kaodian):
        self.kaodian = kaodian

    @property
    def console(self):
        return Console()

    @contextmanager
    def opened(self):
        yield self.kaodian

    def make_ready_at_best(self, kaodian, **_):
        pass


@pytest.fixture
def kaodian(tmp_path):
    return product(tmp_path, ("bn.md", NORM))


@pytest.fixture
def run(kaodian):
    def run(*arguments, stdin=""):
        app = typer.Typer()
        session = FakeSession(kaodian)
        add_ask(app, session)
        add_grade(app, session)
        return CliRunner().invoke(app, arguments, input=stdin)

    return run


def test_a_follow_up_goes_on_with_the_conversation_it_names(run, kaodian):
    first = json.loads(run("ask", "BN 在训练和测试时有什么区别？", "--json").stdout)
    then = json.loads(
        run("ask", "它为什么能加快收敛？", "--conversation", first["conversation"], "--json").stdout
    )
    assert then["conversation"] == first["conversation"]
    assert then["standalone"] != "它为什么能加快收敛？"
    (conversation,) = kaodian.store.conversations.conversations()
    stored = kaodian.store.conversations.conversation(conversation.id)
    assert [turn.query for turn in stored.turns] == ["BN 在训练和测试时有什么区别？", "它为什么能加快收敛？"]


def test_without_a_conversation_one_begins_and_its_name_is_told(run, kaodian):
    told = run("ask", "BN 在训练和测试时有什么区别？")
    (conversation,) = kaodian.store.conversations.conversations()
    assert say("cli.ask_more", conversation=conversation.id) in told.stderr
    assert "[1]" in told.stdout


def test_a_conversation_that_is_not_there_is_told_and_nothing_is_begun(run, kaodian):
    assert isinstance(run("ask", "BN？", "--conversation", "nowhere").exception, NotFound)
    assert kaodian.store.conversations.conversations() == []


def test_an_answer_is_graded_point_by_point_and_the_grade_is_stored(run, kaodian):
    question = kaodian.examining.questions().questions_for(Scope())[0]
    right = "。".join(point.text for point in question.key_points)
    full = json.loads(run("grade", question.id, right, "--json").stdout)
    assert full["error"] is None
    assert len(full["verdicts"]) == len(question.key_points)
    assert all(verdict["quote"]["text"] in right for verdict in full["verdicts"] if verdict["quote"])
    none = json.loads(run("grade", question.id, "--json", stdin="卷积核在图像上滑动，参数共享。").stdout)
    assert none["score"] < full["score"]
    assert {grade.id for grade in kaodian.store.grades.grades(question.id)} == {full["id"], none["id"]}
    told = run("grade", question.id, right)
    assert told.exit_code == 0
    assert say("grading.judged_by", path="features", trust=say("grading.trust_low")) in told.stdout


def test_a_blank_answer_is_no_answer(run, kaodian):
    question = kaodian.examining.questions().questions_for(Scope())[0]
    assert isinstance(run("grade", question.id, "  ").exception, BadInput)
    assert kaodian.store.grades.grades() == []


def test_of_a_long_chunk_the_passage_that_comes_closest_is_shown():
    words = "训练时用小批量的统计量。"
    note = parsed("bn.md", {"BN 怎样归一化？": words + "测试时用全局的统计量。"})
    (chunk,) = note.chunks
    start = note.document.raw.index(words)
    told = dict(
        query="?", standalone="?", decided_by=Decider.EVIDENCE, evidence=0.5, sentences=(), citations=()
    )

    def shown(passage):
        hit = Hit(chunk=chunk, source="bn.md", fused=0.1, similarity=0.5, lexical=0.0, passage=passage)
        return sources(Explanation(outcome=Outcome.REFUSED, nearest=(hit,), **told)).splitlines()

    place, passage = shown(Span(start=start, end=start + len(words)))[-2:]
    assert place.endswith("BN 怎样归一化？")
    assert passage == f"      {words}"
    assert shown(Span(start=chunk.spans[0].start, end=chunk.spans[-1].end))[-1] == place
