"""What every store promises: the one in SQL, and the one in memory that other rooms test against."""

import threading
from datetime import UTC, datetime, timedelta

import numpy as np
import pytest
from fakes.store import MemoryStore

from bot.adapters.sql import open_store
from bot.domain.answers import Decider, Explanation, Outcome
from bot.domain.conversations import ConversationTurn
from bot.domain.errors import Busy, NotFound
from bot.domain.grades import AnswerQuote, Grade, Status, Verdict
from bot.domain.jobs import Job, JobKind, JobState
from bot.domain.notes import (
    Chunk,
    ChunkKind,
    Collection,
    Cut,
    CutReason,
    Document,
    Duplicate,
    Format,
    OpenQuestion,
    ParsedDocument,
    Topic,
)
from bot.domain.questions import KeyPoint, Origin, Question, QuestionKind, Rejection, RejectionReason
from bot.domain.quizzes import Quiz, QuizMode, Scope, Turn
from bot.domain.spans import Span

NOON = datetime(2026, 1, 1, 12, tzinfo=UTC)


@pytest.fixture(params=["sql", "memory"])
def store(request, tmp_path):
    store = open_store(tmp_path / "home") if request.param == "sql" else MemoryStore()
    yield store
    store.close()


def parsed(name: str, *texts: str, collection: Collection = Collection.OWN) -> ParsedDocument:
    """A document `name` whose paragraphs are `texts`; equal text has an equal chunk id."""
    raw = "\n".join(texts)
    document = Document(
        id=name,
        source=f"{name}.md",
        collection=collection,
        format=Format.MARKDOWN,
        title=name.title(),
        raw=raw,
        sha256="0" * 64,
        front_matter={"tags": ["a", "b"]},
        origin=f"place of {name}",
    )
    spans = [Span(start=raw.index(text), end=raw.index(text) + len(text)) for text in texts]
    return ParsedDocument(
        document=document,
        chunks=tuple(section(name, text, span) for text, span in zip(texts, spans, strict=True)),
        open_questions=(
            OpenQuestion(
                id="open", document_id=name, text="Why?", span=spans[0], heading_path=("H",), line=1
            ),
        ),
        topics=(Topic(document_id=name, text="Outline", span=spans[0], heading_path=(), line=2),),
        cuts=(Cut(document_id=name, span=spans[0], reason=CutReason.ADVERT, line=3),),
    )


def section(document_id: str, text: str, span: Span) -> Chunk:
    return Chunk(
        id=f"chunk-{text}",
        document_id=document_id,
        kind=ChunkKind.SECTION,
        heading_path=("Top", "Below"),
        question=None,
        question_span=None,
        spans=(span,),
        text=text,
        line=1,
    )


def question(question_id: str, *chunk_ids: str, text: str = "What is a gradient?") -> Question:
    points = (
        KeyPoint(text="a vector", quote=None),
        KeyPoint(text="of slopes", weight=0.5, vital=False, quote=None),
    )
    return Question(
        id=question_id,
        text=text,
        kind=QuestionKind.DEFINE,
        difficulty=2,
        origin=Origin.NOTES,
        chunk_ids=chunk_ids,
        key_points=points,
    )


def grade(grade_id: str, question_id: str = "q") -> Grade:
    quote = AnswerQuote(text="vector", span=Span(start=2, end=8))
    asked = question(question_id)
    return Grade(
        id=grade_id,
        question_id=question_id,
        question=asked.text,
        key_points=asked.key_points,
        key_points_hash=asked.key_points_hash,
        answer="a vector",
        verdicts=(
            Verdict(status=Status.COVERED, confidence=0.9, quote=quote),
            Verdict(status=Status.MISSING, confidence=0.6),
        ),
        path="features",
        seconds=0.25,
    )


def quiz(quiz_id: str, minutes: int = 0) -> Quiz:
    return Quiz(id=quiz_id, created_at=NOON + timedelta(minutes=minutes), scope=Scope(topic="BN"), length=3)


def texts(chunks) -> list[str]:
    return [chunk.text for chunk in chunks]


