"""Questions, quizzes and grades, with the judge that the settings and the moment allow."""

from collections.abc import Sequence
from functools import cached_property
from typing import Protocol

from bot.adapters.llm.gate import Urgency
from bot.app.judging import JudgingDesk
from bot.app.notes import in_effect
from bot.app.sample import QUESTIONS, sample_directory
from bot.domain.errors import BadInput, Busy
from bot.domain.grades import Grade
from bot.domain.questions import Question
from bot.domain.quizzes import Quiz, Scope, Turn, TurnState
from bot.grading import Grader, Watch, no_watch
from bot.questions.maker import QuestionMaker
from bot.questions.model_points import ModelMaker
from bot.questions.shipped import ShippedQuestion, load_shipped, read_shipped, versions_of
from bot.quiz import Drafts, QuizMaster, check_answer
from bot.seams import Clock, Embedder, LanguageModel, Store, TokenEmbedder, WordReader, is_embedded
from bot.settings import Settings


class Product(Protocol):
    """What examining needs of the product."""

    settings: Settings
    store: Store
    embedder: Embedder
    reader: TokenEmbedder
    """What the examiner reads answers with."""

    def language_model(self, urgency: Urgency) -> LanguageModel | None:
        """The language model, None where there is none now."""
        ...

    def word_reader(self) -> WordReader | None:
        """The embedded language model as a judge reads it, None where there is none now."""
        ...


class ExaminingDesk:
    """Makes questions, runs quizzes and grades answers.

    Args:
        product: Settings, store, embedder and language model.
        clock: Time.
        new_id: Makes an id that was never used.
    """

    def __init__(self, product: Product, clock: Clock, new_id: "IdMaker") -> None:
        self._product = product
        self._clock = clock
        self._new_id = new_id
        self._judging = JudgingDesk(product)
        self.quizzes = QuizMaster(product.store, self.grader, self._choose, clock, new_id)
        self.drafts = Drafts(product.store)

    @cached_property
    def _offline_maker(self) -> QuestionMaker:
        return self._maker(None)

    def questions(self) -> QuestionMaker:
        """The maker of questions, with the language model where there is one now."""
        model = self._product.language_model(Urgency.BACKGROUND)
        return self._offline_maker if model is None else self._maker(model)

    def shortage(self, quiz: Quiz) -> int:
        """How many questions the quiz will lack, going by what it can still ask."""
        asked = [turn.question_id for turn in quiz.turns]
        left = self._offline_maker.left(quiz.scope, asked, versions_of(self._shipped))
        return max(0, quiz.length - len(quiz.turns) - len(left))

    def knows(self, question_id: str) -> bool:
        """Whether there is such a question, or will be once the sample notes are in."""
        store = self._product.store.questions
        if any(question.id == question_id for question in store.questions()):
            return True
        shipped = any(question.id == question_id for question in self._shipped)
        return shipped and question_id not in store.deleted_ids()

    def grader(self, watch: Watch = no_watch, *, by_reference: bool = False) -> Grader:
        """The grader with the judge that is in effect now; the arguments are those of JudgingDesk.grader."""
        return self._judging.grader(watch, by_reference=by_reference)

    def grade(self, question_id: str, answer: str, watch: Watch = no_watch) -> Grade:
        """Grade an answer outside of any quiz.

        Until its grade is stored, the answer stands in a quiz of one turn: a kill in the middle leaves that
        quiz to be gone on with.

        Args:
            question_id: Of a stored question.
            answer: The learner's words.
            watch: Told of verdicts as they come.

        Raises:
            NotFound: No such question.
            BadInput: The answer is blank or too long; nothing is stored.
        """
        check_answer(answer)
        store = self._product.store
        question = store.questions.question(question_id)
        turn = Turn(number=1, question_id=question.id, state=TurnState.ANSWERED, answer=answer)
        quiz = store.quizzes.save(
            Quiz(id=self._new_id(), created_at=self._clock(), scope=Scope(), length=1, turns=(turn,))
        )
        try:
            graded = self.quizzes.resume(quiz.id, watch).turns[0].grade_id
        except BadInput:
            store.quizzes.delete(quiz.id)
            raise
        if graded is None:
            raise Busy("quiz.graded_elsewhere")
        grade = store.grades.grade(graded)
        store.quizzes.delete(quiz.id)
        return grade

    def notes_changed(self) -> None:
        """Mark the questions whose notes have changed."""
        self._offline_maker.notes_changed()

    def sync_shipped(self) -> None:
        """Store the questions that ship with the sample notes."""
        load_shipped(self._product.store, self._shipped)

    @cached_property
    def _shipped(self) -> list[ShippedQuestion]:
        file = sample_directory() / QUESTIONS
        return read_shipped(file.read_text("utf-8")) if file.exists() else []

    def _choose(self, scope: Scope, asked: Sequence[str]) -> Question | None:
        return self._offline_maker.choose_next(scope, asked, self._clock, versions_of(self._shipped))

    def _maker(self, model: LanguageModel | None) -> QuestionMaker:
        product = self._product
        return QuestionMaker(
            product.store,
            product.embedder,
            model,
            lambda: in_effect(product.settings, product.store),
            None if model is None or is_embedded(model) else ModelMaker(model),
        )


class IdMaker(Protocol):
    """Makes ids."""

    def __call__(self) -> str:
        """An id that was never used."""
        ...
