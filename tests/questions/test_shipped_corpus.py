"""The questions that ship: each quote verbatim, every note covered, all kinds and difficulties, no repeats."""

from collections import Counter
from datetime import UTC, datetime
from pathlib import Path

import pytest
from fakes.store import MemoryStore

from bot.domain.notes import Collection
from bot.domain.questions import QuestionKind
from bot.ingest import parse, read_document
from bot.questions.choosing import in_one_language, next_question
from bot.questions.shipped import load_shipped, read_shipped, versions_of
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


def test_each_question_of_an_english_note_names_the_chinese_one_that_asks_the_same(shipped) -> None:
    notes = {question.id: question.note for question in shipped}
    english = {question.id: question.same_as for question in shipped if question.note.endswith(".en.md")}
    assert len(set(english.values())) == len(english)
    assert not any(notes[other].endswith(".en.md") for other in english.values())
    assert {question.id for question in shipped if question.same_as} == set(english)


@pytest.mark.parametrize("languages", [("zh",), ("en",), ("zh", "en"), ("en", "zh", "zh")])
def test_no_quiz_over_the_sample_asks_the_same_in_two_languages(shipped, languages) -> None:
    """Also where the learner changes the language in the middle."""
    versions = versions_of(shipped)
    about = {question.note for question in shipped if question.id in versions}
    candidates = sampled([question for question in shipped if question.note in about])
    asked: list[str] = []
    while True:
        language = languages[len(asked) % len(languages)]
        fresh = in_one_language(candidates, asked, versions, language)
        question = next_question(fresh, asked, {}, datetime(2026, 1, 1, tzinfo=UTC))
        if question is None:
            break
        asked.append(question.id)
    assert [one for one, other in versions.items() if one in asked and other in asked] == []
    assert all(one in asked or other in asked for one, other in versions.items())
    if len(languages) == 1:
        foreign = [question for question in shipped if question.id in asked and question.id in versions]
        assert {question.note.endswith(".en.md") for question in foreign} == {languages[0] == "en"}


def sampled(shipped):
    """The questions as they are stored with their notes."""
    store = MemoryStore()
    for path in CORPUS.glob("*.md"):
        store.notes.save(parse(read_document(path.read_bytes(), path.name, Collection.SAMPLE)))
    return load_shipped(store, shipped)


def test_all_of_them_find_their_place_in_the_notes_as_read(shipped) -> None:
    store = MemoryStore()
    for path in CORPUS.glob("*.md"):
        store.notes.save(parse(read_document(path.read_bytes(), path.name, Collection.SAMPLE)))
    found = load_shipped(store, shipped)
    assert {q.id for q in shipped} - {q.id for q in found} == set()
    assert load_shipped(store, shipped) == []
