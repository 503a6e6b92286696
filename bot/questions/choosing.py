"""Which question comes next."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from bot.domain.grades import Grade
from bot.domain.questions import Question
from bot.domain.spans import digest
from bot.questions.words import content_words, likeness

TOO_LIKE = 0.7
"""From this likeness on a question is a repeat of one that this quiz has asked."""
WEAK = 0.6
"""Below this score a question should come again."""


def next_question(
    candidates: Sequence[Question], asked: Sequence[str], grades: Mapping[str, Sequence[Grade]], now: datetime
) -> Question | None:
    """The question to ask: one never graded first, then the weakest, then the rest; None when all are asked.

    Args:
        candidates: Questions of the quiz's scope.
        asked: Ids of this quiz's questions so far.
        grades: Of each question, oldest first; a question without any may be absent.
        now: Its day decides the order among equals, so that every day's quiz is another one.
    """
    left = [question for question in candidates if question.id not in asked and not question.stale]
    before = [content_words(question.text) for question in candidates if question.id in asked]
    fresh = [
        q for q in left if not any(likeness(content_words(q.text), words) >= TOO_LIKE for words in before)
    ]
    day = now.date().isoformat()
    return min(fresh, key=lambda q: (_turn(grades.get(q.id, ())), digest(day, q.id)), default=None)


def _turn(grades: Sequence[Grade]) -> tuple[int, float]:
    scores = [grade.score for grade in grades if grade.score is not None]
    if not scores:
        return (0, 0.0)
    return (1, scores[-1]) if scores[-1] < WEAK else (2, scores[-1])
