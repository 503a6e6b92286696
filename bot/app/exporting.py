"""A conversation as a file to keep."""

from collections.abc import Iterator

from bot.domain.answers import Citation, CitedSentence, Explanation, Hit, Outcome
from bot.domain.conversations import Conversation
from bot.texts import say


def as_markdown(conversation: Conversation) -> str:
    """A conversation as a Markdown file: all that the page shows of it, each citation with its quote."""
    parts = [f"# {conversation.title}"]
    for turn in conversation.turns:
        parts.append(f"## {turn.query}")
        if turn.explanation is not None:
            parts += _told(turn.explanation)
        parts += [f"({turn.error})"] if turn.error is not None else []
    return "\n\n".join(parts) + "\n"


def _told(explanation: Explanation) -> Iterator[str]:
    if explanation.outcome is Outcome.REFUSED:
        yield from _refusal(explanation)
    if explanation.outcome is Outcome.PASSAGES:
        yield f"*{say('page.passages')}*"
    yield from (_sentence(sentence) for sentence in explanation.sentences)
    yield from (_citation(citation) for citation in explanation.citations)
    yield from (say("page.conflict", one=one, other=other) for one, other in explanation.conflicts)
    if explanation.problem:
        yield say("page.problem", why=explanation.problem)
    if explanation.dropped:
        yield f"*{say('page.dropped', count=len(explanation.dropped))}*"


def _refusal(explanation: Explanation) -> Iterator[str]:
    yield say("page.refused" if explanation.nearest else "page.no_notes")
    if explanation.topics:
        yield say("page.only_named")
        yield "\n".join(f"- {topic.text}" for topic in explanation.topics)
    if explanation.nearest:
        yield say("app.nearest")
        yield "\n".join(f"- {_place(hit)}" for hit in explanation.nearest)


def _sentence(sentence: CitedSentence) -> str:
    return sentence.text + "".join(f" [{number}]" for number in sentence.citations)


def _citation(citation: Citation) -> str:
    quote = citation.quote.replace("\n", "\n> ")
    return f"[{citation.number}] {' › '.join((citation.source, *citation.heading_path))}\n> {quote}"


def _place(hit: Hit) -> str:
    question = (hit.chunk.question,) if hit.chunk.question else ()
    path = " › ".join((hit.source, *hit.chunk.heading_path, *question))
    return say("app.place", path=path, line=hit.chunk.line)
