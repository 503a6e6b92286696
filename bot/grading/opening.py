"""Picks the judge that fits the language model at hand."""

from bot.grading.grader import Grader
from bot.grading.judge_embedded import EmbeddedJudge
from bot.grading.judge_features import FeatureJudge
from bot.grading.judge_llm import ModelJudge
from bot.grading.judging import Judge
from bot.seams import EMBEDDED_MODEL_PREFIX, Embedder, LanguageModel, WordReader


def make_judge(
    embedder: Embedder, model: LanguageModel | None = None, reader: WordReader | None = None
) -> Judge:
    """A judge for what is at hand.

    Args:
        embedder: For closeness of meaning.
        model: A language model that can follow a rubric; the embedded ones cannot and are not asked.
        reader: The embedded model with its adapter, read and not asked; goes before `model`.
    """
    features = FeatureJudge(embedder)
    if reader is not None:
        return EmbeddedJudge(reader, features)
    if model is None or model.name.startswith(EMBEDDED_MODEL_PREFIX):
        return features
    return ModelJudge(model, features)


def make_grader(
    embedder: Embedder, model: LanguageModel | None = None, reader: WordReader | None = None
) -> Grader:
    """The examiner as the product uses it."""
    return Grader(make_judge(embedder, model, reader))
