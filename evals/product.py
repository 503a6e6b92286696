"""What the evals need of the product, as small protocols; evals/wiring.py gives the real ones."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from pydantic import JsonValue

from bot.domain.answers import Explanation, Hit
from bot.domain.grades import Grade
from bot.domain.notes import Chunk
from bot.domain.questions import KeyPoint
from bot.grading import Watch
from bot.questions.point_making import KeyPointMaker
from bot.seams import Progress, Vectors


class GradeFn(Protocol):
    """Grades one answer; a Grade with an error, or an error of ours, counts as a failure."""

    def __call__(
        self,
        question_id: str,
        question: str,
        key_points: tuple[KeyPoint, ...],
        answer: str,
        passage: str | None = None,
    ) -> Grade:
        """The grade of `answer`."""
        ...


class KeyPointsFn(Protocol):
    """Makes key points of a reference answer, as from notes."""

    def __call__(self, question: str, reference: str) -> tuple[KeyPoint, ...]:
        """1 to 7 key points."""
        ...


FeedbackFn = Callable[[Grade], str]
SearchFn = Callable[[str, int], list[Hit]]
"""Query and k to hits, best first."""
ExplainFn = Callable[[str], Explanation]
SentencesFn = Callable[[str, Callable[[], None]], Iterator[object]]
"""Query, and what is called at each piece that the language model sends, to the sentences."""


@dataclass(frozen=True)
class Facts:
    """What is written down of the product that was measured."""

    settings: Mapping[str, JsonValue]
    """A rerun with other values is refused."""
    notes: Mapping[str, JsonValue] = field(default_factory=dict)
    """Told, not compared."""


@dataclass(frozen=True)
class GradingProduct:
    """What `evals grade` measures."""

    grade: GradeFn
    key_points: KeyPointsFn
    facts: Facts
    feedback: FeedbackFn | None = None
    """Words feedback when asked for."""
    grade_by_reference: GradeFn | None = None
    """The same for key points that were made of a reference answer; None: `grade` does both."""
    watched: Callable[[Watch], GradeFn] | None = None
    """The same grader, telling of each verdict as soon as it is there."""


@dataclass(frozen=True)
class RetrievalProduct:
    """What `evals retrieve` measures."""

    search: SearchFn
    chunks: Sequence[Chunk]
    """Active chunks of the index."""
    raw: Mapping[str, str]
    """Raw text of each file of the corpus, by path relative to it."""
    facts: Facts


@dataclass(frozen=True)
class AnsweringProduct:
    """What `evals refuse` measures, and how fast `evals bench` gets an answer."""

    explain: ExplainFn
    sentences: SentencesFn
    """What a reader sees of an answer, one checked sentence after the other."""
    facts: Facts


@dataclass(frozen=True)
class PointsProduct:
    """What `evals key-points` measures."""

    maker: KeyPointMaker
    vectors: Callable[[Sequence[str]], Vectors]
    """Of texts, of length 1, in order; compares points by meaning."""
    facts: Facts


class Products(Protocol):
    """Opens what is to be measured; each raises ModelUnavailable where a model cannot be had.

    `llm` is 'none', 'embedded' or provider:model; None takes what the settings say. A weaker path is
    never taken in place of the one that was chosen.
    """

    def grading(
        self, llm: str | None, progress: Progress, *, feedback: bool, points_llm: bool = False
    ) -> AbstractContextManager[GradingProduct]:
        """The grader, which words feedback too if that is wanted.

        Key points of references are made by structure, or by the language model with `points_llm`.
        """
        ...

    def retrieval(self, corpus: Path, progress: Progress) -> AbstractContextManager[RetrievalProduct]:
        """The retriever over the notes in `corpus`."""
        ...

    def answering(
        self, corpus: Path, llm: str | None, progress: Progress
    ) -> AbstractContextManager[AnsweringProduct]:
        """Answers and refusals over the notes in `corpus`."""
        ...

    def pointing(self, llm: str | None, progress: Progress) -> AbstractContextManager[PointsProduct]:
        """The maker of key points: by that language model, or by structure for 'none'."""
        ...
