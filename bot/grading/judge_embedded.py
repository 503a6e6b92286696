"""The judge on the embedded language model: read word by word, weighed together with the features.

The model is never asked for text. Behind question, answer and key point stand the probabilities of the four
words that its adapter was trained to say (bot.prompts.verdict); stack.json weighs them with what the
features say.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache
from importlib.resources import files

import numpy as np
from pydantic import Field

from bot.domain.grades import Status, Verdict
from bot.domain.judges import EMBEDDED
from bot.domain.spans import Frozen
from bot.grading.carrying import carried
from bot.grading.clauses import Segment, sentences
from bot.grading.evidence import Evidence
from bot.grading.features import Features
from bot.grading.judge_features import FeatureJudge, Finding, earned
from bot.grading.judging import DECIMALS, GradingCase
from bot.grading.normal import plain
from bot.grading.safeguards import safeguarded
from bot.grading.verifier import STATUSES, VALUES
from bot.prompts.verdict import VERDICT_WORDS, verdict_closing, verdict_opening
from bot.seams import WordReader

READ_CHARS = 600
"""Longer answers are read in windows of whole sentences up to this length."""
SURELY = 0.5
"""Probability from which a missing point is more likely missing than anything else together."""
MISSING = 2
"""Place of missing in STATUSES."""
_GAP = re.compile(r"\s{3,}")
_SPACES = re.compile(r"[ \t]+(?=[ \t,，。、;；:：!！?？])")
_WORDS = tuple(VERDICT_WORDS[status] for status in STATUSES)


class Stack(Frozen):
    """Weighs two opinions: softmax(read · log p_read + felt · log p_felt + bias), in STATUSES' order."""

    read: float
    felt: float
    bias: list[float] = Field(min_length=4, max_length=4)

    def probabilities(self, read: Features, felt: Features) -> Features:
        """Probabilities of shape (4,) from two log-probabilities of that shape."""
        logits = self.read * read + self.felt * felt + np.array(self.bias)
        powers = np.exp(logits - logits.max())
        return powers / powers.sum()


class Stacks(Frozen):
    """Weights for the two kinds of key points."""

    adapter: str
    """Digest of the adapter that they were fitted for."""
    key_points: Stack
    """Statements that were chosen so that an answer should hold each."""
    reference: Stack
    """Parts of a reference answer: examiners give most of the marks to answers that hold less than all."""


@cache
def shipped_stacks() -> Stacks:
    """The weights that come with the product."""
    return Stacks.model_validate_json(files(__package__ or "").joinpath("stack.json").read_bytes())


@dataclass(frozen=True, slots=True)
class Opinion:
    """What was found for one key point.

    Attributes:
        place: Of the key point in the case.
        finding: By words and closeness.
        read: Log-probabilities by the language model, shape (4,) in the order of STATUSES.
    """

    place: int
    finding: Finding
    read: Features

    @property
    def felt(self) -> Features:
        """Log-probabilities by the features, shape (4,); the stack was fitted with those of all sets."""
        return self.finding.general

    @property
    def is_missing(self) -> bool:
        """Whether the language model thinks it likeliest that the point was not said."""
        return int(np.argmax(self.read)) == MISSING


@dataclass(frozen=True, slots=True)
class _Task:
    """One key point: its place, what the features found, and the windows to read for it, best first."""

    place: int
    point: str
    finding: Finding
    windows: tuple[Segment, ...]


