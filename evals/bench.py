"""What things take on this machine; printed, never tested."""

import platform
import statistics
import time
from collections.abc import Callable, Sequence
from importlib.resources import files
from pathlib import Path
from typing import TypeVar

import psutil

from bot.app.sample import sample_directory
from bot.seams import no_progress
from bot.texts import say
from evals.cases import GradeCase, RetrieveCase, read_set
from evals.grading import GradeTask
from evals.product import Products

Item = TypeVar("Item")

SETS = Path(str(files("evals"))) / "sets"


def bench(products: Products) -> str:
    """Lines for people: opening, retrieval, grading without a language model, memory."""
    lines = [say("evals.bench_title", machine=platform.machine(), python=platform.python_version())]
    queries = [case.query for case in read_set(SETS / "retrieve_small.jsonl", RetrieveCase).cases]
    answers = read_set(SETS / "grade_small.jsonl", GradeCase).cases
    started = time.perf_counter()
    with products.retrieval(sample_directory(), no_progress) as retrieval:
        opened = time.perf_counter() - started
        lines.append(say("evals.bench_load", seconds=opened, chunks=len(retrieval.chunks)))
        spent = _milliseconds(lambda query: retrieval.search(query, 20), queries)
        lines.append(say("evals.bench_retrieve", ms=spent, queries=len(queries)))
    with products.grading("none", no_progress, feedback=False) as grading:
        spent = _milliseconds(GradeTask(grading).row, answers)
        lines.append(say("evals.bench_grade", ms=spent, answers=len(answers)))
    memory = psutil.Process().memory_info().rss / 2**20
    lines.append(say("evals.bench_memory", mb=memory))
    return "\n".join(lines)


def _milliseconds(work: Callable[[Item], object], items: Sequence[Item]) -> float:
    """Median per item; the first one is done twice, since it loads the models."""
    work(items[0])
    times: list[float] = []
    for item in items:
        started = time.perf_counter()
        work(item)
        times.append(time.perf_counter() - started)
    return 1000 * statistics.median(times)
