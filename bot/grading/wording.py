"""A language model's own words for a feedback, let through only where they add nothing."""

from bot.domain.grades import Grade
from bot.grading.clauses import sentences
from bot.grading.feedback import Feedback, gives_away
from bot.grading.injection import injected
from bot.grading.normal import plain
from bot.grading.stance import numbers
from bot.grading.words import unit_set
from bot.prompts.feedback import feedback_prompt
from bot.seams import LanguageModel

_TOKENS = 300
KNOWN_SHARE = 0.5
"""Share of a sentence's content words that must stand in the table."""


def worded(model: LanguageModel, grade: Grade, told: Feedback) -> str | None:
    """A few sentences on a feedback, or None where the model's words cannot be used; show the table then.

    Sentences with a number or mostly with words that the table does not hold are left out, and so is all of
    it where a hidden key point shows through.

    Raises:
        ModelUnavailable: The model does not answer.
    """
    reply = model.reply(feedback_prompt(told.text, told.lang), max_tokens=_TOKENS)
    table = plain(told.text)
    kept = [part.text for part in sentences(reply.text) if _adds_nothing(plain(part.text), table)]
    text = ("。" if told.lang == "zh" else ". ").join(kept)
    if not kept or (not told.ideal and gives_away(text, grade)):
        return None
    return text + ("。" if told.lang == "zh" else ".")


def _adds_nothing(sentence: str, table: str) -> bool:
    said = unit_set(sentence)
    if not said or numbers(sentence) - numbers(table) or injected(sentence):
        return False
    return len(said & unit_set(table)) >= KNOWN_SHARE * len(said)
