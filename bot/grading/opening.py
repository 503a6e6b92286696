"""Picks the judge that fits the language model at hand."""

from bot.grading.grader import Grader
from bot.grading.judge_features import FeatureJudge
from bot.grading.judge_llm import ModelJudge
from bot.grading.judging import Judge
from bot.seams import LanguageModel, TokenEmbedder

EMBEDDED_PREFIX = "embedded:"
"""Models of this provider are too small to follow a rubric: they word feedback and never judge."""


def make_judge(embedder: TokenEmbedder, model: LanguageModel | None = None) -> Judge:
    """A judge for this model.

    Args:
        embedder: The encoder that the verifier was trained with.
        model: None: judge without a language model.
    """
    if model is None:
        return FeatureJudge(embedder)
    if model.name.startswith(EMBEDDED_PREFIX):
        return FeatureJudge(embedder, path="embedded")
    return ModelJudge(model, FeatureJudge(embedder))


def make_grader(embedder: TokenEmbedder, model: LanguageModel | None = None) -> Grader:
    """The examiner as the product uses it."""
    return Grader(make_judge(embedder, model))
