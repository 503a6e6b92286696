"""`kaodian quiz`: a quiz in the terminal, kept in the store like one on the page."""

import sys
from typing import TYPE_CHECKING, Annotated

import typer

from bot.cli.console import Console
from bot.cli.grading import judged_by
from bot.cli.questions import scope_of
from bot.cli.session import Session
from bot.domain.errors import BadInput
from bot.domain.quizzes import Quiz, TurnState
from bot.texts import current_language, say

if TYPE_CHECKING:
    from bot.app import Kaodian
    from bot.quiz import Asking

HINT, SKIP, GIVE_UP, STOP = "/h", "/s", "/n", "/q"


def add_quiz(app: typer.Typer, session: Session) -> None:
    """Put `quiz` under `app`."""

    @app.command(help=say("cli.quiz_help"))
    def quiz(
        topic: Annotated[str, typer.Argument(help=say("cli.topic_help"))] = "",
        note: Annotated[str, typer.Option(help=say("cli.note_help"))] = "",
        section: Annotated[str, typer.Option(help=say("cli.section_help"))] = "",
        length: Annotated[int, typer.Option("-n", "--length", help=say("cli.length_help"))] = 5,
        resume: Annotated[bool, typer.Option("--resume", help=say("cli.resume_help"))] = False,
    ) -> None:
        with session.opened() as kaodian:
            terminal = TerminalQuiz(kaodian, session.console)
            if resume:
                terminal.run(_unfinished(kaodian))
            else:
                terminal.run(kaodian.examining.quizzes.start(scope_of(kaodian, topic, note, section), length))


def _unfinished(kaodian: "Kaodian") -> Quiz:
    for quiz in kaodian.store.quizzes.quizzes():
        if not quiz.finished:
            return quiz
    raise BadInput("cli.no_unfinished")


class TerminalQuiz:
    """Asks in a terminal; the quizmaster keeps the state.

    Args:
        kaodian: The product.
        console: Where it speaks.
    """

    def __init__(self, kaodian: "Kaodian", console: Console) -> None:
        self._quizzes = kaodian.examining.quizzes
        self._console = console

    def run(self, quiz: Quiz) -> None:
        """Go through the quiz until it is finished, or the learner stops or ends the input."""
        self._console.note(say("cli.quiz_keys", hint=HINT, skip=SKIP, give_up=GIVE_UP, stop=STOP))
        quiz = self._quizzes.resume(quiz.id)
        while not quiz.finished:
            asking = self._quizzes.askings(quiz)[-1]
            quiz = self._quizzes.quiz(quiz.id) if self._turn(quiz, asking) else self._quizzes.stop(quiz.id)
        self._tell(quiz)

    def _turn(self, quiz: Quiz, asking: "Asking") -> bool:
        """One turn; False when the learner wants to stop."""
        number = asking.turn.number
        if asking.turn.state is TurnState.ASKED:
            self._console.print(
                f"\n{number}/{quiz.length}  {asking.question.text if asking.question else ''}"
            )
            words = self._read()
            if words is None or words == STOP:
                return False
            if words == HINT:
                self._hint(quiz, asking)
                return True
            self._act(quiz, number, words)
        self._show(quiz.id, number)
        self._quizzes.go_on(quiz.id, number)
        return True

    def _act(self, quiz: Quiz, number: int, words: str) -> None:
        if words == SKIP:
            self._quizzes.skip(quiz.id, number)
        elif words == GIVE_UP:
            self._quizzes.give_up(quiz.id, number)
        else:
            self._quizzes.submit(quiz.id, number, words)

    def _hint(self, quiz: Quiz, asking: "Asking") -> None:
        from bot.grading import hint

        level = self._quizzes.note_hint(quiz.id, asking.turn.number)
        if asking.question:
            self._console.print(hint(asking.question, level, lang=current_language()))

    def _show(self, quiz_id: str, number: int) -> None:
        from bot.grading import feedback

        asking = self._quizzes.askings(self._quizzes.quiz(quiz_id))[number - 1]
        if asking.grade is not None:
            self._console.print(feedback(asking.grade, lang=current_language()).text)
            self._console.print(judged_by(asking.grade))

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

    def _tell(self, quiz: Quiz) -> None:
        summary = self._quizzes.summary(quiz)
        mean = "—" if summary.mean is None else f"{summary.mean:.0%}"
        self._console.print(say("cli.quiz_end", graded=summary.graded, skipped=summary.skipped, mean=mean))
