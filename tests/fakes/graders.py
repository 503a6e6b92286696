"""The examiner as the product uses it without a language model."""

from bot.grading import Grader, make_judge


def make_grader(embedder):
    return Grader(make_judge(embedder))
