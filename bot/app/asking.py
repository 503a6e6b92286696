"""Conversations with the notes, stored turn by turn."""

from collections.abc import Callable, Generator

from bot.app.stopping import StopSwitch
from bot.domain.answers import CitedSentence, Explanation
from bot.domain.conversations import Conversation, ConversationTurn
from bot.domain.errors import BadInput, KaodianError
from bot.explaining import Explainer
from bot.seams import Clock, Store
from bot.texts import say

TITLE_CHARS = 40


class AskingDesk:
    """Answers questions within stored conversations.

    Args:
        store: Holds the conversations.
        explainer: Gives the explainer as settings have it now, its model under a switch.
        clock: Time.
    """

    def __init__(self, store: Store, explainer: Callable[[StopSwitch], Explainer], clock: Clock) -> None:
        self._store = store
        self._explainer = explainer
        self._clock = clock

    def start(self, query: str) -> Conversation:
        """A new conversation, named after its first question."""
        title = " ".join(query.split())
        return self._store.conversations.start(title[:TITLE_CHARS] or "…")

    def ask(
        self, conversation_id: str, query: str, switch: StopSwitch | None = None
    ) -> Generator[CitedSentence | Explanation]:
        """Sentences as they are checked, then the Explanation; the turn is stored at the end.

        An answer that breaks off, or is stopped by closing the generator, is stored with its reason.

        Args:
            conversation_id: Of the conversation.
            query: The learner's words.
            switch: Stops the language model at once, from any thread.

        Raises:
            NotFound: No such conversation.
            BadInput: The query cannot be used; nothing is stored.
        """
        history = self._store.conversations.conversation(conversation_id).turns
        turn = ConversationTurn(
            query=query, explanation=None, error=say("explaining.stopped"), asked_at=self._clock()
        )
        answer = self._explainer(switch or StopSwitch()).explain(query, history)
        keep = True
        try:
            for item in answer:
                if isinstance(item, Explanation):
                    turn = turn.model_copy(update={"explanation": item, "error": None})
                yield item
        except BadInput:
            keep = False
            raise
        except KaodianError as error:
            turn = turn.model_copy(update={"error": str(error)})
            raise
        finally:
            answer.close()
            if keep:
                self._store.conversations.append(conversation_id, turn)


def as_markdown(conversation: Conversation) -> str:
    """A conversation as a Markdown file, with its citations."""
    parts = [f"# {conversation.title}"]
    for turn in conversation.turns:
        parts.append(f"## {turn.query}")
        if turn.explanation is None:
            parts.append(f"({turn.error})")
            continue
        parts += [_sentence(sentence) for sentence in turn.explanation.sentences]
        parts += [
            f"[{c.number}] {c.source} · {' › '.join(c.heading_path)}\n> " + c.quote.replace("\n", "\n> ")
            for c in turn.explanation.citations
        ]
    return "\n\n".join(parts) + "\n"


def _sentence(sentence: CitedSentence) -> str:
    return sentence.text + "".join(f" [{number}]" for number in sentence.citations)
