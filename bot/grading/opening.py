"""Picks the judge that fits the model at hand, and what was measured of it."""

from bot.domain.capability import CapabilityCard, JudgePath
from bot.grading.judge_decision import DecisionJudge
from bot.grading.judge_embedded import EmbeddedJudge, shipped_stacks
from bot.grading.judge_features import FeatureJudge
from bot.grading.judge_llm import ModelJudge
from bot.grading.judging import Judge
from bot.seams import DecisionModel, LanguageModel, TokenEmbedder, WordReader, is_embedded


def make_judge(
    embedder: TokenEmbedder,
    model: LanguageModel | None = None,
    card: CapabilityCard | None = None,
    *,
    by_reference: bool = False,
) -> Judge:
    """A judge for this model.

    Args:
        embedder: The encoder that the verifier was trained with.
        model: None, or one of the embedded ones, which cannot follow a rubric: judge without asking.
        card: What the model's check found; None: it was not checked, and the verifier stands beside it.
        by_reference: Whether the key points are parts of a reference answer; the verifier alone knows both.
    """
    if model is None or is_embedded(model) or _failed(card):
        return FeatureJudge(embedder, by_reference=by_reference)
    return ModelJudge(model, _second(embedder, card, by_reference))


def make_embedded_judge(
    embedder: TokenEmbedder,
    reader: WordReader,
    card: CapabilityCard | None = None,
    *,
    by_reference: bool = False,
) -> Judge:
    """A judge that reads the embedded language model with its adapter.

    Args:
        embedder: The encoder that the verifier was trained with.
        reader: The language model.
        card: What a check found on this machine; None: it was checked before it shipped.
        by_reference: Whether the key points are parts of a reference answer, which nobody expects whole.
    """
    if _failed(card):
        return make_judge(embedder, by_reference=by_reference)
    stacks = shipped_stacks()
    return EmbeddedJudge(
        reader, FeatureJudge(embedder), stacks.reference if by_reference else stacks.key_points
    )


def make_decision_judge(
    embedder: TokenEmbedder,
    model: DecisionModel,
    card: CapabilityCard | None = None,
    *,
    by_reference: bool = False,
) -> Judge:
    """A judge for this decision model; the arguments are those of make_judge."""
    if _failed(card):
        return make_judge(embedder, by_reference=by_reference)
    return DecisionJudge(model, embedder, _second(embedder, card, by_reference))


def _failed(card: CapabilityCard | None) -> bool:
    return card is not None and card.path is JudgePath.VERIFIER


def _second(embedder: TokenEmbedder, card: CapabilityCard | None, by_reference: bool) -> Judge | None:
    alone = card is not None and card.path is JudgePath.JUDGE
    return None if alone else FeatureJudge(embedder, by_reference=by_reference)
