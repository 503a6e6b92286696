"""What a judge is given, and what every judge gives back."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from bot.domain.grades import AnswerQuote, Verdict
from bot.domain.questions import KeyPoint
from bot.domain.spans import Span
from bot.grading.gate import Screening

DECIMALS = 3
"""Probabilities are rounded to this before a status or a value is read from them, so that the last digits of
a machine's arithmetic move nothing."""
Watch = Callable[[int, Verdict], None]
"""Told of a verdict as soon as it is there: place of its key point, verdict."""


def no_watch(place: int, verdict: Verdict) -> None:
    """Nobody watches."""


@dataclass(frozen=True, slots=True)
class GradingCase:
    """One answer that passed the gate, and what it is held to."""

    question: str
    key_points: tuple[KeyPoint, ...]
    screening: Screening
    watch: Watch = no_watch
    """For judges that take seconds; what is told here may still be lowered by the checks that follow."""

    @property
    def answer(self) -> str:
        """The learner's words as given."""
        return self.screening.normal.raw

    def quote(self, start: int, end: int) -> AnswerQuote:
        """The learner's own words behind text[start:end] of the normal form."""
        span = self.screening.normal.span(start, end)
        return AnswerQuote(text=span.cut(self.answer), span=Span(start=span.start, end=span.end))


class Judge(Protocol):
    """Compares an answer with its key points."""

    @property
    def path(self) -> str:
        """What a grade names as its way: 'features', 'llm:<model>' and so on."""
        ...

    def judge(self, case: GradingCase) -> tuple[Verdict, ...]:
        """One verdict for each key point, in their order.

        Raises:
            KaodianError: No verdict could be reached; the message says why.
        """
        ...
