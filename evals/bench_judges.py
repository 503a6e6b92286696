"""How close grading through a hosted model comes to the time that its server takes anyway."""

import json
import subprocess
import sys
import time
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass

from bot.adapters.llm import PriorityGate, in_turn
from bot.adapters.llm.gate import Urgency
from bot.adapters.llm.hosted import hosted_model
from bot.domain.errors import ModelUnavailable
from bot.domain.questions import KeyPoint
from bot.grading import Grader
from bot.grading.judge_llm import ModelJudge
from bot.settings import Settings
from evals.at_once import made_at_once
from evals.told import Timing, Told, timings_told

QUESTION = "为什么压力锅能把饭煮得更快？"
POINTS = (KeyPoint(text="锅内压强升高，水的沸点随之升高", quote=None),)
WORDS = "里面气压上升，水要到一百二十度左右才开"
REPLY = json.dumps(
    {
        "thoughts": "…",
        "points": [{"number": 1, "quote": WORDS, "status": "covered", "sure": True, "conflict": False}],
    },
    ensure_ascii=False,
)


@dataclass(frozen=True)
class Load:
    """What is timed."""

    gradings: int = 1000
    at_once: int = 32
    seconds: float = 0.5
    """That the server takes for each call."""

    @property
    def ideal(self) -> float:
        """Seconds for all, if nothing but the server took time."""
        return self.gradings / self.at_once * self.seconds


def bench_judges(load: Load | None = None) -> Told:
    """One line: seconds, and their ratio to the ideal; one call each, no second opinion.

    Raises:
        ModelUnavailable: A grading failed.
    """
    load = load or Load()
    with _server(load.seconds) as base_url:
        grader = _grader(base_url, load.at_once)
        _grade(grader, -1)  # loads what is loaded once
        started = time.perf_counter()
        made = list(made_at_once(lambda number: _grade(grader, number), range(load.gradings), load.at_once))
        spent = time.perf_counter() - started
    figures = {
        "gradings": len(made),
        "at_once": load.at_once,
        "ms": 1000 * load.seconds,
        "seconds": spent,
        "ideal": load.ideal,
        "ratio": spent / load.ideal,
    }
    return timings_told([Timing("bench_judges", figures)])


def _grader(base_url: str, at_once: int) -> Grader:
    settings = Settings(llm="openai:bench", llm_base_url=base_url, llm_parallel=at_once, llm_cache=False)
    model = in_turn(hosted_model(settings), settings, PriorityGate(at_once), Urgency.VERDICT)
    return Grader(ModelJudge(model, None, once=True))


def _grade(grader: Grader, number: int) -> float:
    grade = grader.grade("q", QUESTION, POINTS, f"这是第 {number} 份回答。{WORDS}。")
    if grade.score != 1.0:
        raise ModelUnavailable("evals.bench_failed", why=grade.error or grade.score)
    return grade.seconds


@contextmanager
def _server(seconds: float) -> Generator[str]:
    command = [sys.executable, "-m", "evals.bench_server", str(seconds), REPLY]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout is not None
        try:
            yield f"http://127.0.0.1:{int(server.stdout.readline())}/v1"
        finally:
            server.communicate("")
