"""The four seed files, held to the list in seed_expectations."""

import os
from functools import cache
from pathlib import Path

import pytest
import seed_expectations as expected

from bot.domain.notes import Collection, ParsedDocument
from bot.domain.spans import Span
from bot.ingest import accounted, find_duplicates, parse, read_document

ALL = sorted(expected.NAMES)


def seeds() -> Path:
    given = os.environ.get("KAODIAN_SHARED")
    shared = Path(given) if given else Path(__file__).resolve().parents[3] / "shared"
    if not (shared / "seeds").is_dir():
        pytest.skip("../shared/seeds is absent; set KAODIAN_SHARED to the folder that holds seeds/")
    return shared / "seeds"


@cache
def parsed(name: str) -> ParsedDocument:
    file = seeds() / expected.NAMES[name]
    return parse(read_document(file.read_bytes(), file.name, Collection.OWN))


def lines(raw: str, span: Span) -> tuple[int, int]:
    return raw.count("\n", 0, span.start) + 1, raw.count("\n", 0, span.end) + 1


@pytest.mark.parametrize("name", ALL)
def test_each_question_has_its_own_answer(name: str):
    document = parsed(name)
    raw = document.document.raw
    found = {
        lines(raw, c.spans[0])[0]: (lines(raw, c.spans[1])[0], lines(raw, c.spans[-1])[1])
        for c in document.chunks
        if c.question is not None
    }
    assert found == expected.PAIRED[name]


@pytest.mark.parametrize("name", ALL)
def test_questions_without_answer_stay_open(name: str):
    assert [question.line for question in parsed(name).open_questions] == expected.OPEN[name]


@pytest.mark.parametrize("name", ALL)
def test_sections_follow_their_headings(name: str):
    document = parsed(name)
    raw = document.document.raw
    text = raw.splitlines()
    found = {
        lines(raw, c.spans[0])[0]: (lines(raw, c.spans[-1])[1], c.heading_path[-1])
        for c in document.chunks
        if c.question is None
    }
    wanted = dict(expected.SECTIONS[name].values())
    assert {first: last for first, (last, _) in found.items()} == wanted
    for heading, (first, _) in expected.SECTIONS[name].items():
        assert found[first][1] in text[heading - 1]


@pytest.mark.parametrize("name", ALL)
def test_what_is_cut_and_why(name: str):
    document = parsed(name)
    found = [(*lines(document.document.raw, cut.span), cut.reason) for cut in document.cuts]
    assert found == expected.CUTS[name]


@pytest.mark.parametrize("name", ALL)
def test_outlines_are_named_and_not_taken_for_knowledge(name: str):
    document = parsed(name)
    named = {topic.line for topic in document.topics} | {q.line for q in document.open_questions}
    text = document.document.raw.splitlines()
    for first, last in expected.OUTLINES[name]:
        wanted = {n for n in range(first, last + 1) if text[n - 1].strip(" -•\t")}
        headings = {n for n in wanted if text[n - 1].startswith("#") and n not in named}
        assert wanted - headings <= named


def test_numbers_inside_answers_are_no_headings():
    document = parsed("003")
    raw = document.document.raw
    inside = {
        n for c in document.chunks for s in c.spans[1:] for n in range(lines(raw, s)[0], lines(raw, s)[1] + 1)
    }
    assert set(expected.SUB_NUMBERING["003"]) <= inside


@pytest.mark.parametrize("name", ALL)
def test_every_character_is_accounted_for(name: str):
    assert accounted(parsed(name)).balanced


def test_the_poorer_form_of_the_article_is_left_out_whole():
    documents = [parsed(name) for name in ALL]
    duplicates = find_duplicates(documents)
    poor, rich = parsed("000"), parsed("001")
    assert {d.chunk_id for d in duplicates} == {chunk.id for chunk in poor.chunks}
    assert {d.document_id for d in duplicates} == {poor.document.id}
    assert {d.kept_document_id for d in duplicates} == {rich.document.id}


def test_the_result_does_not_depend_on_the_order_of_files():
    documents = [parsed(name) for name in ALL]
    assert set(find_duplicates(documents)) == set(find_duplicates(documents[::-1]))
