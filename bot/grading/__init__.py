"""The examiner: verdicts per key point with quotes that code has checked, and a score that follows."""

from bot.grading.feedback import Feedback, feedback
from bot.grading.gate import check_length
from bot.grading.grader import Grader
from bot.grading.hints import HINT_LEVELS, hint
from bot.grading.judging import GradingCase, Judge, Watch, no_watch
from bot.grading.opening import make_decision_judge, make_embedded_judge, make_grader, make_judge
from bot.grading.wording import worded

__all__ = [
    "HINT_LEVELS",
    "Feedback",
    "Grader",
    "GradingCase",
    "Judge",
    "Watch",
    "check_length",
    "feedback",
    "hint",
    "make_decision_judge",
    "make_embedded_judge",
    "make_grader",
    "make_judge",
    "no_watch",
    "worded",
]
