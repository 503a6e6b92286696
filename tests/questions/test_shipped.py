"""Questions that ship with the sample notes."""

import json
from datetime import UTC, datetime

import pytest
from fakes.embedder import FakeEmbedder
from fakes.grades import grade
from fakes.notes_text import note
from fakes.store import MemoryStore

from bot.domain.notes import Collection
from bot.domain.questions import Origin
from bot.domain.quizzes import Scope
from bot.questions.maker import QuestionMaker
from bot.questions.shipped import load_shipped, read_shipped, versions_of
from bot.questions.upkeep import correct, delete
from bot.texts import speaking

RAW = "# 网络\n\n## 什么是卷积？\n卷积用同一个核扫过整张图。**参数共享**使参数很少。"
LINE = {
    "id": "s1",
    "note": "net.md",
    "question": "什么是卷积？",
    "kind": "define",
    "difficulty": 1,
    "key_points": [
        {"text": "同一个核扫过整张图", "quote": "卷积用同一个核扫过整张图。"},
        {"text": "参数少", "quote": "**参数共享**使参数很少", "vital": False, "weight": 0.5},
    ],
}


def shipped(**changes):
    return read_shipped(json.dumps({**LINE, **changes}, ensure_ascii=False) + "\n\n")


@pytest.fixture
def store():
    store = MemoryStore()
    store.notes.save(note("net.md", RAW, Collection.SAMPLE))
    return store


def test_quotes_find_their_place_and_ids_are_the_files(store) -> None:
    [question] = load_shipped(store, shipped())
    assert (question.id, question.origin, question.heading_path) == ("s1", Origin.SHIPPED, ("网络",))
    for point in question.key_points:
        assert point.quote.span.cut(RAW) == point.quote.text
    assert load_shipped(store, shipped()) == []


def test_places_follow_the_note_when_it_moves(store) -> None:
    load_shipped(store, shipped())
    moved = RAW.replace("# 网络", "# 卷积网络")
    store.notes.save(note("net.md", moved, Collection.SAMPLE))
    [question] = load_shipped(store, shipped())
    assert question.id == "s1"
    assert question.key_points[0].quote.span.cut(moved) == "卷积用同一个核扫过整张图。"


def test_a_quote_that_is_not_in_the_note_keeps_the_question_out(store) -> None:
    lost = [{"text": "x", "quote": "不在笔记里的话"}]
    assert load_shipped(store, shipped(key_points=lost)) == []
    assert load_shipped(store, shipped(note="other.md")) == []


def test_what_the_learner_did_to_a_question_stays(store) -> None:
    load_shipped(store, shipped())
    correct(store, "s1", text="卷积是什么运算？")
    assert load_shipped(store, shipped()) == []
    delete(store, "s1")
    assert load_shipped(store, shipped()) == []
    assert store.questions.questions() == []


def test_a_shipped_question_takes_the_place_of_the_notes_own(store) -> None:
    load_shipped(store, shipped())
    assert [q.id for q in QuestionMaker(store, FakeEmbedder()).questions_for(Scope())] == ["s1"]


def test_reviewed_questions_come_before_what_code_made_of_the_same_note(store) -> None:
    store.notes.save(
        note("net.md", RAW + "\n\n## 什么是池化？\n池化对每个窗口取最大值或平均值。", Collection.SAMPLE)
    )
    store.notes.save(note("own.md", "# 训练\n\n## 什么是早停？\n早停监控验证集损失。", Collection.OWN))
    load_shipped(store, shipped())
    maker = QuestionMaker(store, FakeEmbedder())
    days = [datetime(2026, 1, day, tzinfo=UTC) for day in range(1, 29)]
    first = {maker.choose_next(Scope(), [], lambda day=day: day).text for day in days}
    assert first == {"什么是卷积？", "什么是早停？"}
    assert maker.choose_next(Scope(), ["s1"], lambda: days[0]) is not None


class TestTwoLanguages:
    """One question that ships in Chinese and in English."""

    DAY = datetime(2026, 1, 1, tzinfo=UTC)

    @pytest.fixture
    def lines(self):
        english = {
            **LINE,
            "id": "s2",
            "note": "net.en.md",
            "question": "What is convolution?",
            "key_points": [{"text": "one kernel", "quote": "One kernel scans the image."}],
            "same_as": "s1",
        }
        other = {
            **LINE,
            "id": "s3",
            "question": "为什么参数少？",
            "key_points": [{"text": "参数共享", "quote": "**参数共享**使参数很少"}],
        }
        return read_shipped(
            "\n".join(json.dumps(line, ensure_ascii=False) for line in (LINE, english, other))
        )

    @pytest.fixture
    def choose(self, store, lines):
        text = "# Networks\n\n## What is convolution?\nOne kernel scans the image."
        store.notes.save(note("net.en.md", text, Collection.SAMPLE))
        load_shipped(store, lines)
        maker = QuestionMaker(store, FakeEmbedder())

        def choose(asked, language="zh", scope=None):
            with speaking(language):
                found = maker.choose_next(scope or Scope(), asked, lambda: self.DAY, versions_of(lines))
            return found and found.id

        return choose

    @pytest.mark.parametrize(("language", "own"), [("zh", "s1"), ("en", "s2")])
    def test_the_learner_is_asked_in_one_language_and_once(self, choose, language, own) -> None:
        asked = []
        while (question := choose(asked, language)) is not None:
            asked.append(question)
        assert sorted(asked) == [own, "s3"]

    def test_what_was_asked_before_the_language_changed_is_not_asked_again(self, choose) -> None:
        assert choose(["s1", "s3"], "en") is None
        assert choose(["s2", "s3"], "zh") is None

    def test_a_quiz_on_a_note_in_the_other_language_asks_what_it_holds(self, store, choose) -> None:
        english = next(d.id for d in store.notes.documents() if d.source == "net.en.md")
        assert choose([], "zh", Scope(document_id=english)) == "s2"

    def test_a_deleted_question_does_not_come_back_in_the_other_language(self, store, choose) -> None:
        delete(store, "s1")
        assert choose(["s3"], "zh") is None

    def test_the_weaker_of_two_graded_questions_still_comes_first(self, store, choose) -> None:
        for name, score in (("s1", 0), ("s3", 1)):
            store.grades.save(grade(store.questions.question(name), score))
        assert choose([]) == "s1"
        store.grades.save(grade(store.questions.question("s1"), 1))
        store.grades.save(grade(store.questions.question("s3"), 0))
        assert choose([]) == "s3"


def test_a_broken_line_is_named() -> None:
    with pytest.raises(ValueError, match="line 2"):
        read_shipped(json.dumps(LINE) + '\n{"id": 1}')
