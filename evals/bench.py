"""What things take on this machine; printed, never tested."""

import platform
import statistics
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from importlib.resources import files
from pathlib import Path
from typing import TypeVar

import psutil

from bot.app.sample import sample_directory
from bot.domain.errors import KaodianError
from bot.domain.judges import EMBEDDED, NO_MODEL
from bot.grading.token_space import forget
from bot.seams import no_progress
from bot.texts import say
from evals.cases import GradeCase, RefuseCase, RetrieveCase, read_set
from evals.grading import GradeTask
from evals.product import GradingProduct, Products, SentencesFn
from evals.told import Timing, Told, timings_told

Item = TypeVar("Item")

SETS = Path(str(files("evals"))) / "sets"
POINTS = 5
"""Key points of the answers that single grades are timed on."""
LONG_CHARS = 280
LONG_ANSWERS = 6
JUDGES = (NO_MODEL, EMBEDDED)
ASKED = 6
"""Queries that are answered by the embedded language model."""


def bench(products: Products) -> Told:
    """A line each: opening, retrieval, grading with and without a language model, memory."""
    machine = {"machine": platform.machine(), "python": platform.python_version()}
    lines = [Timing("bench_title", machine)]
    queries = [case.query for case in read_set(SETS / "retrieve_small.jsonl", RetrieveCase).cases]
    answers = read_set(SETS / "grade_small.jsonl", GradeCase).cases
    started = time.perf_counter()
    with products.retrieval(sample_directory(), no_progress) as retrieval:
        opened = time.perf_counter() - started
        lines.append(Timing("bench_load", {"seconds": opened, "chunks": len(retrieval.chunks)}))
        spent = _milliseconds(lambda query: retrieval.search(query, 20), queries)
        lines.append(Timing("bench_retrieve", {"ms": spent, "queries": len(queries)}))
    with products.grading(NO_MODEL, no_progress, feedback=False) as grading:
        spent = _milliseconds(GradeTask(grading).row, answers)
        lines.append(Timing("bench_grade", {"ms": spent, "answers": len(answers)}))
    five = [case for case in answers if len(case.key_points) == POINTS]
    lines += [judging(products, judge, cases) for cases in (five, _long()) for judge in JUDGES]
    lines.append(answering(products))
    children = sum(child.memory_info().rss for child in psutil.Process().children(recursive=True)) / 2**20
    lines.append(Timing("bench_peak", {"mb": peak_megabytes(), "children": children}))
    return timings_told(lines)


def _long() -> list[GradeCase]:
    """Answers to as many key points that take a while to say."""
    cases = read_set(SETS / "train_styles.jsonl", GradeCase).cases
    fitting = [case for case in cases if len(case.key_points) == POINTS and len(case.answer) >= LONG_CHARS]
    return fitting[:LONG_ANSWERS]


def answering(products: Products) -> Timing:
    """Seconds to first token, first checked sentence and whole answer: median, without the first query."""
    cases = read_set(SETS / "refuse_small.jsonl", RefuseCase).cases
    queries = [case.query for case in cases if case.answerable][:ASKED]
    try:
        with products.answering(sample_directory(), EMBEDDED, no_progress) as product:
            timed = [_heard(product.sentences, query) for query in queries][1:]
    except KaodianError as error:
        return Timing("bench_no_embedded", {"why": str(error)})
    token, first, whole = (statistics.median(column) for column in zip(*timed, strict=True))
    return Timing("bench_ask", {"token": token, "first": first, "whole": whole, "queries": len(timed)})


def _heard(sentences: SentencesFn, query: str) -> tuple[float, float, float]:
    """To the first token, the first sentence and the end; a wait without tokens ends with the sentence."""
    started = time.perf_counter()
    tokens: list[float] = []
    moments = [time.perf_counter() for _ in sentences(query, lambda: tokens.append(time.perf_counter()))]
    token, first, whole = min([*tokens, *moments]), moments[0], moments[-1]
    return token - started, first - started, whole - started


def judging(products: Products, judge: str, answers: Sequence[GradeCase]) -> Timing:
    """Seconds to the first verdict and to the whole grade, median of the answers after a first one.

    Each is read as in a process that has the models loaded and has read neither it nor its question.
    """
    try:
        with products.grading(judge, no_progress, feedback=False) as product:
            GradeTask(product).row(answers[0])
            timed = [_seconds(product, case) for case in answers[1:]]
    except KaodianError as error:
        return Timing("bench_no_embedded", {"why": str(error)})
    first, whole = (statistics.median(column) for column in zip(*timed, strict=True))
    chars = statistics.median(len(case.answer) for case in answers[1:])
    figures = {"first": first, "whole": whole, "ms": 1000 * whole / POINTS, "chars": chars}
    return Timing("bench_five", {"judge": say(f"evals.judge_{judge}"), **figures})


def _seconds(product: GradingProduct, case: GradeCase) -> tuple[float, float]:
    """To the first verdict, and to the whole grade: the same where the judge tells all verdicts at once."""
    forget()
    started = time.perf_counter()
    told: list[float] = []
    grade = (
        product.watched(lambda place, verdict: told.append(time.perf_counter())) if product.watched else None
    )
    GradeTask(replace(product, grade=grade or product.grade)).row(case)
    whole = time.perf_counter() - started
    return min([*(moment - started for moment in told), whole]), whole


def peak_megabytes() -> float:
    """The most memory that this process has had at once."""
    if sys.platform == "win32":
        return psutil.Process().memory_info().peak_wset / 2**20
    from resource import RUSAGE_SELF, getrusage  # not on Windows

    peak = getrusage(RUSAGE_SELF).ru_maxrss
    return peak / (2**20 if sys.platform == "darwin" else 2**10)  # bytes there, kilobytes elsewhere


def _milliseconds(work: Callable[[Item], object], items: Sequence[Item]) -> float:
    """Median per item; the first one is done twice, since it loads the models."""
    work(items[0])
    times: list[float] = []
    for item in items:
        started = time.perf_counter()
        work(item)
        times.append(time.perf_counter() - started)
    return 1000 * statistics.median(times)
