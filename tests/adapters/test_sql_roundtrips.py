"""Whatever the domain can hold comes back equal from SQL."""

from datetime import UTC, datetime, timedelta, timezone

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from bot.adapters.sql import open_store
from bot.domain.grades import AnswerQuote, Flag, Grade, Status, Verdict
from bot.domain.jobs import Job, JobKind, JobState
from bot.domain.notes import (
    Chunk,
    ChunkKind,
    Collection,
    Cut,
    CutReason,
    Document,
    Format,
    OpenQuestion,
    ParsedDocument,
    Topic,
)
from bot.domain.questions import KeyPoint, Origin, Question, QuestionKind, Quote
from bot.domain.quizzes import Quiz, Scope, Turn, TurnState
from bot.domain.spans import Span

text = st.text(st.characters(codec="utf-8"), max_size=12)
some_text = st.text(st.characters(codec="utf-8"), min_size=1, max_size=12)
texts = st.lists(text, max_size=3).map(tuple)
number = st.integers(0, 2**40)
line = st.integers(1, 10**6)
share = st.floats(0, 1)
span = st.tuples(number, number).map(lambda ends: Span(start=min(ends), end=max(ends)))
zones = st.sampled_from([UTC, timezone(timedelta(hours=8)), timezone(-timedelta(hours=3, minutes=30))])
moment = st.datetimes(datetime(1990, 1, 2), datetime(2100, 1, 1), timezones=zones)


def tuples(values, low: int = 0, high: int = 3):
    return st.lists(values, min_size=low, max_size=high).map(tuple)


document = st.builds(
    Document,
    id=st.just("d"),
    source=text,
    collection=st.sampled_from(Collection),
    format=st.sampled_from(Format),
    title=text,
    raw=text,
    sha256=text,
    front_matter=st.dictionaries(text, text | st.lists(text, max_size=2), max_size=2),
)
of_document = {"document_id": st.just("d"), "span": span, "line": line}
chunk = st.builds(
    Chunk,
    id=text,
    document_id=st.just("d"),
    kind=st.sampled_from(ChunkKind),
    heading_path=texts,
    question=st.none() | text,
    question_span=st.none() | span,
    spans=tuples(span, 1),
    text=text,
    line=line,
)
parsed = st.builds(
    ParsedDocument,
    document=document,
    chunks=tuples(chunk),
    open_questions=tuples(st.builds(OpenQuestion, id=text, text=text, heading_path=texts, **of_document)),
    topics=tuples(st.builds(Topic, text=text, heading_path=texts, **of_document)),
    cuts=tuples(st.builds(Cut, reason=st.sampled_from(CutReason), **of_document)),
)
quote = st.builds(Quote, text=some_text, document_id=text, chunk_id=text, span=span)
weight = st.floats(0, 10, exclude_min=True)
key_point = st.builds(KeyPoint, text=some_text, weight=weight, vital=st.booleans(), quote=st.none() | quote)
key_points = tuples(key_point, 1, 7).filter(lambda points: any(point.vital for point in points))
question = st.builds(
    Question,
    id=st.just("q"),
    text=some_text,
    kind=st.sampled_from(QuestionKind),
    difficulty=st.integers(1, 3),
    origin=st.sampled_from(Origin),
    chunk_ids=texts,
    heading_path=texts,
    key_points=key_points,
    stale=st.booleans(),
)
words = st.builds(AnswerQuote, text=some_text, span=span)
missing = st.builds(Verdict, status=st.just(Status.MISSING), confidence=share, reason=text)
found = st.builds(
    Verdict,
    status=st.sampled_from([Status.COVERED, Status.PARTIAL, Status.CONTRADICTED]),
    confidence=share,
    quote=words,
    value=st.none() | share,
    unverified=st.booleans(),
)


@st.composite
def grades(draw):
    points = draw(key_points)
    verdicts = st.lists(missing | found, min_size=len(points), max_size=len(points)).map(tuple)
    error = draw(st.none() | text)
    return Grade(
        id=draw(text),
        question_id=draw(text),
        question=draw(text),
        key_points=points,
        key_points_hash=draw(text),
        answer=draw(text),
        verdicts=draw(verdicts) if error is None else (),
        flags=draw(tuples(st.sampled_from(Flag))),
        path=draw(text),
        seconds=draw(st.floats(0, 1e6)),
        error=error,
    )


turn = st.builds(
    Turn,
    number=line,
    question_id=text,
    state=st.sampled_from(TurnState),
    answer=text,
    grade_id=st.none() | text,
    hints=number,
)
quiz = st.builds(
    Quiz,
    id=st.just("z"),
    created_at=moment,
    scope=st.builds(Scope, topic=text, document_id=text, heading_path=texts),
    length=st.integers(1, 100),
    turns=tuples(turn),
    finished=st.booleans(),
)
json = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**60), 2**60)
    | st.floats(allow_nan=False, allow_infinity=False)
    | text,
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(text, inner, max_size=2),
    max_leaves=4,
)
job = st.builds(
    Job,
    id=text,
    kind=st.sampled_from(JobKind),
    state=st.sampled_from(JobState),
    priority=st.integers(-100, 100),
    payload=st.dictionaries(text, json, max_size=2),
    done=number,
    total=number,
    message=text,
    created_at=moment,
    updated_at=moment,
    seconds=st.floats(0, 1e6),
)

often = settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@pytest.fixture(scope="module")
def store(tmp_path_factory):
    store = open_store(tmp_path_factory.mktemp("roundtrips"))
    yield store
    store.close()


@often
@given(parsed=parsed)
def test_documents(store, parsed):
    store.notes.save(parsed)
    assert store.notes.parsed("d") == parsed


@often
@given(question=question)
def test_questions(store, question):
    store.questions.save(question)
    assert store.questions.question("q") == question


@often
@given(grade=grades())
def test_grades(store, grade):
    if grade.id not in {known.id for known in store.grades.grades()}:
        store.grades.save(grade)
        assert store.grades.grade(grade.id) == grade


@often
@given(quiz=quiz)
def test_quizzes(store, quiz):
    saved = store.quizzes.save(quiz)
    assert store.quizzes.quiz("z") == saved == quiz.model_copy(update={"version": 1})
    store.quizzes.delete("z")


@often
@given(job=job)
def test_jobs(store, job):
    store.jobs.save(job)
    assert store.jobs.job(job.id) == job


@often
@given(vector=arrays.arrays(np.float32, st.integers(1, 20), elements=st.floats(-1, 1, width=32)), key=text)
def test_vectors(store, vector, key):
    store.embeddings.put("e5", {key: vector})
    np.testing.assert_array_equal(store.embeddings.get("e5", [key])[key], vector)


def test_a_time_without_a_zone_is_not_stored(store):
    with pytest.raises(Exception, match="time zone"):
        store.jobs.save(
            Job(
                id="j",
                kind=JobKind.QUESTIONS,
                created_at=datetime(2026, 1, 1),
                updated_at=datetime(2026, 1, 1),
            )
        )
