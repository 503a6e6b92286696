"""What the quiz tab does: every event reads and writes the stored quiz."""

from collections.abc import Callable, Generator

import gradio as gr

from bot.app import Kaodian
from bot.domain.errors import KaodianError
from bot.domain.quizzes import Quiz, QuizMode, Turn, TurnState
from bot.grading import Watch
from bot.page.answers import Message, assistant_message, user_message
from bot.page.grades import verdicts_told
from bot.page.handling import warn
from bot.page.quiz_view import quiz_messages
from bot.page.readiness import before_quiz
from bot.page.scopes import scope_of
from bot.page.watching import watched
from bot.quiz.quizmaster import GAVE_UP
from bot.texts import say

Place = tuple[str, int] | None
"""The quiz on show and the number of its last turn."""

Update = tuple[object, ...]
"""In the order of QuizParts."""


class QuizEvents:
    """Handlers of the quiz tab.

    Args:
        kaodian: The product.
    """

    def __init__(self, kaodian: Kaodian) -> None:
        self._kaodian = kaodian
        self._quizzes = kaodian.examining.quizzes
        self._drafts = kaodian.examining.drafts

    def found_again(self) -> Update:
        """The newest quiz that is not finished, for a page that has just been opened."""
        for quiz in self._kaodian.store.quizzes.quizzes():
            if not quiz.finished:
                return self._view(quiz)
        return self._setup()

    def start(
        self, chosen: str | None, topic: str, length: float, mode: str = QuizMode.PRACTICE
    ) -> Generator[Update]:
        """A new quiz."""
        wait = before_quiz(self._kaodian)
        if wait:
            warn(wait)
            yield self._setup()
            return
        yield self._setup(busy=True)
        try:
            quiz = self._quizzes.start(scope_of(chosen, topic), int(length), QuizMode(mode))
        except KaodianError:
            yield self._setup()
            raise
        yield self._view(quiz)

    def make_ahead(self, place: Place) -> None:
        """See to the next question; apart from showing this one, which a late end would show once more."""
        if place is not None:
            self._kaodian.making.ahead(self._quiz(place))

    def typed(self, place: Place, answer: str) -> None:
        """Keep what stands in the answer box."""
        if place is not None:
            self._drafts.keep(*place, answer)

    def submit(self, place: Place, answer: str) -> Generator[Update]:
        """Have an answer graded; the second of two clicks finds it graded."""
        if place is None:
            return
        if not answer.strip():
            warn(say("quiz.blank_answer"))
            return
        yield from self._graded(place, answer, lambda watch: self._quizzes.submit(*place, answer, watch))

    def give_up(self, place: Place) -> Generator[Update]:
        """The learner does not know."""
        if place is not None:
            yield from self._graded(place, GAVE_UP, lambda watch: self._quizzes.give_up(*place))

    def again(self, place: Place) -> Generator[Update]:
        """Grade a stored answer that has no grade."""
        if place is not None:
            yield from self._graded(place, "", lambda watch: self._quizzes.resume(place[0], watch))

    def hint(self, place: Place) -> Update:
        """One more hint."""
        if place is None:
            return self._setup()
        self._quizzes.note_hint(*place)
        return self._view(self._quiz(place), keep=True)

    def skip(self, place: Place) -> Update:
        """Leave a question without an answer."""
        return self._view(self._quizzes.skip(*place)) if place else self._setup()

    def go_on(self, place: Place) -> Generator[Update]:
        """The next question, or the end."""
        if place is None:
            return
        yield self._view(self._quiz(place), waiting=True)
        try:
            quiz = self._quizzes.go_on(*place)
        except KaodianError:
            yield self._view(self._quiz(place))
            raise
        yield self._view(quiz)

    def stop(self, place: Place) -> Update:
        """End the quiz early."""
        return self._view(self._quizzes.stop(place[0])) if place else self._setup()

    def leave(self) -> Update:
        """Back to the choice of a quiz."""
        return self._setup()

    def _quiz(self, place: tuple[str, int]) -> Quiz:
        return self._kaodian.store.quizzes.quiz(place[0])

    def _messages(self, quiz: Quiz) -> list[Message]:
        return quiz_messages(quiz, self._quizzes.askings(quiz), self._quizzes.summary(quiz))

    def _graded(
        self, place: tuple[str, int], answer: str, work: Callable[[Watch], Quiz]
    ) -> Generator[Update]:
        quiz = self._quiz(place)
        last = quiz.turns[-1]
        is_open = last.state is TurnState.ASKED and last.number == place[1]
        said = [user_message(say("page.gave_up") if answer == GAVE_UP else answer)] if answer else []
        shown = [*self._messages(quiz), *said] if is_open else self._messages(quiz)
        try:
            quiz = yield from self._arriving(quiz, shown, work)
        except KaodianError:
            yield self._view(self._quiz(place), keep=True)
            raise
        yield self._view(quiz)

    def _arriving(
        self, quiz: Quiz, shown: list[Message], work: Callable[[Watch], Quiz]
    ) -> Generator[Update, None, Quiz]:
        """The verdicts as they come; returns the quiz with its grade."""
        question = self._quizzes.askings(quiz)[-1].question
        points = question.key_points if question else ()
        yield self._update(
            quiz, [*shown, assistant_message(say("page.grading"))], _Controls(quiz, typed=None)
        )
        steps = watched(lambda progress: work(verdicts_told(points, progress, reveal=quiz.reveals)))
        while True:
            try:
                step = next(steps)
            except StopIteration as end:
                return end.value
            yield self._update(quiz, [*shown, assistant_message(step.what)], _Controls(quiz, typed=None))

    def _view(self, quiz: Quiz, *, waiting: bool = False, keep: bool = False) -> Update:
        """The quiz as it is stored; `keep` leaves the answer box to the learner."""
        last = None if quiz.finished or waiting else quiz.turns[-1]
        typed = None if keep else self._drafts.typed(quiz.id)
        return self._update(quiz, self._messages(quiz), _Controls(quiz, last=last, typed=typed))

    def _update(self, quiz: Quiz, messages: list[Message], controls: "_Controls") -> Update:
        return (
            (quiz.id, quiz.turns[-1].number),
            gr.update(visible=False),
            gr.update(visible=True),
            messages,
            *controls.updates(),
        )

    def _setup(self, *, busy: bool = False) -> Update:
        button = gr.update(value=say("page.choosing" if busy else "page.start"), interactive=not busy)
        controls = _Controls(None, start=button).updates()
        return (None, gr.update(visible=True), gr.update(visible=False), [], *controls)


