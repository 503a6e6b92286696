"""Ctrl+C while questions are made: the program ends at once, the job waits, and the same command finishes it."""

import json
import os
import signal
import subprocess
import sys
import threading

import pytest
from fakes.product import NORM
from fakes.terminal import Terminal
from servers.openai_like import Hang, OpenAILike, Text

from bot.adapters.sql import open_store
from bot.cli.console import INTERRUPTED
from bot.domain.jobs import JobState

FASTER = "BN 让每层输入的分布保持稳定，因此可以使用更大的学习率。"
TESTING = "测试时用训练中累积的全局均值和方差。"


class Examiner(OpenAILike):
    """Makes a question about whichever passage it is shown; the second one only once it may."""

    def __init__(self):
        super().__init__()
        self.made = 0
        self.waits, self.may_go_on = threading.Event(), threading.Event()

    def next_step(self, seen):
        asked = json.dumps(seen.body, ensure_ascii=False)
        if "AskedQuestions" not in asked:  # it is to make key points, and cannot
            return Text("{}")
        if self.made and not self.may_go_on.is_set():
            self.waits.set()
            return Hang(60)
        self.made += 1
        return proposed(FASTER) if FASTER in asked else proposed(TESTING)


def proposed(quote):
    question = "归一化之后为什么敢用更大的学习率？" if quote == FASTER else "推理时归一化用的是哪里来的均值？"
    point = {"quote": quote, "point": quote}
    body = {"kind": "how", "question": question, "difficulty": "easy", "key_points": [point]}
    return Text(json.dumps({"questions": [body]}, ensure_ascii=False))


@pytest.fixture
def interruptible():
    """A shell lets what it runs in the background ignore interrupts, and so would what is begun there."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.fixture
def settings(tmp_path, model_store, embedder):
    """Of a home with the embedding model and a note."""
    (tmp_path / "models").symlink_to(model_store.path("multilingual-e5-small").parents[1])
    (tmp_path / "bn.md").write_text(NORM, "utf-8")
    return {"KAODIAN_HOME": str(tmp_path), "KAODIAN_SAMPLE": "off", "KAODIAN_LLM_CACHE": "false"}


@pytest.fixture
def terminal(settings, monkeypatch, capsys):
    return Terminal(monkeypatch, capsys, **settings)


@pytest.fixture
def start(settings, interruptible):
    """Starts `kaodian` in a process, which can be interrupted; every process is ended."""
    begun = []

    def kaodian(*arguments, **env):
        mine = {**settings, **env}
        begun.append(
            subprocess.Popen(
                [sys.executable, "-m", "bot.cli", *arguments],
                env={**os.environ, **mine}, text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
            )
        )  # fmt: skip
        return begun[-1]

    yield kaodian
    for process in begun:
        process.kill()


def finished(process):
    out, err = process.communicate(timeout=200)
    return process.returncode, out, err


def states(home):
    store = open_store(home)
    try:
        return [job.state for job in store.jobs.jobs()]
    finally:
        store.close()


@pytest.mark.real
def test_an_interrupt_pauses_the_job_and_the_same_command_finishes_it(tmp_path, start, terminal):
    assert terminal("ingest", str(tmp_path / "bn.md"), KAODIAN_LLM="none").returncode == 0
    with Examiner() as server:
        hosted = {"KAODIAN_LLM": "openai:scripted", "KAODIAN_LLM_BASE_URL": server.base_url}
        making = start("questions", "--make", "2", "--json", **hosted)
        assert server.waits.wait(200), finished(making)
        making.send_signal(signal.SIGINT)
        code, out, err = finished(making)
        assert (code, out) == (INTERRUPTED, ""), err
        assert "kaodian questions --resume" in err
        assert states(tmp_path) == [JobState.PAUSED]
        server.may_go_on.set()
        code, out, err = terminal("questions", "--make", "2", "--json", **hosted)
    assert code == 0, err
    assert states(tmp_path) == [JobState.DONE]
    assert sum(question["origin"] == "model" for question in json.loads(out)) == server.made == 2
