"""The questions that ship: each quote verbatim, every note covered, all kinds and difficulties, no repeats."""

from collections import Counter
from pathlib import Path

import pytest
from fakes.store import MemoryStore

from bot.domain.notes import Collection
from bot.domain.questions import QuestionKind
from bot.ingest import parse, read_document
from bot.questions.shipped import load_shipped, read_shipped
from bot.questions.words import content_words, likeness

CORPUS = Path(__file__).parents[2] / "corpus"


@pytest.fixture(scope="module")
def shipped():
    return read_shipped((CORPUS / "questions.jsonl").read_text("utf-8"))


@pytest.fixture(scope="module")
def notes():
    return {path.name: path.read_text("utf-8") for path in CORPUS.glob("*.md") if path.name != "README.md"}


def test_there_are_enough_of_every_kind_and_difficulty(shipped) -> None:
    assert len(shipped) >= 200
    assert len({question.id for question in shipped}) == len(shipped)
    kinds = Counter(question.kind for question in shipped)
    levels = Counter(question.difficulty for question in shipped)
    assert all(kinds[kind] >= 5 for kind in QuestionKind)
    assert all(levels[level] >= 30 for level in (1, 2, 3))


def test_each_quote_stands_verbatim_in_its_note(shipped, notes) -> None:
    lost = [
        (question.note, point.quote)
        for question in shipped
        for point in question.key_points
        if point.quote not in notes.get(question.note, "")
    ]
    assert lost == []


def test_every_note_is_covered(shipped, notes) -> None:
    assert {question.note for question in shipped} >= set(notes)


def test_no_two_questions_ask_the_same(shipped) -> None:
    words = [(question.question, content_words(question.question)) for question in shipped]
    twins = [(a, b) for i, (a, x) in enumerate(words) for b, y in words[:i] if likeness(x, y) >= 0.75]
    assert twins == []


def test_each_question_has_a_vital_point_and_points_stand_alone(shipped) -> None:
    assert all(any(point.vital for point in question.key_points) for question in shipped)
    leaning = ("它", "其实", "这", "此时", "两者", "It ", "This ", "These ")
    assert [p.text for q in shipped for p in q.key_points if p.text.startswith(leaning)] == []


def test_all_of_them_find_their_place_in_the_notes_as_read(shipped) -> None:
    store = MemoryStore()
    for path in CORPUS.glob("*.md"):
        store.notes.save(parse(read_document(path.read_bytes(), path.name, Collection.SAMPLE)))
    found = load_shipped(store, shipped)
    assert {q.id for q in shipped} - {q.id for q in found} == set()
    assert load_shipped(store, shipped) == []
