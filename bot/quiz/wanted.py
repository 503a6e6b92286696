"""What a learner may want of a quiz, told before anything is begun."""

from bot.domain.errors import BadInput
from bot.grading import check_length as check_chars

MAX_LENGTH = 100
"""Questions of a quiz."""


def check_length(length: int) -> None:
    """Refuse a quiz without questions, or one of too many.

    Raises:
        BadInput: `length` is not 1..MAX_LENGTH.
    """
    if not 1 <= length <= MAX_LENGTH:
        raise BadInput("quiz.length", limit=MAX_LENGTH)


def check_answer(answer: str) -> None:
    """Refuse what no examiner reads.

    Raises:
        BadInput: The answer is blank.
        AnswerTooLong: It is above the cap.
    """
    if not answer.strip():
        raise BadInput("quiz.blank_answer")
    check_chars(answer)
