"""Finds the words that a judge claims to quote, and refuses those that prove nothing."""

from collections.abc import Sequence
from difflib import SequenceMatcher

from bot.domain.grades import AnswerQuote, Status, Verdict
from bot.domain.spans import Span
from bot.grading.clauses import Segment, clauses, sentences
from bot.grading.copying import is_offered
from bot.grading.fillers import contentful
from bot.grading.judging import GradingCase
from bot.grading.normal import plain
from bot.grading.words import tokens

NEAR = 0.8
"""Likeness from which a passage of the answer is taken for a badly copied quote."""


def verified(case: GradingCase, claim: str) -> AnswerQuote | None:
    """The learner's own words that `claim` means, or None where there are none or they prove nothing.

    Words that a gate took out (instructions to the grader) are no evidence, neither are words that say
    nothing, and neither are words that stand wholly in the question, unless it offers them as an answer.
    """
    wanted = [token.text for token in tokens(plain(claim))]
    if not wanted or not contentful(plain(claim)):
        return None
    found = _exact(case.screening.text, wanted) or _nearest(case.screening.text, plain(claim))
    if found is None or echoes(plain(case.question), case.screening.text[found.start : found.end]):
        return None
    return case.quote(found.start, found.end)


def proven(question: str, verdicts: Sequence[Verdict]) -> tuple[Verdict, ...]:
    """Verdicts of which each has evidence of the learner's own, whoever judged.

    Args:
        question: As asked.
        verdicts: A judge's; one whose quote only repeats the question becomes missing and unverified.
    """
    asked = plain(question)
    return tuple(
        verdict
        if verdict.quote is None or not echoes(asked, plain(verdict.quote.text))
        else _unproven(verdict)
        for verdict in verdicts
    )


def _unproven(verdict: Verdict) -> Verdict:
    nothing = {"status": Status.MISSING, "quote": None, "value": 0.0, "unverified": True}
    return verdict.model_copy(update=nothing)


def echoes(question: str, quote: str) -> bool:
    """Whether a quote stands wholly in the question and is no answer that it offers; both in normal form."""
    words = [token.text for token in tokens(quote)]
    return bool(words) and _exact(question, words) is not None and not is_offered(question, quote)


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
