"""A quiz as the messages of a conversation."""

from collections.abc import Sequence

from bot.domain.questions import Question
from bot.domain.quizzes import Quiz, TurnState
from bot.grading import hint
from bot.page.answers import Message, assistant_message, folded, user_message
from bot.page.grades import grade_text, ideal_text
from bot.page.markup import one_line, safe_markdown
from bot.quiz import Asking, Summary
from bot.quiz.quizmaster import GAVE_UP
from bot.texts import current_language, say

STAR = "★"
MOST_STARS = 3


def quiz_messages(quiz: Quiz, askings: Sequence[Asking], summary: Summary) -> list[Message]:
    """Everything a quiz has seen so far, in order."""
    messages = [message for asking in askings for message in asking_messages(asking, quiz)]
    if quiz.finished:
        messages.append(assistant_message(summary_text(summary)))
    return messages


def asking_messages(asking: Asking, quiz: Quiz) -> list[Message]:
    """One turn: the question, hints, the answer, and as much of its grade as may be shown now."""
    turn, question = asking.turn, asking.question
    messages = [assistant_message(_asked(asking, quiz.length))]
    if question is not None:
        messages += [hint_message(question, level) for level in range(1, turn.hints + 1)]
    if turn.answer and turn.state is not TurnState.ASKED:
        messages.append(user_message(say("page.gave_up") if turn.answer == GAVE_UP else turn.answer))
    if turn.state is TurnState.SKIPPED:
        messages.append(assistant_message(say("page.skipped")))
        if question is not None and quiz.reveals:
            messages.append(folded(say("grading.ideal"), _points(question)))
    if turn.state is TurnState.ANSWERED:
        failed = f"{safe_markdown(asking.grade.error)}\n\n" if asking.grade and asking.grade.error else ""
        messages.append(assistant_message(failed + say("page.not_graded_yet")))
    if turn.state is TurnState.GRADED and asking.grade is not None:
        messages.append(assistant_message(grade_text(asking.grade, reveal=quiz.reveals)))
        if quiz.reveals:
            messages.append(folded(say("grading.ideal"), ideal_text(asking.grade)))
    return messages


def hint_message(question: Question, level: int) -> Message:
    """The hint of a level, from 1."""
    return assistant_message(f"{safe_markdown(hint(question, level, current_language()))}")


def summary_text(summary: Summary) -> str:
    """How a quiz went."""
    if summary.mean is None:
        return say("page.summary_none", asked=summary.asked, skipped=summary.skipped)
    return say(
        "page.summary",
        asked=summary.asked,
        graded=summary.graded,
        skipped=summary.skipped,
        mean=round(100 * summary.mean),
    )


def stars(difficulty: int) -> str:
    """A difficulty of 1 to 3."""
    return STAR * difficulty + "☆" * (MOST_STARS - difficulty)


def _asked(asking: Asking, length: int) -> str:
    question = asking.question
    place = say("page.question_number", number=asking.turn.number, length=length)
    if question is None:
        return f"**{place}**\n\n{say('page.question_gone')}"
    path = " › ".join(one_line(heading) for heading in question.heading_path)
    rule = "---\n\n" if asking.turn.number > 1 else ""
    head = " · ".join(part for part in (place, stars(question.difficulty), path) if part)
    return f"{rule}<sub>{head}</sub>\n\n**{_question(question.text)}**"


def _question(text: str) -> str:
    return safe_markdown(text.strip()).replace("**", "")


def _points(question: Question) -> str:
    return "\n".join(f"- {safe_markdown(point.text)}" for point in question.key_points)