class TestNotes:
    def test_a_document_comes_back_whole(self, store):
        store.notes.save(parsed("a", "one", "two"))
        assert store.notes.parsed("a") == parsed("a", "one", "two")
        assert store.notes.document("a") == parsed("a", "one", "two").document

    def test_saving_again_replaces_everything_that_was_read(self, store):
        store.notes.save(parsed("a", "one", "two", "three"))
        store.notes.save(parsed("a", "four"))
        assert store.notes.parsed("a") == parsed("a", "four")
        assert texts(store.notes.chunks()) == ["four"]

    def test_a_document_may_say_the_same_twice(self, store):
        twice = parsed("a", "one").model_copy(update={"chunks": parsed("a", "one").chunks * 2})
        store.notes.save(twice)
        assert store.notes.parsed("a") == twice

    def test_everything_comes_by_source_and_place(self, store):
        store.notes.save(parsed("b", "third"))
        store.notes.save(parsed("a", "first", "second"))
        assert [document.id for document in store.notes.documents()] == ["a", "b"]
        assert texts(store.notes.chunks()) == ["first", "second", "third"]
        assert [entry.document_id for entry in store.notes.open_questions()] == ["a", "b"]
        assert [entry.document_id for entry in store.notes.topics()] == ["a", "b"]

    def test_a_collection_is_kept_apart(self, store):
        store.notes.save(parsed("mine", "one"))
        store.notes.save(parsed("theirs", "two", collection=Collection.SAMPLE))
        assert [document.id for document in store.notes.documents(Collection.SAMPLE)] == ["theirs"]
        assert texts(store.notes.chunks(Collection.OWN)) == ["one"]
        assert [entry.document_id for entry in store.notes.topics(Collection.OWN)] == ["mine"]
        assert [entry.document_id for entry in store.notes.open_questions(Collection.SAMPLE)] == ["theirs"]

    def test_a_deleted_document_takes_all_with_it(self, store):
        store.notes.save(parsed("a", "one"))
        store.notes.save(parsed("b", "two"))
        store.notes.delete("a")
        assert texts(store.notes.chunks()) == ["two"]
        assert [entry.document_id for entry in store.notes.topics()] == ["b"]
        for lookup in (store.notes.document, store.notes.parsed, store.notes.delete):
            with pytest.raises(NotFound):
                lookup("a")

    def test_duplicates_are_stored_but_not_active(self, store):
        store.notes.save(parsed("a", "poor"))
        store.notes.save(parsed("b", "rich"))
        store.notes.set_duplicates([duplicate("poor", "a", "rich", "b")])
        assert texts(store.notes.chunks()) == ["rich"]
        assert texts(store.notes.chunks(active_only=False)) == ["poor", "rich"]
        assert store.notes.duplicates() == [duplicate("poor", "a", "rich", "b")]
        assert store.notes.sources("chunk-rich") == ["b.md", "a.md"]

    def test_equal_chunks_are_active_once_with_all_their_sources(self, store):
        store.notes.save(parsed("a", "same"))
        store.notes.save(parsed("b", "same"))
        store.notes.set_duplicates([duplicate("same", "a", "same", "b")])
        assert [chunk.document_id for chunk in store.notes.chunks()] == ["b"]
        assert store.notes.chunk("chunk-same").document_id == "b"
        assert store.notes.sources("chunk-same") == ["b.md", "a.md"]

    def test_the_duplicate_takes_over_when_the_kept_document_goes(self, store):
        store.notes.save(parsed("a", "same"))
        store.notes.save(parsed("b", "same"))
        store.notes.set_duplicates([duplicate("same", "a", "same", "b")])
        store.notes.delete("b")
        assert [chunk.document_id for chunk in store.notes.chunks()] == ["a"]
        assert store.notes.duplicates() == []

    def test_an_unknown_chunk_is_not_found(self, store):
        with pytest.raises(NotFound):
            store.notes.chunk("chunk-none")


def duplicate(poor: str, document_id: str, rich: str, kept_document_id: str) -> Duplicate:
    return Duplicate(
        chunk_id=f"chunk-{poor}",
        document_id=document_id,
        kept_chunk_id=f"chunk-{rich}",
        kept_document_id=kept_document_id,
        similarity=0.75,
    )


