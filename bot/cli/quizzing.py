"""`kaodian quiz`: a quiz in the terminal, kept in the store like one on the page."""

import sys
from collections.abc import Callable, Generator
from contextlib import AbstractContextManager, contextmanager
from typing import TYPE_CHECKING, Annotated

import typer

from bot.cli.grading import judged_by
from bot.cli.progress import verdicts_counted
from bot.cli.questions import scope_of
from bot.cli.session import Session
from bot.domain.errors import BadInput
from bot.domain.quizzes import Quiz, QuizMode, TurnState
from bot.seams import Progress
from bot.texts import current_language, say

if TYPE_CHECKING:
    from bot.app import Kaodian
    from bot.grading import Watch
    from bot.quiz import Asking, QuizMaster

HINT, SKIP, GIVE_UP, STOP = "/h", "/s", "/n", "/q"
LEAVE_SECONDS = 0.5
"""That a learner who leaves waits for a question that is being made."""


def add_quiz(app: typer.Typer, session: Session) -> None:
    """Put `quiz` under `app`."""

    @app.command(help=say("cli.quiz_help"))
    def quiz(
        topic: Annotated[str, typer.Argument(help=say("cli.topic_help"))] = "",
        note: Annotated[str, typer.Option(help=say("cli.note_help"))] = "",
        section: Annotated[str, typer.Option(help=say("cli.section_help"))] = "",
        length: Annotated[int, typer.Option("-n", "--length", help=say("cli.length_help"))] = 5,
        mode: Annotated[QuizMode, typer.Option(help=say("cli.mode_help"))] = QuizMode.PRACTICE,
        resume: Annotated[bool, typer.Option("--resume", help=say("cli.resume_help"))] = False,
        as_json: Annotated[bool, typer.Option("--json", help=say("cli.quiz_json_help"))] = False,
    ) -> None:
        from bot.quiz import check_length

        check_length(length)
        with session.opened() as kaodian:
            quizzes, console = kaodian.examining.quizzes, session.console
            begun = _unfinished(kaodian) if resume else None
            scope = scope_of(kaodian, topic, note, section)
            session.make_ready_at_best(kaodian, to_judge=True)
            begun = begun or quizzes.start(scope, length, mode)
            tell = console.note if as_json else console.print
            with _made_ahead(kaodian) as ahead:
                done = TerminalQuiz(quizzes, tell, console.note, console.progress, ahead).run(begun)
            if as_json:
                console.json(_record(quizzes, done))


def _unfinished(kaodian: "Kaodian") -> Quiz:
    for quiz in kaodian.store.quizzes.quizzes():
        if not quiz.finished:
            return quiz
    raise BadInput("cli.no_unfinished")


@contextmanager
def _made_ahead(kaodian: "Kaodian") -> Generator[Callable[[Quiz], None]]:
    """Has questions made while the learner types; at the end a job that is not done waits."""
    if kaodian.model_is_here():
        kaodian.jobs.start()
    try:
        yield kaodian.making.ahead
    finally:
        kaodian.jobs.close(LEAVE_SECONDS)
        kaodian.making.open()  # what was made for a quiz ends with it


def _keys(mode: QuizMode) -> str:
    if mode is QuizMode.INTERVIEW:
        return say("cli.interview_keys", skip=SKIP, give_up=GIVE_UP, stop=STOP)
    return say("cli.quiz_keys", hint=HINT, skip=SKIP, give_up=GIVE_UP, stop=STOP)


def _record(quizzes: "QuizMaster", quiz: Quiz) -> dict[str, object]:
    """A quiz for a program; one that is not over yet keeps to itself what it must not show."""
    record: dict[str, object] = {"quiz": quiz, "summary": quizzes.summary(quiz)}
    return record | ({"turns": quizzes.askings(quiz)} if quiz.reveals else {})


