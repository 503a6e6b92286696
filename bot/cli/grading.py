"""`kaodian grade`: one answer to one question."""

import sys
from typing import TYPE_CHECKING, Annotated

import typer

from bot.cli.progress import verdicts_counted
from bot.cli.session import Session
from bot.domain.errors import BadInput
from bot.texts import current_language, say

if TYPE_CHECKING:
    from bot.domain.grades import Grade

STDIN = "-"


def judged_by(grade: "Grade") -> str:
    """Who judged, and how far that can be trusted."""
    return say("grading.judged_by", path=grade.path, trust=say(f"grading.trust_{grade.trust}"))


def add_grade(app: typer.Typer, session: Session) -> None:
    """Put `grade` under `app`."""

    @app.command(help=say("cli.grade_help"))
    def grade(
        question: Annotated[str, typer.Argument(help=say("cli.grade_question_help"))],
        answer: Annotated[str, typer.Argument(help=say("cli.grade_answer_help"))] = STDIN,
        as_json: Annotated[bool, typer.Option("--json", help=say("cli.json_help"))] = False,
    ) -> None:
        from bot.grading import feedback
        from bot.quiz import check_answer

        words = sys.stdin.read() if answer == STDIN else answer
        check_answer(words)
        with session.opened() as kaodian:
            if not kaodian.examining.knows(question):
                raise BadInput("cli.no_such_question", id=question)
            session.make_ready_at_best(kaodian, to_judge=True)
            points = kaodian.store.questions.question(question).key_points
            with session.console.progress() as progress:
                watch = verdicts_counted(progress, len(points), reveal=True)
                made = kaodian.examining.grade(question, words, watch)
        if as_json:
            session.console.json(made)
        else:
            session.console.print(feedback(made, lang=current_language()).text)
            session.console.print(judged_by(made))
        if made.error is not None:
            raise typer.Exit(1)
