"""What a learner has typed and not submitted, kept so that no reload loses it."""

from bot.domain.quizzes import TurnState
from bot.seams import Store


class Drafts:
    """One draft per turn, beside the quiz: typing never competes with a submit for the quiz's version.

    Args:
        store: Holds quizzes and drafts.
    """

    def __init__(self, store: Store) -> None:
        self._store = store

    def keep(self, quiz_id: str, number: int, text: str) -> bool:
        """Keep the text of a turn that waits for an answer; False when it waits no longer.

        Raises:
            NotFound: No such quiz.
        """
        turn = self._store.quizzes.quiz(quiz_id).current
        if turn is None or turn.number != number or turn.state is not TurnState.ASKED:
            return False
        self._store.quizzes.save_draft(quiz_id, number, text)
        return True

    def typed(self, quiz_id: str) -> str:
        """What belongs in the answer box of a quiz now; blank where no turn waits for an answer.

        Raises:
            NotFound: No such quiz.
        """
        turn = self._store.quizzes.quiz(quiz_id).current
        if turn is None or turn.state is not TurnState.ASKED:
            return ""
        draft = self._store.quizzes.draft(quiz_id, turn.number)
        return turn.answer if draft is None else draft
