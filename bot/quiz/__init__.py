"""The quiz: its state is code's, stored before and after every call of a judge."""

from bot.quiz.drafts import Drafts
from bot.quiz.quizmaster import QuizMaster
from bot.quiz.roles import Asking, Summary

__all__ = ["Asking", "Drafts", "QuizMaster", "Summary"]
