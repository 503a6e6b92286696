"""Why a value from outside was turned down, in the language of the catalogue."""

from pydantic_core import ErrorDetails

from bot.texts import catalogue, current_language, render, say


def why_not(error: ErrorDetails) -> str:
    """What is wrong with a value; a validator of ours has said it, a sort of pydantic's has an entry."""
    context = error.get("ctx", {})
    said = context.get("error")
    if isinstance(said, ValueError):
        return str(said)
    key = f"validation.{error['type']}"
    if key not in catalogue(current_language()):
        return say("validation.other", type=error["type"])
    expected = str(context.get("expected", "")).replace(" or ", ", ")
    return render(key, {**context, "expected": expected})
