"""Asks a judge every probe; each outcome is on disk before the next is asked."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from time import perf_counter

from bot.checking.deciding import decided
from bot.checking.figures import Measured, measured
from bot.checking.outcomes import Outcome, keep, stored
from bot.checking.probes import Kind, Probe, probes_hash
from bot.checking.watched import WatchedModel
from bot.domain.capability import CapabilityCard
from bot.domain.errors import ModelUnavailable, ReplyUnusable
from bot.domain.grades import Status
from bot.domain.spans import digest
from bot.grading.gate import screen
from bot.grading.judging import GradingCase, Judge
from bot.seams import Progress

MOST_TIMEOUTS = 3
"""So many in a row, and the probes that are left count as not answered in time."""


@dataclass(frozen=True, slots=True)
class Subject:
    """A judge to be checked.

    Attributes:
        name: As settings name it.
        judge: Without second opinion and second look.
        turned: The same judge for probes in the opposite order.
        prompt: Hash of what it is asked with.
        logprobs: Whether it gives log-probabilities; may call it.
        watched: Counts replies; None where the judge writes none.
        server: Base address; blank: the provider's own.
    """

    name: str
    judge: Judge
    turned: Judge
    prompt: str
    logprobs: Callable[[], bool]
    watched: WatchedModel | None = None
    server: str = ""


class ModelCheck:
    """One check; what a stopped one of the same subject found is not asked again.

    Args:
        probes: What is asked.
        folder: Where outcomes are kept until the card is made.
        timer: Seconds of a steady clock.
    """

    def __init__(
        self, probes: Sequence[Probe], folder: Path, timer: Callable[[], float] = perf_counter
    ) -> None:
        self._probes = tuple(probes)
        self._folder = folder
        self._timer = timer

    def run(self, subject: Subject, progress: Progress, *, fresh: bool = False) -> CapabilityCard:
        """The card of a subject.

        Args:
            subject: Who is checked.
            progress: Whoever watches.
            fresh: Forget what a stopped check found.

        Raises:
            ModelUnavailable: The model cannot be asked; the check can be taken up later.
        """
        file = self._file(subject)
        if fresh:
            file.unlink(missing_ok=True)
        outcomes = stored(file)
        for number, probe in enumerate(self._probes, start=1):
            if probe.id not in outcomes:
                outcomes[probe.id] = self._outcome(subject, probe, list(outcomes.values()))
                keep(file, outcomes[probe.id])
            progress(number, len(self._probes), subject.name)
        card = self._card(subject, outcomes)
        file.unlink(missing_ok=True)
        return card

    def _outcome(self, subject: Subject, probe: Probe, before: Sequence[Outcome]) -> Outcome:
        last = before[-MOST_TIMEOUTS:]
        if len(last) == MOST_TIMEOUTS and all(outcome.timed_out for outcome in last):
            return Outcome(id=probe.id, error=last[-1].error, timed_out=True)
        watched, started = subject.watched, self._timer()
        replies, valid = (watched.replies, watched.valid) if watched else (0, 0)
        judge = subject.turned if probe.kind is Kind.TURNED else subject.judge
        outcome = _asked(judge, probe, speaks=any(one.error is None for one in before))
        return outcome.model_copy(
            update={
                "calls": watched.replies - replies if watched else 1,
                "valid": watched.valid - valid if watched else int(outcome.error is None),
                "seconds": max(0.0, self._timer() - started),
            }
        )

    def _card(self, subject: Subject, outcomes: dict[str, Outcome]) -> CapabilityCard:
        figures: Measured = measured([(probe, outcomes[probe.id]) for probe in self._probes])
        path, trust, reasons = decided(figures)
        return CapabilityCard(
            model=subject.name,
            server=subject.server,
            checked_at=datetime.now(UTC).isoformat(timespec="seconds"),
            probes=probes_hash(self._probes),
            prompt=subject.prompt,
            logprobs=figures.timed_out < 1 and subject.logprobs(),
            path=path,
            trust=trust,
            reasons=reasons,
            **figures.model_dump(),
        )

    def _file(self, subject: Subject) -> Path:
        version = digest(subject.name, subject.server, subject.prompt, probes_hash(self._probes))
        return self._folder / f"{version}.part.jsonl"


def _asked(judge: Judge, probe: Probe, *, speaks: bool) -> Outcome:
    """What a judge makes of a probe; no usable answer from a server that gave some is an outcome, too."""
    screening = screen(probe.question, probe.answer)
    if screening.stopped:
        return Outcome(
            id=probe.id, statuses=(Status.MISSING,) * len(probe.points), values=(0.0,) * len(probe.points)
        )
    try:
        verdicts = judge.judge(GradingCase(probe.question, probe.key_points, screening))
    except ReplyUnusable as error:
        return Outcome(id=probe.id, error=str(error))
    except ModelUnavailable as error:
        late = error.key.endswith(".timeout")
        if not late and not (speaks and error.key.endswith(".garbled")):
            raise
        return Outcome(id=probe.id, error=str(error), timed_out=late)
    return Outcome(
        id=probe.id,
        statuses=tuple(verdict.status for verdict in verdicts),
        values=tuple(round(verdict.points, 3) for verdict in verdicts),
    )
