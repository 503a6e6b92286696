"""What a judge goes by: a card that was made with another version says nothing of it any more."""

from bot.domain.spans import digest
from bot.grading.judge_embedded import shipped_stacks
from bot.grading.verifier import shipped_verifier
from bot.prompts import prompt_hash

VERIFIER = "none"
"""Name of the judge without a model, as the settings' `llm` has it."""
EMBEDDED = "embedded"
"""Name of the judge that reads the embedded language model."""
DECISION_PREFIX = "systemone:"


def judged_by(model: str) -> str:
    """Version of the prompt, and of the weights where they are ours, with which a model judges.

    Args:
        model: As `kaodian models check` names it; 'embedded:name' is asked like a hosted model.
    """
    verifier = shipped_verifier().version
    if model == VERIFIER:
        return digest(verifier)
    if model == EMBEDDED:
        return digest(prompt_hash("verdict"), verifier, shipped_stacks().model_dump_json())
    return prompt_hash("decision" if model.startswith(DECISION_PREFIX) else "judge")
