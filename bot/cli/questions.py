"""`kaodian questions`: the questions of a topic, a note, a section or everything."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated

import typer

from bot.cli.session import Session
from bot.domain.errors import BadInput
from bot.domain.notes import ParsedDocument
from bot.domain.questions import Question
from bot.domain.quizzes import Scope
from bot.seams import Progress
from bot.texts import say

if TYPE_CHECKING:
    from bot.app import Kaodian
    from bot.questions.maker import QuestionMaker


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
        points: Annotated[bool, typer.Option("--points", help=say("cli.points_help"))] = False,
        as_json: Annotated[bool, typer.Option("--json", help=say("cli.json_help"))] = False,
    ) -> None:
        if make and session.settings.llm == "none":
            raise BadInput("cli.make_without_model")
        with session.opened() as kaodian:
            scope = scope_of(kaodian, topic, note, section)
            session.make_ready(kaodian, with_model=make > 0)
            maker = kaodian.examining.questions()
            if make:
                with session.console.progress() as progress:
                    made = make_more(maker, scope, make, progress)
                session.console.note(say("cli.made", made=made, wanted=make))
            found = maker.questions_for(scope)
        if as_json:
            session.console.json(found)
            return
        for question in found:
            session.console.print(described(question, points))
        session.console.note(say("cli.questions_count", count=len(found)))


def make_more(maker: "QuestionMaker", scope: Scope, wanted: int, progress: Progress) -> int:
    """Make up to `wanted` questions, a chunk at a time, those with fewest first; returns how many.

    Each is stored as soon as it is made, so that an interrupt loses none.

    Raises:
        ModelUnavailable: The language model does not answer; what was made stays.
    """
    made = 0
    for chunk in sorted(maker.chunks_for(scope), key=maker.made_about):
        if made >= wanted:
            break
        progress(made, wanted, say("cli.making"))
        made += len(maker.make(chunk, 1))
    return made


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