class _Controls:
    """What a learner may do now.

    Args:
        quiz: On show; None while none is.
        last: The turn that stands open; None while work is under way.
        typed: Text of the answer box; None leaves it.
        start: The start button.
    """

    def __init__(
        self,
        quiz: Quiz | None,
        *,
        last: Turn | None = None,
        typed: str | None = "",
        start: object = None,
    ) -> None:
        self._state = last.state if last else None
        self._finished = quiz is not None and quiz.finished
        self._gives_hints = quiz is None or quiz.mode is not QuizMode.INTERVIEW
        self._reveals = quiz is None or quiz.reveals
        self._typed = typed
        self._start = start

    def updates(self) -> Update:
        """In the order of QuizParts, from the answer area on."""
        state = self._state
        answer = gr.skip() if self._typed is None else gr.update(value=self._typed)
        return (
            gr.update(visible=state is TurnState.ASKED),
            answer,
            gr.update(visible=state in (TurnState.GRADED, TurnState.SKIPPED)),
            gr.update(visible=state is TurnState.ANSWERED),
            gr.update(visible=state is not None),
            gr.update(visible=self._finished),
            self._start or gr.update(value=say("page.start"), interactive=True),
            gr.update(visible=self._gives_hints),
            gr.update(visible=self._reveals),
        )
