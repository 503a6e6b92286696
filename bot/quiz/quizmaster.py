"""Asks, takes answers, has them graded once, and never loses one."""

import threading
from collections.abc import Callable

from bot.domain.errors import BadInput, Busy, NotFound
from bot.domain.grades import Grade
from bot.domain.questions import Question
from bot.domain.quizzes import Quiz, QuizMode, Scope, Turn, TurnState
from bot.domain.spans import digest
from bot.grading import Watch, no_watch
from bot.quiz.roles import Asking, Chooser, Examiner, Summary
from bot.quiz.wanted import check_length
from bot.seams import Clock, Store

GAVE_UP = "不会"
"""What is stored as the answer of a learner who does not know."""


class QuizMaster:
    """Runs quizzes.

    Args:
        store: Holds quizzes, questions and grades.
        examiner: Gives the grader as settings have it now; it tells a watcher of each verdict.
        choose: Picks questions.
        clock: Time.
        new_id: Makes an id that was never used.
    """

    def __init__(
        self,
        store: Store,
        examiner: Callable[[Watch], Examiner],
        choose: Chooser,
        clock: Clock,
        new_id: Callable[[], str],
    ) -> None:
        self._store = store
        self._examiner = examiner
        self._choose = choose
        self._clock = clock
        self._new_id = new_id
        self._grading: set[tuple[str, int]] = set()
        self._lock = threading.Lock()

    def start(self, scope: Scope, length: int, mode: QuizMode = QuizMode.PRACTICE) -> Quiz:
        """A new quiz with its first question asked.

        Raises:
            BadInput: `length` is not 1..100, or the scope holds no question.
        """
        check_length(length)
        first = self._choose(scope, [])
        if first is None:
            raise BadInput("quiz.no_questions")
        turn = Turn(number=1, question_id=first.id)
        quiz = Quiz(
            id=self._new_id(), created_at=self._clock(), scope=scope, length=length, mode=mode, turns=(turn,)
        )
        return self._store.quizzes.save(quiz)

    def quiz(self, quiz_id: str) -> Quiz:
        """A quiz as it is stored. Raises NotFound."""
        return self._store.quizzes.quiz(quiz_id)

    def submit(self, quiz_id: str, number: int, answer: str, watch: Watch = no_watch) -> Quiz:
        """Store an answer, then have it graded; the same turn is never graded twice.

        A turn that already has its grade, or is being graded by another tab, is left as it is.

        Args:
            quiz_id: Of the quiz.
            number: Of the turn.
            answer: The learner's words.
            watch: Told of verdicts as they come.

        Raises:
            NotFound: No such quiz, turn or question.
            BadInput: The answer cannot be used; the turn stays open.
        """
        quiz = self._store.quizzes.quiz(quiz_id)
        turn = _turn(quiz, number)
        if turn.state in (TurnState.GRADED, TurnState.SKIPPED) or not self._claim(quiz_id, number):
            return quiz
        try:
            return self._submitted(quiz, turn, answer, watch)
        finally:
            self._release(quiz_id, number)

    def resume(self, quiz_id: str, watch: Watch = no_watch) -> Quiz:
        """Grade the answer that is stored without a grade, since a grading was cut short or failed."""
        quiz = self._store.quizzes.quiz(quiz_id)
        turn = quiz.current
        if turn is None or turn.state is not TurnState.ANSWERED:
            return quiz
        return self.submit(quiz_id, turn.number, turn.answer, watch)

    def give_up(self, quiz_id: str, number: int) -> Quiz:
        """The learner does not know: graded as such, so that it comes back."""
        return self.submit(quiz_id, number, GAVE_UP)

    def skip(self, quiz_id: str, number: int) -> Quiz:
        """Leave a turn without an answer; one that was answered stays as it is."""
        quiz = self._store.quizzes.quiz(quiz_id)
        turn = _turn(quiz, number)
        if turn.state is not TurnState.ASKED:
            return quiz
        return self._replace(quiz, turn.model_copy(update={"state": TurnState.SKIPPED}))

    def note_hint(self, quiz_id: str, number: int) -> int:
        """Count a hint; returns how many the turn has had, this one included.

        Raises:
            BadInput: The quiz is an interview, which gives no hints.
        """
        quiz = self._store.quizzes.quiz(quiz_id)
        if quiz.mode is QuizMode.INTERVIEW:
            raise BadInput("quiz.no_hints")
        turn = _turn(quiz, number)
        if turn.state is not TurnState.ASKED:
            return turn.hints
        self._replace(quiz, turn.model_copy(update={"hints": turn.hints + 1}))
        return turn.hints + 1

    def go_on(self, quiz_id: str, number: int) -> Quiz:
        """Ask the next question after turn `number`, or finish; asking twice changes nothing."""
        quiz = self._store.quizzes.quiz(quiz_id)
        last = quiz.turns[-1]
        if quiz.finished or number != last.number or last.state in (TurnState.ASKED, TurnState.ANSWERED):
            return quiz
        question = None
        if len(quiz.turns) < quiz.length:
            question = self._choose(quiz.scope, [turn.question_id for turn in quiz.turns])
        if question is None:
            return self._save(quiz.model_copy(update={"finished": True}))
        turn = Turn(number=last.number + 1, question_id=question.id)
        return self._save(quiz.model_copy(update={"turns": (*quiz.turns, turn)}))

    def stop(self, quiz_id: str) -> Quiz:
        """End a quiz early; an unanswered turn counts as skipped."""
        quiz = self._store.quizzes.quiz(quiz_id)
        if quiz.current and quiz.current.state is TurnState.ASKED:
            quiz = self.skip(quiz_id, quiz.current.number)
        return self._save(quiz.model_copy(update={"finished": True}))

    def askings(self, quiz: Quiz) -> list[Asking]:
        """The turns of a quiz with their questions and grades, in order."""
        return [
            Asking(turn=turn, question=self._question(turn), grade=self._grade(turn)) for turn in quiz.turns
        ]

    def summary(self, quiz: Quiz) -> Summary:
        """How a quiz went so far."""
        grades = [asking.grade for asking in self.askings(quiz)]
        scores = [grade.score for grade in grades if grade is not None and grade.score is not None]
        return Summary(
            asked=len(quiz.turns),
            graded=len(scores),
            skipped=sum(turn.state is TurnState.SKIPPED for turn in quiz.turns),
            mean=sum(scores) / len(scores) if scores else None,
        )

    def _submitted(self, quiz: Quiz, turn: Turn, answer: str, watch: Watch) -> Quiz:
        question = self._store.questions.question(turn.question_id)
        if not answer.strip():
            raise BadInput("quiz.blank_answer")
        answered = turn.model_copy(update={"state": TurnState.ANSWERED, "answer": answer})
        quiz = self._replace(quiz, answered)
        if _turn(quiz, turn.number) != answered:  # another tab answered first
            return quiz
        try:
            grade = self._graded(quiz.id, answered, question, watch)
        except BadInput:
            self._replace(quiz, turn.model_copy(update={"state": TurnState.ASKED, "answer": answer}))
            raise
        changes: dict[str, object] = {"grade_id": grade.id}
        if grade.error is None:
            changes["state"] = TurnState.GRADED
        return self._replace(quiz, answered.model_copy(update=changes))

    def _graded(self, quiz_id: str, turn: Turn, question: Question, watch: Watch) -> Grade:
        known = self._grade(turn.model_copy(update={"grade_id": _grade_id(quiz_id, turn)}))
        if known is not None and known.error is None:
            return known
        passage = "\n".join(point.quote.text for point in question.key_points if point.quote)
        examiner = self._examiner(watch)
        grade = examiner.grade(question.id, question.text, question.key_points, turn.answer, passage)
        own_id = _grade_id(quiz_id, turn) if grade.error is None else self._new_id()
        grade = grade.model_copy(update={"id": own_id})
        self._store.grades.save(grade)
        return grade

    def _question(self, turn: Turn) -> Question | None:
        try:
            return self._store.questions.question(turn.question_id)
        except NotFound:
            return None

    def _grade(self, turn: Turn) -> Grade | None:
        if turn.grade_id is None:
            return None
        try:
            return self._store.grades.grade(turn.grade_id)
        except NotFound:
            return None

    def _replace(self, quiz: Quiz, turn: Turn) -> Quiz:
        turns = tuple(turn if known.number == turn.number else known for known in quiz.turns)
        return self._save(quiz.model_copy(update={"turns": turns}))

    def _save(self, quiz: Quiz) -> Quiz:
        try:
            return self._store.quizzes.save(quiz)
        except Busy:  # another tab went first: what it stored is the truth
            return self._store.quizzes.quiz(quiz.id)

    def _claim(self, quiz_id: str, number: int) -> bool:
        with self._lock:
            if (quiz_id, number) in self._grading:
                return False
            self._grading.add((quiz_id, number))
            return True

    def _release(self, quiz_id: str, number: int) -> None:
        with self._lock:
            self._grading.discard((quiz_id, number))


def _turn(quiz: Quiz, number: int) -> Turn:
    for turn in quiz.turns:
        if turn.number == number:
            return turn
    raise NotFound("quiz.no_turn", number=number)


def _grade_id(quiz_id: str, turn: Turn) -> str:
    """Depends on quiz, turn and answer only: a grading that was cut short and repeated is stored once."""
    return digest(quiz_id, str(turn.number), turn.answer)
