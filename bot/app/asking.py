"""Conversations with the notes, stored turn by turn."""

from collections.abc import Callable, Generator

from bot.app.stopping import StopSwitch
from bot.domain.answers import CitedSentence, Explanation
from bot.domain.conversations import Conversation, ConversationTurn
from bot.domain.errors import BadInput, KaodianError
from bot.explaining import Explainer, check_query
from bot.seams import Clock, Store
from bot.texts import say

TITLE_CHARS = 40

Answering = Generator[CitedSentence | Explanation]
"""Sentences as they are checked, then all of them as an Explanation."""


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
        """A new conversation, named after its first question.

        Raises:
            BadInput: The query cannot be used; nothing is stored.
        """
        title = " ".join(check_query(query).split())
        return self._store.conversations.start(title[:TITLE_CHARS])

    def ask(self, conversation_id: str, query: str, switch: StopSwitch | None = None) -> Answering:
        """Sentences as they are checked, then the Explanation; the turn is stored at the end.

        An answer that breaks off, or is stopped by closing the generator or by the switch, is stored as far
        as it was shown, with its reason.

        Args:
            conversation_id: Of the conversation.
            query: The learner's words.
            switch: Stops the language model at once, from any thread.

        Raises:
            NotFound: No such conversation.
            BadInput: The query cannot be used; nothing is stored.
        """
        history = self._store.conversations.conversation(conversation_id).turns
        turn = self._unanswered(query)
        switch = switch or StopSwitch()
        broken: list[Explanation] = []
        answer = self._explainer(switch).explain(query, history, broken.append)
        keep, shown = True, 0
        try:
            for item in answer:
                if switch.is_stopped:  # this one comes too late to be shown
                    break
                if isinstance(item, Explanation):
                    turn = turn.model_copy(update={"explanation": item, "error": None})
                shown += 1
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
                self._store.conversations.append(conversation_id, _with_what_was_shown(turn, broken, shown))

    def _unanswered(self, query: str) -> ConversationTurn:
        return ConversationTurn(
            query=query, explanation=None, error=say("explaining.stopped"), asked_at=self._clock()
        )


def _with_what_was_shown(turn: ConversationTurn, broken: list[Explanation], count: int) -> ConversationTurn:
    if turn.error is None or not broken:
        return turn
    return turn.model_copy(update={"explanation": _first(broken[0], count)})


def _first(explanation: Explanation, count: int) -> Explanation | None:
    """The first `count` sentences with the citations that they use; None where there are none."""
    sentences = explanation.sentences[:count]
    used = {number for sentence in sentences for number in sentence.citations}
    citations = tuple(citation for citation in explanation.citations if citation.number in used)
    changes: dict[str, object] = {"sentences": sentences, "citations": citations, "dropped": ()}
    return explanation.model_copy(update=changes) if sentences else None