class TerminalQuiz:
    """Asks in a terminal; the quizmaster keeps the state.

    Args:
        quizzes: The quizmaster.
        tell: Told questions and grades, a text at a time.
        note: Told what is no result.
        progress: Shows how far a grading is.
        ahead: Told of the quiz whenever its learner begins to type.
    """

    def __init__(
        self,
        quizzes: "QuizMaster",
        tell: Callable[[str], None],
        note: Callable[[str], None],
        progress: Callable[[], AbstractContextManager[Progress]],
        ahead: Callable[[Quiz], None],
    ) -> None:
        self._quizzes = quizzes
        self._tell = tell
        self._note = note
        self._progress = progress
        self._ahead = ahead

    def run(self, quiz: Quiz) -> Quiz:
        """Go through the quiz until it is over; the end of the input leaves it to be gone on with."""
        self._note(_keys(quiz.mode))
        quiz = self._resumed(quiz)
        while not quiz.finished:
            self._ahead(quiz)
            if not self._turn(quiz, self._quizzes.askings(quiz)[-1]):
                self._note(say("cli.quiz_left"))
                return quiz
            quiz = self._quizzes.quiz(quiz.id)
        self._end(quiz)
        return quiz

    def _resumed(self, quiz: Quiz) -> Quiz:
        """The quiz, graded where an answer of it still waits for its grade."""
        if quiz.current is None or quiz.current.state is not TurnState.ANSWERED:
            return quiz
        with self._watching(quiz, self._quizzes.askings(quiz)[-1]) as watch:
            return self._quizzes.resume(quiz.id, watch)

    def _turn(self, quiz: Quiz, asking: "Asking") -> bool:
        """One turn; False at the end of the input."""
        number = asking.turn.number
        if asking.turn.state is TurnState.ASKED:
            self._tell(f"\n{number}/{quiz.length}  {asking.question.text if asking.question else ''}")
            words = self._read()
            if words is None:
                return False
            if words == HINT:
                self._hint(quiz, asking)
                return True
            try:
                self._act(quiz, asking, words)
            except BadInput as error:  # an answer that cannot be used: the turn is asked again
                self._note(str(error))
                return True
        self._show(quiz.id, number)
        self._quizzes.go_on(quiz.id, number)
        return True

    def _act(self, quiz: Quiz, asking: "Asking", words: str) -> None:
        number = asking.turn.number
        if words == STOP:
            self._quizzes.stop(quiz.id)
        elif words == SKIP:
            self._quizzes.skip(quiz.id, number)
        elif words == GIVE_UP:
            self._quizzes.give_up(quiz.id, number)
        else:
            with self._watching(quiz, asking) as watch:
                self._quizzes.submit(quiz.id, number, words, watch)

    @contextmanager
    def _watching(self, quiz: Quiz, asking: "Asking") -> Generator["Watch"]:
        points = asking.question.key_points if asking.question else ()
        with self._progress() as progress:
            yield verdicts_counted(progress, len(points), reveal=quiz.reveals)

    def _hint(self, quiz: Quiz, asking: "Asking") -> None:
        from bot.grading import hint

        try:
            level = self._quizzes.note_hint(quiz.id, asking.turn.number)
        except BadInput as error:
            self._note(str(error))
            return
        if asking.question:
            self._tell(hint(asking.question, level, lang=current_language()))

    def _show(self, quiz_id: str, number: int) -> None:
        from bot.grading import feedback

        quiz = self._quizzes.quiz(quiz_id)
        grade = self._quizzes.askings(quiz)[number - 1].grade
        if grade is not None:
            self._tell(feedback(grade, reveal=quiz.reveals, lang=current_language()).text)
            self._tell(judged_by(grade))

    def _read(self) -> str | None:
        """An answer, ended by an empty line; None at the end of the input."""
        lines: list[str] = []
        for line in sys.stdin:
            if not line.strip():
                if lines:
                    break
                continue
            lines.append(line.rstrip("\n"))
            if line.strip() in (HINT, SKIP, GIVE_UP, STOP):
                return line.strip()
        return "\n".join(lines) if lines else None

    def _end(self, quiz: Quiz) -> None:
        if quiz.mode is QuizMode.INTERVIEW:
            self._review(quiz)
        summary = self._quizzes.summary(quiz)
        mean = "—" if summary.mean is None else f"{summary.mean:.0%}"
        self._tell(say("cli.quiz_end", graded=summary.graded, skipped=summary.skipped, mean=mean))

    def _review(self, quiz: Quiz) -> None:
        """What an interview kept back: every question with its grade and ideal answer."""
        self._tell("\n" + say("cli.quiz_review"))
        for asking in self._quizzes.askings(quiz):
            if asking.question is not None:
                self._tell(f"\n{asking.turn.number}/{quiz.length}  {asking.question.text}")
            self._show(quiz.id, asking.turn.number)
            if asking.grade is None and asking.question is not None:
                ideal = [point.text for point in asking.question.key_points]
                self._tell("\n".join([say("grading.ideal"), *ideal]))