class TestEmbeddings:
    def test_vectors_come_back_by_embedder_and_key(self, store):
        vector = np.array([0.6, -0.8], dtype=np.float32)
        store.embeddings.put("e5", {"a": vector, "b": -vector})
        store.embeddings.put("other", {"a": 2 * vector})
        known = store.embeddings.get("e5", ["a", "missing"])
        assert list(known) == ["a"]
        assert known["a"].dtype == np.float32
        np.testing.assert_array_equal(known["a"], vector)

    def test_putting_again_replaces(self, store):
        store.embeddings.put("e5", {"a": np.zeros(2, np.float32)})
        store.embeddings.put("e5", {"a": np.ones(2, np.float32)})
        np.testing.assert_array_equal(store.embeddings.get("e5", ["a"])["a"], np.ones(2, np.float32))

    def test_pruning_keeps_what_is_named_and_what_is_another_embedders(self, store):
        vectors = {str(n): np.full(2, n, np.float32) for n in range(1200)}
        store.embeddings.put("e5", vectors)
        store.embeddings.put("other", {"0": vectors["0"]})
        store.embeddings.prune("e5", ["7", "never stored"])
        assert list(store.embeddings.get("e5", list(vectors))) == ["7"]
        assert list(store.embeddings.get("other", ["0"])) == ["0"]


class TestQuestions:
    def test_a_question_comes_back_whole(self, store):
        store.questions.save(question("q", "c2", "c1"))
        assert store.questions.question("q") == question("q", "c2", "c1")

    def test_replacing_keeps_the_order_of_age(self, store):
        store.questions.save(question("old", "c1"))
        store.questions.save(question("new", "c1"))
        changed = question("old", "c3", text="Why?").model_copy(
            update={"key_points": question("x").key_points[:1]}
        )
        store.questions.save(changed)
        assert store.questions.questions() == [changed, question("new", "c1")]

    def test_questions_of_some_chunks(self, store):
        store.questions.save(question("a", "c1", "c2"))
        store.questions.save(question("b", "c3"))
        assert [q.id for q in store.questions.questions(["c2", "c9"])] == ["a"]
        assert store.questions.questions([]) == []

    def test_a_deleted_question_is_never_listed_again(self, store):
        store.questions.save(question("q", "c1"))
        store.grades.save(grade("g", "q"))
        store.questions.delete("q")
        store.questions.save(question("q", "c1"))
        assert store.questions.questions() == []
        assert store.questions.deleted_ids() == {"q"}
        assert store.grades.grades("q") == [grade("g", "q")]

    def test_unknown_questions_are_not_found(self, store):
        for lookup in (store.questions.question, store.questions.delete):
            with pytest.raises(NotFound):
                lookup("none")

    def test_rejections_are_kept_in_order(self, store):
        made = [
            Rejection(chunk_id="c", proposal=text, reason=RejectionReason.NOT_ASKED)
            for text in ("b", "a", "b")
        ]
        for rejection in made:
            store.questions.reject(rejection)
        assert store.questions.rejections() == made


class TestGrades:
    def test_grades_come_oldest_first_and_the_same_id_once(self, store):
        changed = grade("g2").model_copy(update={"answer": "something else"})
        for one in (grade("g2"), grade("g1"), changed, grade("g3", "other")):
            store.grades.save(one)
        assert store.grades.grades() == [grade("g2"), grade("g1"), grade("g3", "other")]
        assert store.grades.grades("other") == [grade("g3", "other")]
        assert store.grades.grade("g2").score == grade("g2").score
        with pytest.raises(NotFound):
            store.grades.grade("none")

    def test_a_grading_that_failed_has_no_score(self, store):
        failed = grade("g").model_copy(update={"verdicts": (), "error": "no answer"})
        store.grades.save(failed)
        assert store.grades.grade("g") == failed
        assert store.grades.grade("g").score is None


class TestQuizzes:
    def test_each_save_raises_the_version(self, store):
        first = store.quizzes.save(quiz("a"))
        second = store.quizzes.save(first.model_copy(update={"turns": (Turn(number=1, question_id="q"),)}))
        assert (first.version, second.version) == (1, 2)
        assert store.quizzes.quiz("a") == second

    def test_a_second_tab_cannot_overwrite(self, store):
        seen = store.quizzes.save(quiz("a"))
        stored = store.quizzes.save(seen)
        with pytest.raises(Busy):
            store.quizzes.save(seen.model_copy(update={"finished": True}))
        assert store.quizzes.quiz("a") == stored

    def test_the_newest_comes_first(self, store):
        for minutes, name in ((1, "a"), (3, "b"), (2, "c")):
            store.quizzes.save(quiz(name, minutes))
        assert [q.id for q in store.quizzes.quizzes()] == ["b", "c", "a"]

    def test_deleting(self, store):
        store.quizzes.save(quiz("a"))
        store.quizzes.delete("a")
        for lookup in (store.quizzes.quiz, store.quizzes.delete):
            with pytest.raises(NotFound):
                lookup("a")