class EmbeddedJudge:
    """Judges each key point on its own; the same answer gets the same verdicts, whatever their order.

    Args:
        reader: The language model, adapter and all.
        features: Finds evidence and has an opinion of its own.
        stack: None: the weights that ship with the product, for key points.
    """

    path = EMBEDDED

    def __init__(self, reader: WordReader, features: FeatureJudge, stack: Stack | None = None) -> None:
        self._reader = reader
        self._features = features
        self._stack = stack or shipped_stacks().key_points

    def judge(self, case: GradingCase) -> tuple[Verdict, ...]:
        """One verdict for each key point; the case's watcher is told of each.

        Raises:
            ModelUnavailable: The language model or the encoder cannot be loaded.
        """
        opinions = self.opinions(
            case, lambda opinion: case.watch(opinion.place, self._verdict(case, opinion))
        )
        return _earning(tuple(self._verdict(case, opinion) for opinion in opinions))

    def opinions(
        self, case: GradingCase, settled: Callable[[Opinion], None] = lambda opinion: None
    ) -> tuple[Opinion, ...]:
        """What is found for each key point, before it is weighed.

        The window that speaks to a point most is read first; the next one too where it holds nothing.

        Args:
            case: What is judged.
            settled: Told of each opinion as soon as nothing more is read for it.

        Raises:
            ModelUnavailable: The language model or the encoder cannot be loaded.
        """
        found: dict[int, Opinion] = {}
        points = [point.text for point in case.key_points]
        findings = self._features.findings(case.question, points, case.screening.text)
        parts = reading_windows(findings[0].evidence.answer)
        waiting = [
            _Task(place, plain(points[place]), finding, _ranked(parts, finding.evidence))
            for place, finding in enumerate(findings)
        ]
        while waiting:
            further: list[_Task] = []
            for task, opinion in self._read(case, waiting):
                best = found.get(task.place, opinion)
                best = found[task.place] = min(best, opinion, key=lambda one: one.read[MISSING])
                if best.is_missing and len(task.windows) > 1:
                    further.append(replace(task, windows=task.windows[1:]))
                else:
                    settled(best)
            waiting = further
        return tuple(found[place] for place in sorted(found))

    def _read(self, case: GradingCase, tasks: Sequence[_Task]) -> Iterator[tuple[_Task, Opinion]]:
        """What the first window of each task says; one opening for all that share a window."""
        asked = plain(case.question)
        for window in sorted({task.windows[0] for task in tasks}, key=lambda part: part.start):
            here = sorted((task for task in tasks if task.windows[0] == window), key=lambda task: task.point)
            opening = verdict_opening(asked, _without_gaps(window.text))
            closings = [verdict_closing(task.point) for task in here]
            rows = self._reader.word_logprobs(opening, closings, _WORDS)
            for task, row in zip(here, rows, strict=True):
                yield task, Opinion(task.place, task.finding, np.round(row, DECIMALS))

    def _verdict(self, case: GradingCase, opinion: Opinion) -> Verdict:
        finding = opinion.finding
        weighed = self._stack.probabilities(opinion.read, opinion.felt)
        likely = safeguarded(finding.evidence, finding.features, weighed)
        status = STATUSES[int(np.argmax(likely))]
        return Verdict(
            status=status,
            confidence=min(1.0, float(likely.max())),
            quote=carried(case, finding.evidence, status),
            value=earned(float(likely @ VALUES)),
        )


def _earning(verdicts: tuple[Verdict, ...]) -> tuple[Verdict, ...]:
    """The verdicts; where each point is more likely missing than not, the doubt left earns nothing."""
    if all(one.status is Status.MISSING and one.confidence >= SURELY for one in verdicts):
        return tuple(one.model_copy(update={"value": 0.0}) for one in verdicts)
    return verdicts


def reading_windows(text: str) -> tuple[Segment, ...]:
    """The answer as it is read: whole up to READ_CHARS, else windows of whole sentences up to that length.

    Every sentence lies in one window; one that is longer than a window is cut at its length.
    """
    if len(text) <= READ_CHARS:
        return (Segment(text, 0, len(text)),)
    found: list[Segment] = []
    start = end = 0
    for part in sentences(text):
        while part.end - start > READ_CHARS:
            stop = end if end > start else start + READ_CHARS
            found.append(Segment(text[start:stop], start, stop))
            start = end = max(stop, part.start if end > start else stop)
        end = part.end
    if end > start:
        found.append(Segment(text[start:end], start, end))
    return tuple(found)


def _without_gaps(text: str) -> str:
    """Text without what is left where something was taken out; it would move the model, and says nothing."""
    return _GAP.sub("\n", _SPACES.sub("", text)).strip()


def _ranked(parts: Sequence[Segment], evidence: Evidence) -> tuple[Segment, ...]:
    """The windows of the sentences that speak to a point most, best first; at most two are read."""
    homes = [part for one in evidence.ranked for part in parts if part.start <= one.start < part.end]
    return tuple(dict.fromkeys([*homes, *parts]))[:2]
