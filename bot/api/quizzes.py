"""Routes of quizzes."""

from fastapi import APIRouter

from bot.api.bodies import DraftBody, DraftReply, QuizBody, QuizReply, SubmitBody, TurnBody
from bot.app import Kaodian
from bot.domain.quizzes import Quiz, TurnState
from bot.grading import feedback
from bot.texts import current_language


def add_quizzes(router: APIRouter, kaodian: Kaodian) -> None:
    """Put the routes of a quiz and of its turns into `router`."""
    _add_course(router, kaodian)
    _add_turns(router, kaodian)


def _add_course(router: APIRouter, kaodian: Kaodian) -> None:
    quizzes = kaodian.examining.quizzes

    @router.post("/quizzes", status_code=201)
    def start(body: QuizBody) -> QuizReply:
        """Begin a quiz."""
        return _asked(kaodian, quizzes.start(body.scope, body.length, body.mode))

    @router.get("/quizzes/{quiz_id}")
    def look(quiz_id: str) -> QuizReply:
        """A quiz as it stands."""
        return _told(kaodian, kaodian.store.quizzes.quiz(quiz_id))

    @router.post("/quizzes/{quiz_id}/go_on")
    def go_on(quiz_id: str, body: TurnBody) -> QuizReply:
        """Ask the next question, or finish."""
        return _asked(kaodian, quizzes.go_on(quiz_id, body.turn))

    @router.post("/quizzes/{quiz_id}/stop")
    def stop(quiz_id: str) -> QuizReply:
        """End a quiz early."""
        return _told(kaodian, quizzes.stop(quiz_id))


def _add_turns(router: APIRouter, kaodian: Kaodian) -> None:
    quizzes = kaodian.examining.quizzes

    @router.post("/quizzes/{quiz_id}/submit")
    def submit(quiz_id: str, body: SubmitBody) -> QuizReply:
        """Answer a turn."""
        return _told(kaodian, quizzes.submit(quiz_id, body.turn, body.answer))

    @router.post("/quizzes/{quiz_id}/skip")
    def skip(quiz_id: str, body: TurnBody) -> QuizReply:
        """Leave a turn without an answer."""
        return _told(kaodian, quizzes.skip(quiz_id, body.turn))

    @router.post("/quizzes/{quiz_id}/draft")
    def draft(quiz_id: str, body: DraftBody) -> DraftReply:
        """Keep what was typed and not submitted."""
        return DraftReply(kept=kaodian.examining.drafts.keep(quiz_id, body.turn, body.text))


def _asked(kaodian: Kaodian, quiz: Quiz) -> QuizReply:
    """The same while the next question is made, where the notes' own run short."""
    kaodian.making.ahead(quiz)
    return _told(kaodian, quiz)


def _told(kaodian: Kaodian, quiz: Quiz) -> QuizReply:
    """What a client may know: key points only of questions that are done, in an interview only at its end."""
    askings = kaodian.examining.quizzes.askings(quiz)
    last = askings[-1]
    is_open = not quiz.finished and last.turn.state in (TurnState.ASKED, TurnState.ANSWERED)
    done = askings[:-1] if is_open else askings
    shown = done if quiz.reveals else []
    return QuizReply(
        quiz=quiz,
        question=last.question.text if is_open and last.question else None,
        draft=kaodian.examining.drafts.typed(quiz.id),
        feedback=feedback(last.grade, reveal=quiz.reveals, lang=current_language()) if last.grade else None,
        grade=last.grade if quiz.reveals else None,
        questions=[asking.question for asking in shown if asking.question],
        grades=[asking.grade for asking in shown if asking.grade],
    )
