"""`kaodian questions`: the questions of a topic, a note, a section or everything."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated

import typer

from bot.cli import making
from bot.cli.session import Session
from bot.domain.errors import BadInput
from bot.domain.jobs import Job
from bot.domain.notes import ParsedDocument
from bot.domain.questions import Question
from bot.domain.quizzes import Scope
from bot.texts import say

if TYPE_CHECKING:
    from bot.app import Kaodian


def scope_of(kaodian: "Kaodian", topic: str, note: str, section: str) -> Scope:
    """The scope that options name; needs no model and no index.

    Raises:
        BadInput: No note has that name, or no section of it.
    """
    if not (note or section):
        return Scope(topic=topic)
    notes = [parsed for parsed in kaodian.foreseen_notes() if note in parsed.document.source]
    if not notes:
        raise BadInput("cli.no_such_note", name=note)
    return Scope(
        topic=topic,
        document_id=notes[0].document.id if note else "",
        heading_path=_section(notes[:1] if note else notes, section) if section else (),
    )


def _section(notes: Sequence[ParsedDocument], section: str) -> tuple[str, ...]:
    for chunk in (chunk for parsed in notes for chunk in parsed.chunks):
        for depth, heading in enumerate(chunk.heading_path, start=1):
            if section in heading:
                return chunk.heading_path[:depth]
    raise BadInput("cli.no_such_section", name=section)


def add_questions(app: typer.Typer, session: Session) -> None:
    """Put `questions` under `app`."""

    @app.command(help=say("cli.questions_help"))
    def questions(
        topic: Annotated[str, typer.Argument(help=say("cli.topic_help"))] = "",
        note: Annotated[str, typer.Option(help=say("cli.note_help"))] = "",
        section: Annotated[str, typer.Option(help=say("cli.section_help"))] = "",
        make: Annotated[int, typer.Option("--make", min=0, help=say("cli.make_help"))] = 0,
        resume: Annotated[bool, typer.Option("--resume", help=say("cli.make_resume_help"))] = False,
        pause: Annotated[bool, typer.Option("--pause", help=say("cli.make_pause_help"))] = False,
        cancel: Annotated[bool, typer.Option("--cancel", help=say("cli.make_cancel_help"))] = False,
        jobs: Annotated[bool, typer.Option("--jobs", help=say("cli.jobs_help"))] = False,
        job_id: Annotated[str, typer.Option("--job", help=say("cli.job_help"))] = "",
        points: Annotated[bool, typer.Option("--points", help=say("cli.points_help"))] = False,
        as_json: Annotated[bool, typer.Option("--json", help=say("cli.json_help"))] = False,
    ) -> None:
        if (make or resume) and session.settings.llm == "none":
            raise BadInput("cli.make_without_model")
        with session.opened() as kaodian:
            if pause or cancel:
                _stopped(session, kaodian, job_id, for_good=cancel, as_json=as_json)
                return
            if jobs:
                _listed(session, kaodian, as_json=as_json)
                return
            job = making.unfinished(kaodian, job_id) if resume else None
            scope = _scope_of_job(job) if job else scope_of(kaodian, topic, note, section)
            session.make_ready(kaodian, with_model=bool(make or job))
            if make or job:
                making.watched(session.console, kaodian, job or making.begun(kaodian, scope, make))
            found = kaodian.examining.questions().questions_for(scope)
        if as_json:
            session.console.json(found)
            return
        for question in found:
            session.console.print(described(question, points))
        session.console.note(say("cli.questions_count", count=len(found)))


def _scope_of_job(job: Job) -> Scope:
    from bot.questions.ahead import order_of

    return order_of(job).scope


def _stopped(session: Session, kaodian: "Kaodian", job_id: str, *, for_good: bool, as_json: bool) -> None:
    job = making.unfinished(kaodian, job_id)
    job = kaodian.jobs.cancel(job.id) if for_good else kaodian.jobs.pause(job.id)
    if as_json:
        session.console.json(making.recorded(kaodian, job))
    else:
        session.console.print(say("cli.make_cancelled" if for_good else "cli.make_paused"))


def _listed(session: Session, kaodian: "Kaodian", *, as_json: bool) -> None:
    """What is still being made."""
    found = kaodian.making.open()
    if as_json:
        session.console.json([making.recorded(kaodian, job) for job in found])
        return
    for job in found:
        session.console.print(making.described(kaodian, job))
    session.console.note(say("cli.jobs_count", count=len(found)))


def described(question: Question, points: bool) -> str:
    """A question on one line, and its key points with weight and quote below where wanted."""
    head = f"{question.id}  {'★' * question.difficulty:<3}  {question.text}"
    if not points:
        return head
    lines = [head]
    for number, point in enumerate(question.key_points, start=1):
        bonus = "" if point.vital else say("grading.bonus")
        lines.append(say("cli.point", number=number, text=point.text, weight=f"{point.weight:g}") + bonus)
        if point.quote is not None:
            lines.append("       " + say("grading.note_words", quote=" ".join(point.quote.text.split())))
    return "\n".join(lines)
