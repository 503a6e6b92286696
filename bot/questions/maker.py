"""The maker of questions: what the notes ask themselves, and what a language model adds."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType

from bot.domain.notes import Chunk, Collection
from bot.domain.questions import Origin, Question
from bot.domain.quizzes import Scope, TurnState
from bot.questions.choosing import askable, in_one_language, next_question, stopgaps_of
from bot.questions.generation import Generator, model_questions
from bot.questions.key_points import key_points_of_chunk
from bot.questions.own import question_of_chunk
from bot.questions.point_making import KeyPointMaker
from bot.questions.scopes import chunks_in
from bot.questions.upkeep import mark_stale
from bot.questions.verify import Verifier
from bot.questions.words import content_words, likeness
from bot.seams import Clock, Embedder, LanguageModel, Store
from bot.texts import current_language

SAME_QUESTION = 0.9
"""From this likeness on two questions about one chunk are one."""
_FROM_NOTES = (Origin.NOTES, Origin.HEADING)
_ORDER = (Origin.LEARNER, Origin.SHIPPED, Origin.NOTES, Origin.HEADING, Origin.MODEL)


def every_collection() -> Sequence[Collection]:
    """Own notes and the sample."""
    return tuple(Collection)


class QuestionMaker:
    """Finds and makes questions about the notes.

    Args:
        store: Holds notes, questions and grades.
        embedder: Finds the sections nearest to a topic, and near duplicates.
        model: Makes further questions; None: only those that need no model.
        collections: Which notes are in use now.
        points: Makes the key points of the notes' own questions anew, before anyone has answered them; None:
            they keep those that need no model.
    """

    def __init__(
        self,
        store: Store,
        embedder: Embedder,
        model: LanguageModel | None = None,
        collections: Callable[[], Sequence[Collection]] = every_collection,
        points: KeyPointMaker | None = None,
    ) -> None:
        self._store = store
        self._embedder = embedder
        self._model = model
        self._collections = collections
        self._points = points

    def questions_for(self, scope: Scope) -> list[Question]:
        """Questions of the scope, by place in the notes; the notes' own are made and stored where missing."""
        chunks = self.chunks_for(scope)
        self._store_own(chunks)
        place = {chunk.id: i for i, chunk in enumerate(chunks)}
        found = [q for q in self._store.questions.questions(list(place)) if not q.stale]
        return sorted(found, key=lambda q: (_first_place(q, place), _ORDER.index(q.origin)))

    def chunks_for(self, scope: Scope) -> list[Chunk]:
        """Chunks of the scope among the notes in use, by document and place."""
        return chunks_in(scope, self._store, self._embedder, self._collections())

    def neediest(self, scope: Scope) -> list[Chunk]:
        """The same, those first about which a model has made fewest questions, then failed least often."""
        failed = Counter(rejection.chunk_id for rejection in self._store.questions.rejections())
        return sorted(self.chunks_for(scope), key=lambda chunk: (self.made_about(chunk), failed[chunk.id]))

    def choose_next(
        self,
        scope: Scope,
        asked: Sequence[str],
        clock: Clock,
        versions: Mapping[str, str] = MappingProxyType({}),
    ) -> Question | None:
        """The next question of a quiz: never graded ones first, then weak ones; None when all were asked.

        Args:
            scope: What the quiz is about.
            asked: Ids of its questions so far.
            clock: Time.
            versions: Of a question that there is in two languages, the id of the other one, both ways; one of
                the two is asked.
        """
        candidates = self._candidates(scope, asked, versions)
        grades = {question.id: self._store.grades.grades(question.id) for question in candidates}
        return next_question(candidates, asked, grades, clock(), stopgaps_of(candidates))

    def left(self, scope: Scope, asked: Sequence[str], versions: Mapping[str, str]) -> list[Question]:
        """Questions that a quiz can still ask; the arguments are those of `choose_next`."""
        return askable(self._candidates(scope, asked, versions), asked)

    def make(self, chunk: Chunk, count: int = 1) -> list[Question]:
        """Up to `count` further questions about a chunk, checked and stored; none without a language model.

        Raises:
            ModelUnavailable: A model does not answer; what was stored before stays.
        """
        if self._model is None or count < 1:
            return []
        if self._points is not None and not self.made_about(chunk):
            self._sharpen(chunk, self._points)
        return Generator(self._store, self._model, Verifier(self._store, self._embedder)).make(chunk, count)

    def made_about(self, chunk: Chunk) -> int:
        """How many questions a language model has made about the chunk so far."""
        return model_questions(self._store.questions.questions([chunk.id]), chunk)

    def notes_changed(self) -> list[Question]:
        """Mark questions whose notes have changed; returns those that are marked or unmarked now."""
        return mark_stale(self._store)

    def _candidates(self, scope: Scope, asked: Sequence[str], versions: Mapping[str, str]) -> list[Question]:
        done = {*asked, *self._store.questions.deleted_ids()}
        return in_one_language(self.questions_for(scope), done, versions, current_language())

    def _sharpen(self, chunk: Chunk, points: KeyPointMaker) -> None:
        """Give the chunk's own question the key points of `points`, unless it stands open or was answered."""
        raw = self._store.notes.document(chunk.document_id).raw
        for question in self._store.questions.questions([chunk.id]):
            if question.origin not in _FROM_NOTES or self._is_fixed(question):
                continue
            made = key_points_of_chunk(question.text, chunk, raw, points)
            # While the model wrote, the question may have been asked, corrected or deleted.
            unchanged = question in self._store.questions.questions([chunk.id])
            if made and unchanged and not self._is_fixed(question):
                self._store.questions.save(question.model_copy(update={"key_points": made}))

    def _is_fixed(self, question: Question) -> bool:
        """Whether the question has a grade, or stands open in a quiz: asked, or being judged."""
        turns = (turn for quiz in self._store.quizzes.quizzes() for turn in quiz.turns)
        asked = (turn for turn in turns if turn.question_id == question.id)
        is_open = any(turn.state in (TurnState.ASKED, TurnState.ANSWERED) for turn in asked)
        return is_open or bool(self._store.grades.grades(question.id))

    def _store_own(self, chunks: Sequence[Chunk]) -> None:
        """Make the questions that need no model, for chunks that have none of that wording yet."""
        texts = {document.id: document.raw for document in self._store.notes.documents()}
        stored = self._store.questions
        deleted = [stored.question(question_id) for question_id in stored.deleted_ids()]
        known = [*stored.questions([chunk.id for chunk in chunks]), *deleted]
        taken = {question.id for question in known}
        for chunk in chunks:
            question = question_of_chunk(chunk, texts[chunk.document_id])
            if question is None or question.id in taken or _is_asked(question, known):
                continue
            self._store.questions.save(question)


def _first_place(question: Question, place: dict[str, int]) -> int:
    return min(place[chunk_id] for chunk_id in question.chunk_ids if chunk_id in place)


def _is_asked(question: Question, known: Sequence[Question]) -> bool:
    """Whether a stored question about the same chunk asks the same."""
    words = content_words(question.text)
    about = [q for q in known if set(q.chunk_ids) & set(question.chunk_ids)]
    return any(likeness(words, content_words(q.text)) >= SAME_QUESTION for q in about)
