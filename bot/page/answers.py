"""An explanation as messages of a chat."""

from collections.abc import Sequence

from bot.domain.answers import Citation, CitedSentence, Explanation, Hit, Outcome
from bot.domain.conversations import Conversation
from bot.page.marking import marked_markdown
from bot.page.markup import as_quote, one_line, safe_markdown
from bot.texts import say

Message = dict[str, object]
"""What gr.Chatbot takes: role, content, and metadata with a title for a foldable message."""


def user_message(text: str) -> Message:
    """What the learner wrote."""
    return {"role": "user", "content": safe_markdown(text)}


def assistant_message(text: str) -> Message:
    """What we say; `text` is Markdown already made safe."""
    return {"role": "assistant", "content": text}


def folded(title: str, text: str) -> Message:
    """A message that opens on a click."""
    return {"role": "assistant", "content": text, "metadata": {"title": title, "status": "done"}}


def answer_text(sentences: Sequence[CitedSentence]) -> str:
    """Sentences with the numbers of their citations."""
    return "\n\n".join(
        safe_markdown(sentence.text) + "".join(f" **[{number}]**" for number in sentence.citations)
        for sentence in sentences
    )


def explanation_messages(explanation: Explanation) -> list[Message]:
    """The answer, then its citations and the nearest sections, each opening the exact text."""
    chunks = {hit.chunk.id: hit for hit in explanation.nearest}
    messages = [assistant_message(_body(explanation))]
    messages += [_citation(citation, chunks.get(citation.chunk_id)) for citation in explanation.citations]
    if explanation.outcome is Outcome.REFUSED:
        messages += [_nearest(hit) for hit in explanation.nearest]
    return messages


def conversation_messages(conversation: Conversation) -> list[Message]:
    """A stored conversation."""
    messages: list[Message] = []
    for turn in conversation.turns:
        messages.append(user_message(turn.query))
        if turn.explanation is not None:
            messages += explanation_messages(turn.explanation)
        if turn.error is not None:
            messages.append(assistant_message(safe_markdown(turn.error)))
    return messages


def _body(explanation: Explanation) -> str:
    parts: list[str] = []
    if explanation.outcome is Outcome.REFUSED:
        parts.append(say("page.refused" if explanation.nearest else "page.no_notes"))
        if explanation.topics:
            names = "\n".join(f"- {safe_markdown(topic.text)}" for topic in explanation.topics)
            parts.append(say("page.only_named") + "\n\n" + names)
        if explanation.nearest:
            parts.append(say("page.nearest"))
        return "\n\n".join(parts)
    if explanation.outcome is Outcome.PASSAGES:
        parts.append(f"*{say('page.passages')}*")
    parts.append(answer_text(explanation.sentences))
    parts += [say("page.conflict", one=one, other=other) for one, other in explanation.conflicts]
    if explanation.problem:
        parts.append(say("page.problem", why=safe_markdown(explanation.problem)))
    if explanation.dropped:
        parts.append(f"*{say('page.dropped', count=len(explanation.dropped))}*")
    return "\n\n".join(parts)


def _citation(citation: Citation, hit: Hit | None) -> Message:
    path = _path(hit) if hit else citation.heading_path
    title = f"[{citation.number}] {place_of(citation.source, path)}"
    parts = [as_quote(citation.quote)]
    if hit is not None:
        marked = marked_markdown(hit.chunk.text, hit.chunk.part(citation.span))
        parts += [say("page.whole_passage", line=hit.chunk.line), marked]
    return folded(title, "\n\n".join(parts))


def _nearest(hit: Hit) -> Message:
    marked = marked_markdown(hit.chunk.text, hit.chunk.part(hit.passage))
    return folded(place_of(hit.source, _path(hit)), marked)


def _path(hit: Hit) -> tuple[str, ...]:
    """Headings of a chunk, and the question it answers."""
    return (*hit.chunk.heading_path, *((hit.chunk.question,) if hit.chunk.question else ()))


def place_of(source: str, path: Sequence[str]) -> str:
    """File and headings in one line."""
    return " › ".join(one_line(part) for part in (source, *path))