class TestConversations:
    def test_turns_stay_in_order(self, store):
        conversation = store.conversations.start("Norms")
        for turn in (said("b"), said("a")):
            store.conversations.append(conversation.id, turn)
        assert store.conversations.conversation(conversation.id) == conversation.model_copy(
            update={"turns": (said("b"), said("a"))}
        )

    def test_the_newest_comes_first_with_its_turns(self, store):
        old, new = store.conversations.start("old"), store.conversations.start("new")
        store.conversations.append(old.id, said("a"))
        assert [(c.title, len(c.turns)) for c in store.conversations.conversations()] == [
            ("new", 0),
            ("old", 1),
        ]
        assert old.id != new.id

    def test_renaming_and_deleting(self, store):
        conversation = store.conversations.start("before")
        store.conversations.append(conversation.id, said("a"))
        store.conversations.rename(conversation.id, "after")
        assert store.conversations.conversation(conversation.id).title == "after"
        store.conversations.delete(conversation.id)
        assert store.conversations.conversations() == []

    @pytest.mark.parametrize("method", ["conversation", "delete", "rename", "append"])
    def test_unknown_conversations_are_not_found(self, store, method):
        more = {"rename": ["title"], "append": [said("a")]}.get(method, [])
        with pytest.raises(NotFound):
            getattr(store.conversations, method)("none", *more)


def said(query: str) -> ConversationTurn:
    explanation = Explanation(
        query=query,
        standalone=query,
        outcome=Outcome.REFUSED,
        decided_by=Decider.EVIDENCE,
        evidence=0.25,
        sentences=(),
        citations=(),
        nearest=(),
        conflicts=((1, 2),),
    )
    return ConversationTurn(query=query, explanation=explanation, asked_at=NOON)


class TestJobs:
    def test_jobs_come_oldest_first_and_by_state(self, store):
        late = Job(id="late", kind=JobKind.QUESTIONS, created_at=NOON + timedelta(hours=1), updated_at=NOON)
        early = Job(
            id="early", kind=JobKind.QUESTIONS, payload={"n": [1, None]}, created_at=NOON, updated_at=NOON
        )
        done = late.model_copy(update={"state": JobState.DONE, "done": 3, "message": "3 篇"})
        for job in (late, early, done):
            store.jobs.save(job)
        assert store.jobs.jobs() == [early, done]
        assert store.jobs.jobs(JobState.WAITING) == [early]
        assert store.jobs.job("late") == done
        with pytest.raises(NotFound):
            store.jobs.job("none")


class TestWriting:
    def test_a_thread_may_enter_again(self, store):
        with store.writing(), store.writing():
            pass

    def test_another_thread_is_told_that_somebody_writes(self, store):
        seen: list[BaseException] = []

        def try_to_write() -> None:
            try:
                with store.writing(timeout=0.05):
                    pass
            except Busy as error:
                seen.append(error)

        with store.writing():
            run(try_to_write)
        assert len(seen) == 1
        run(try_to_write)
        assert len(seen) == 1


def run(work) -> None:
    thread = threading.Thread(target=work)
    thread.start()
    thread.join()

    def test_the_mode_is_kept(self, store):
        store.quizzes.save(quiz("a").model_copy(update={"mode": QuizMode.INTERVIEW}))
        assert store.quizzes.quiz("a").mode is QuizMode.INTERVIEW

    def test_the_newest_draft_of_a_turn_is_kept_and_goes_with_its_quiz(self, store):
        stored = store.quizzes.save(quiz("a"))
        assert store.quizzes.draft("a", 1) is None
        store.quizzes.save_draft("a", 1, "早停")
        store.quizzes.save_draft("a", 1, "早停监控")
        store.quizzes.save_draft("a", 2, "")
        assert (store.quizzes.draft("a", 1), store.quizzes.draft("a", 2)) == ("早停监控", "")
        assert store.quizzes.quiz("a").version == stored.version, "typing does not compete with a submit"
        store.quizzes.delete("a")
        assert store.quizzes.draft("a", 1) is None
        with pytest.raises(NotFound):
            store.quizzes.save_draft("a", 1, "x")


def test_a_job_is_held_by_one_until_it_is_let_go(store):
    release = store.jobs.hold("job")
    assert store.jobs.hold("job") is None
    assert store.jobs.hold("another") is not None
    release()
    assert store.jobs.hold("job") is not None
