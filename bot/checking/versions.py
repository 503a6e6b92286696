"""What a judge goes by: a card that was made with another version says nothing of it any more."""

from functools import cache

from bot.domain.judges import DECISION_PREFIX, EMBEDDED, NO_MODEL
from bot.domain.spans import digest
from bot.grading.judge_embedded import shipped_stacks
from bot.grading.verifier import shipped_verifier
from bot.prompts import prompt_hash


def judged_by(model: str) -> str:
    """Version of the prompt, and of the weights where they are ours, with which a model judges.

    Args:
        model: As `kaodian models check` names it; 'embedded:name' is asked like a hosted model. The stack
            of 'embedded' names the adapter that it was fitted for.
    """
    if model == NO_MODEL:
        return _verifier()
    if model == EMBEDDED:
        return digest(prompt_hash("verdict"), _verifier(), shipped_stacks().model_dump_json())
    return prompt_hash("decision" if model.startswith(DECISION_PREFIX) else "judge")


@cache
def _verifier() -> str:
    """Of the weights themselves, so that nobody has to remember to count a version up."""
    return digest(shipped_verifier().model_dump_json())
