"""An examiner that covers a key point when the answer holds its text."""

from bot.domain.errors import AnswerTooLong
from bot.domain.grades import AnswerQuote, Grade, Status, Verdict
from bot.domain.questions import key_points_hash
from bot.domain.spans import Span


class FakeExaminer:
    def __init__(self, failures=0, limit=8000):
        self.failures, self.limit = failures, limit
        self.answers = []

    def grade(self, question_id, question, key_points, answer, passage=None):
        if len(answer) > self.limit:
            raise AnswerTooLong("quiz.blank_answer")
        self.answers.append(answer)
        common = dict(
            id=f"grade-{len(self.answers)}", question_id=question_id, question=question, key_points=key_points,
            key_points_hash=key_points_hash(question, key_points), answer=answer, path="fake", seconds=0.0,
        )  # fmt: skip
        if self.failures:
            self.failures -= 1
            return Grade(**common, error="the model broke off")
        return Grade(**common, verdicts=tuple(verdict(point.text, answer) for point in key_points))


def verdict(point, answer):
    start = answer.find(point)
    if start < 0:
        return Verdict(status=Status.MISSING, confidence=1.0)
    span = Span(start=start, end=start + len(point))
    return Verdict(status=Status.COVERED, confidence=1.0, quote=AnswerQuote(text=point, span=span))
