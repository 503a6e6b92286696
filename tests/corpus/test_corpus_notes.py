import re
from collections import Counter

import pytest
from notes_on_disk import NOTES, Note

every_note = pytest.mark.parametrize("note", NOTES, ids=lambda note: note.name)


@every_note
def test_front_matter_names_title_topics_and_level(note: Note):
    matter = note.front_matter
    assert set(matter) == {"title", "topics", "level"}
    assert isinstance(matter["title"], str) and matter["title"]
    assert isinstance(matter["topics"], list) and all(isinstance(topic, str) for topic in matter["topics"])
    assert matter["level"] in {"basic", "intermediate", "advanced"}


@every_note
def test_file_name_and_title_are_regular(note: Note):
    assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*(\.en)?\.md", note.name)
    assert note.sections[0][0] == note.front_matter["title"]


@every_note
def test_note_explains_before_it_lists(note: Note):
    _, introduction = note.sections[0]
    assert len(introduction) >= 120
    assert not re.search(r"^\s*([-*]|\d+\.) ", introduction, flags=re.MULTILINE)


@every_note
def test_note_has_at_least_five_questions_that_are_answered(note: Note):
    assert len(note.answered) >= 5
    low, high = (200, 1600) if note.english else (100, 560)
    lengths = {question: len(answer) for question, answer in note.answered}
    assert not {question: n for question, n in lengths.items() if not low <= n <= high}


@every_note
def test_note_is_of_readable_length(note: Note):
    low, high = (5000, 13000) if note.english else (1800, 4200)
    assert low <= len(note.body) <= high


@every_note
def test_note_ends_with_pitfalls(note: Note):
    heading, text = note.sections[-1]
    assert heading in {"常见误区", "Common mistakes"}
    assert text.count("\n- ") + text.startswith("- ") >= 4


@every_note
def test_formulas_and_fences_are_closed(note: Note):
    assert len(re.findall(r"^```", note.body, flags=re.MULTILINE)) % 2 == 0
    text = note.prose.replace("\\$", "")
    assert text.count("$$") % 2 == 0
    without_display = re.sub(r"\$\$.*?\$\$", "", text, flags=re.DOTALL)
    unbalanced = [line for line in without_display.splitlines() if line.count("$") % 2]
    assert not unbalanced
    formulas = re.findall(r"\$\$(.*?)\$\$", text, flags=re.DOTALL) + re.findall(r"\$(.+?)\$", without_display)
    for formula in formulas:
        braces = formula.replace("\\{", "").replace("\\}", "")
        assert braces.count("{") == braces.count("}"), formula
        assert formula.count("\\left") == formula.count("\\right") + formula.count("\\leftarrow"), formula
        assert not re.search(r"[一-鿿]", re.sub(r"\\text\{[^}]*\}", "", formula)), formula


def test_english_notes_are_versions_of_chinese_ones():
    names = {note.name for note in NOTES}
    english = [note for note in NOTES if note.english]
    assert 2 <= len(english) <= 3
    for note in english:
        assert note.name.replace(".en.md", ".md") in names
        assert not re.search(r"[一-鿿]", note.raw)


def test_no_question_is_asked_twice():
    asked = Counter(re.sub(r"\W", "", heading) for note in NOTES for heading, _ in note.answered)
    assert not [question for question, times in asked.items() if times > 1]


def test_no_paragraph_stands_twice():
    paragraphs = Counter(text for note in NOTES for _, text in note.sections if len(text) > 60)
    assert not [text for text, times in paragraphs.items() if times > 1]


def test_corpus_is_large_enough_to_study_from():
    assert len(NOTES) >= 30
    assert sum(len(note.raw) for note in NOTES if not note.english) >= 60_000
