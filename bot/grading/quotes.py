"""Finds the words that a judge claims to quote, and refuses those that prove nothing."""

from difflib import SequenceMatcher

from bot.domain.grades import AnswerQuote
from bot.domain.spans import Span
from bot.grading.clauses import Segment, clauses, sentences
from bot.grading.copying import offers_alternatives
from bot.grading.judging import GradingCase
from bot.grading.normal import plain
from bot.grading.words import tokens

NEAR = 0.8
"""Likeness from which a passage of the answer is taken for a badly copied quote."""


def verified(case: GradingCase, claim: str) -> AnswerQuote | None:
    """The learner's own words that `claim` means, or None where there are none or they prove nothing.

    Words that a gate took out (instructions to the grader) are no evidence, and neither are words that
    stand wholly in the question, unless the question offers the alternatives.
    """
    wanted = [token.text for token in tokens(plain(claim))]
    if not wanted:
        return None
    found = _exact(case.screening.text, wanted) or _nearest(case.screening.text, plain(claim))
    if found is None or _echoes(case.question, case.screening.text[found.start : found.end]):
        return None
    return case.quote(found.start, found.end)


def _exact(text: str, wanted: list[str]) -> Span | None:
    """Where the tokens stand in a row; space and punctuation between them do not matter."""
    parts = tokens(text)
    for start in range(len(parts) - len(wanted) + 1):
        if all(parts[start + i].text == word for i, word in enumerate(wanted)):
            return Span(start=parts[start].start, end=parts[start + len(wanted) - 1].end)
    return None


def _nearest(text: str, claim: str) -> Segment | None:
    """The sentence or clause that is most like the claim, if any is like enough."""
    best: tuple[float, Segment] | None = None
    for part in (*sentences(text), *clauses(text)):
        likeness = SequenceMatcher(None, part.text, claim, autojunk=False).ratio()
        if likeness >= NEAR and (best is None or likeness > best[0]):
            best = (likeness, part)
    return best[1] if best else None


def _echoes(question: str, quote: str) -> bool:
    asked = plain(question)
    if offers_alternatives(asked):
        return False
    return _exact(asked, [token.text for token in tokens(quote)]) is not None
