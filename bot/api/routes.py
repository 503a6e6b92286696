"""Routes of the HTTP API, all below /api/v1, JSON only."""

from typing import Annotated

from fastapi import APIRouter, Depends, FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse

from bot.api.bodies import (
    AskBody,
    ErrorReply,
    GradeBody,
    NoteReply,
    PasteBody,
    StatusReply,
)
from bot.api.quizzes import add_quizzes
from bot.app import Kaodian, Stage, in_effect
from bot.domain.answers import Explanation
from bot.domain.errors import BadInput, Busy, KaodianError, ModelUnavailable, NotFound, StorageFull
from bot.domain.grades import Grade
from bot.domain.notes import IngestReport
from bot.domain.questions import Question
from bot.domain.quizzes import Scope
from bot.domain.validation import why_not
from bot.texts import say

PREFIX = "/api/v1"
STATUSES: tuple[tuple[type[KaodianError], int], ...] = (
    (BadInput, 422),
    (NotFound, 404),
    (Busy, 409),
    (ModelUnavailable, 503),
    (StorageFull, 507),
)


class NotJson(KaodianError):
    """A body of another content type: a form of a stranger's page could send one."""


def status_of(error: KaodianError) -> int:
    """HTTP status of one of our own errors."""
    if isinstance(error, NotJson):
        return 415
    return next((status for kind, status in STATUSES if isinstance(error, kind)), 500)


def json_only(request: Request) -> None:
    """Turn down every body that is not declared as JSON.

    Raises:
        NotJson: It is not.
    """
    if request.method == "POST":
        kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
        if kind != "application/json":
            raise NotJson("api.not_json")


def add_api(app: FastAPI, kaodian: Kaodian) -> None:
    """Put the API into a web application, errors as JSON included."""

    @app.exception_handler(KaodianError)
    async def failed(_: Request, error: KaodianError) -> JSONResponse:
        return JSONResponse({"error": str(error)}, status_code=status_of(error))

    @app.exception_handler(RequestValidationError)
    async def malformed(_: Request, error: RequestValidationError) -> JSONResponse:
        first = error.errors()[0]
        field = ".".join(str(part) for part in first["loc"][1:])
        return JSONResponse({"error": say("api.malformed", field=field, why=why_not(first))}, status_code=422)

    router = APIRouter(
        prefix=PREFIX,
        dependencies=[Depends(json_only)],
        responses={status: {"model": ErrorReply} for status in (404, 409, 415, 422, 503)},
    )
    _add_notes(router, kaodian)
    _add_asking(router, kaodian)
    _add_questions(router, kaodian)
    add_quizzes(router, kaodian)
    app.include_router(router)


def _add_notes(router: APIRouter, kaodian: Kaodian) -> None:
    @router.get("/status")
    def status() -> StatusReply:
        """How far the start has come."""
        model = kaodian.language_model()
        return StatusReply(
            ready=kaodian.board.stage(Stage.NOTES).state == "done",
            language_model=model.name if model else None,
            stages=list(kaodian.board.read()),
        )

    @router.get("/notes")
    def notes() -> list[NoteReply]:
        """All documents."""
        used = in_effect(kaodian.settings, kaodian.store)
        return [
            NoteReply(
                id=each.id,
                source=each.source,
                title=each.title,
                collection=each.collection,
                in_use=each.collection in used,
            )
            for each in kaodian.notes.documents()
        ]

    @router.post("/notes", status_code=201)
    def paste(body: PasteBody) -> IngestReport:
        """Read a note; the same title replaces what was there."""
        return kaodian.notes.paste(body.title, body.text)


def _add_asking(router: APIRouter, kaodian: Kaodian) -> None:
    @router.post("/ask")
    def ask(body: AskBody) -> dict[str, object]:
        """Ask the notes; the answer comes whole, with its citations and the conversation's id."""
        conversation = body.conversation or kaodian.asking.start(body.question).id
        answer = list(kaodian.asking.ask(conversation, body.question))[-1]
        assert isinstance(answer, Explanation)
        return {"conversation": conversation, **answer.model_dump(mode="json")}


def _add_questions(router: APIRouter, kaodian: Kaodian) -> None:
    @router.get("/questions")
    def questions(
        topic: str = "", document_id: str = "", section: Annotated[tuple[str, ...], Depends(_section)] = ()
    ) -> list[Question]:
        """Questions of a part of the notes; without parameters, of everything."""
        scope = Scope(topic=topic, document_id=document_id, heading_path=section)
        return kaodian.examining.questions().questions_for(scope)

    @router.post("/grade")
    def grade(body: GradeBody) -> Grade:
        """Grade an answer to one question; the grade is stored."""
        return kaodian.examining.grade(body.question_id, body.answer)


def _section(request: Request) -> tuple[str, ...]:
    """Headings from the outermost in, each as its own `section` parameter."""
    return tuple(request.query_params.getlist("section"))
