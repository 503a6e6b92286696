"""The quiz: its state is code's, stored before and after every call of a judge."""

from bot.quiz.drafts import Drafts
from bot.quiz.quizmaster import QuizMaster
from bot.quiz.roles import Asking, Summary
from bot.quiz.wanted import check_answer, check_length

__all__ = ["Asking", "Drafts", "QuizMaster", "Summary", "check_answer", "check_length"]
