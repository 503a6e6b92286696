"""`kaodian ask`: one question to the notes."""

from typing import Annotated

import typer

from bot.cli.session import Session
from bot.domain.answers import CitedSentence, Explanation, Hit, Outcome
from bot.texts import say


def add_ask(app: typer.Typer, session: Session) -> None:
    """Put `ask` under `app`."""

    @app.command(help=say("cli.ask_help"))
    def ask(
        question: Annotated[str, typer.Argument(help=say("cli.ask_question_help"))],
        as_json: Annotated[bool, typer.Option("--json", help=say("cli.json_help"))] = False,
        conversation: Annotated[str, typer.Option(help=say("cli.ask_conversation_help"))] = "",
    ) -> None:
        from bot.explaining import check_query

        check_query(question)
        console = session.console
        with session.opened() as kaodian:
            if conversation:
                kaodian.store.conversations.conversation(conversation)
            session.make_ready_at_best(kaodian)
            conversation_id = conversation or kaodian.asking.start(question).id
            answer: Explanation | None = None
            for item in kaodian.asking.ask(conversation_id, question):
                if isinstance(item, Explanation):
                    answer = item
                elif not as_json:
                    console.print(_sentence(item))
            if answer is None:
                return
            if as_json:
                console.json({"conversation": conversation_id, **answer.model_dump(mode="json")})
            else:
                console.print(sources(answer))
                console.note(say("cli.ask_more", conversation=conversation_id))


def _sentence(sentence: CitedSentence) -> str:
    return sentence.text + "".join(f" [{number}]" for number in sentence.citations)


def sources(answer: Explanation) -> str:
    """What stands below an answer: citations, or the refusal with the nearest sections."""
    lines: list[str] = []
    if answer.problem:
        lines += ["", say("cli.ask_problem", why=answer.problem)]
    if answer.outcome is Outcome.REFUSED:
        lines.append(say("cli.ask_empty") if not answer.nearest else say("cli.ask_refused"))
        lines += [line for hit in answer.nearest for line in (f"  · {_place(hit)}", *_passage(hit))]
        if answer.topics:
            lines.append(say("cli.ask_topics"))
            lines += [f"  · {topic.text}" for topic in answer.topics]
    for citation in answer.citations:
        path = " › ".join((citation.source, *citation.heading_path))
        lines += ["", f"[{citation.number}] {path}", *(f"    {line}" for line in citation.quote.splitlines())]
    for one, other in answer.conflicts:
        lines += ["", say("cli.ask_conflict", one=one, other=other)]
    return "\n".join(lines)


def _passage(hit: Hit) -> list[str]:
    """Of a long chunk, the passage that comes closest; of a short one, its place says enough."""
    part = hit.chunk.part(hit.passage)
    return [f"      {line}" for line in part.cut(hit.chunk.text).strip().splitlines()] if part else []


def _place(hit: Hit) -> str:
    question = (hit.chunk.question,) if hit.chunk.question else ()
    return " › ".join((hit.source, *hit.chunk.heading_path, *question))
