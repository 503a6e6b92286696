"""Which question comes next."""

from collections.abc import Container, Mapping, Sequence
from datetime import datetime

from bot.domain.grades import Grade
from bot.domain.questions import Origin, Question
from bot.domain.spans import digest
from bot.questions.words import content_words, is_chinese, likeness
from bot.texts import Language

TOO_LIKE = 0.7
"""From this likeness on a question is a repeat of one that this quiz has asked."""
WEAK = 0.6
"""Below this score a question should come again."""


def next_question(
    candidates: Sequence[Question],
    asked: Sequence[str],
    grades: Mapping[str, Sequence[Grade]],
    now: datetime,
    stopgaps: Container[str] = (),
) -> Question | None:
    """The question to ask: one never graded first, then the weakest, then the rest; None when all are asked.

    Args:
        candidates: Questions of the quiz's scope.
        asked: Ids of this quiz's questions so far.
        grades: Of each question, oldest first; a question without any may be absent.
        now: Its day decides the order among equals, so that every day's quiz is another one.
        stopgaps: Ids of questions that come after all their equals.
    """
    fresh = askable(candidates, asked)
    day = now.date().isoformat()
    order = {q.id: (_turn(grades.get(q.id, ())), q.id in stopgaps, digest(day, q.id)) for q in fresh}
    return min(fresh, key=lambda q: order[q.id], default=None)


def askable(candidates: Sequence[Question], asked: Sequence[str]) -> list[Question]:
    """Candidates that a quiz has not asked, nor in other words.

    Args:
        candidates: Questions of the quiz's scope.
        asked: Ids of this quiz's questions so far.
    """
    left = [question for question in candidates if question.id not in asked and not question.stale]
    before = [content_words(question.text) for question in candidates if question.id in asked]
    return [
        q for q in left if not any(likeness(content_words(q.text), words) >= TOO_LIKE for words in before)
    ]


def in_one_language(
    candidates: Sequence[Question], done: Container[str], versions: Mapping[str, str], language: Language
) -> list[Question]:
    """Without questions that another candidate asks in `language`, or that were done in their other version.

    Args:
        candidates: Questions of the quiz's scope.
        done: Ids of questions that this quiz has asked, or that the learner deleted.
        versions: Of a question that there is in two languages, the id of the other one, both ways.
        language: The learner's.
    """
    there = {question.id for question in candidates}

    def is_spare(question: Question) -> bool:
        other = versions.get(question.id, "")
        foreign = is_chinese(question.text) != (language == "zh")
        return other in done or (other in there and foreign)

    return [question for question in candidates if question.id in done or not is_spare(question)]


def stopgaps_of(questions: Sequence[Question]) -> set[str]:
    """Ids of questions that code made of notes which ship with questions of their own."""
    reviewed = {note for q in questions if q.origin is Origin.SHIPPED for note in _notes_of(q)}
    made = (q for q in questions if q.origin in (Origin.NOTES, Origin.HEADING))
    return {q.id for q in made if not reviewed.isdisjoint(_notes_of(q))}


def _notes_of(question: Question) -> set[str]:
    return {point.quote.document_id for point in question.key_points if point.quote}


def _turn(grades: Sequence[Grade]) -> tuple[int, float]:
    scores = [grade.score for grade in grades if grade.score is not None]
    if not scores:
        return (0, 0.0)
    return (1, scores[-1]) if scores[-1] < WEAK else (2, scores[-1])
