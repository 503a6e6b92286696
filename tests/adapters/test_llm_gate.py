"""The most urgent call goes first."""

import threading
import time

import pytest
from fakes.llm import ScriptedModel

from bot.adapters.llm.gate import GatedModel, PriorityGate, Urgency
from bot.domain.errors import ModelUnavailable
from bot.seams import Message

ASK = [Message(role="user", content="?")]


def wait_until(condition) -> None:
    until = time.monotonic() + 5
    while not condition():
        assert time.monotonic() < until
        time.sleep(0.005)


def test_verdicts_go_before_wording_and_equals_in_the_order_they_came() -> None:
    gate, order, threads = PriorityGate(), [], []

    def work(urgency: Urgency, name: str) -> None:
        with gate.turn(urgency):
            order.append(name)

    with gate.turn(Urgency.BACKGROUND):
        waiting = [
            (Urgency.BACKGROUND, "ahead"),
            (Urgency.WORDING, "words 1"),
            (Urgency.VERDICT, "verdict"),
            (Urgency.WORDING, "words 2"),
        ]
        for count, item in enumerate(waiting, start=1):
            threads.append(threading.Thread(target=work, args=item))
            threads[-1].start()
            wait_until(lambda count=count: len(gate._waiting) == count)
    for thread in threads:
        thread.join(5)
    assert order == ["verdict", "words 1", "words 2", "ahead"]


def test_as_many_as_the_gate_is_wide_go_at_once() -> None:
    gate = PriorityGate(width=2)
    with gate.turn(0), gate.turn(0):
        third = threading.Thread(target=lambda: gate.turn(0).__enter__())
        third.start()
        third.join(0.1)
        assert third.is_alive()
    third.join(5)
    assert not third.is_alive()


def test_a_closed_stream_frees_the_gate() -> None:
    gate = PriorityGate()
    model = GatedModel(ScriptedModel(["a long reply", "next"]), gate, Urgency.WORDING)
    stream = model.stream(ASK, max_tokens=9)
    assert next(stream) == "a l"
    stream.close()
    assert model.reply(ASK, max_tokens=9).text == "next"


def test_an_error_frees_the_gate() -> None:
    gate = PriorityGate()
    model = GatedModel(ScriptedModel([ModelUnavailable("llm.timeout"), "next"]), gate, Urgency.VERDICT)
    with pytest.raises(ModelUnavailable):
        model.reply(ASK, max_tokens=9)
    assert model.reply(ASK, max_tokens=9).text == "next"
    assert model.name == "scripted:model"


class Slow:
    """A model whose stream waits until it is closed."""

    name = "slow:model"

    def __init__(self) -> None:
        self.closed = threading.Event()

    def stream(self, messages, *, max_tokens):
        outer = self

        class Pieces:
            def __iter__(self):
                return self

            def __next__(self):
                assert outer.closed.wait(5)
                raise StopIteration

            def close(self):
                outer.closed.set()

        return Pieces()


def test_a_stream_can_be_closed_by_another_thread_while_it_waits() -> None:
    gate, slow = PriorityGate(), Slow()
    stream = GatedModel(slow, gate, Urgency.WORDING).stream(ASK, max_tokens=9)
    reader = threading.Thread(target=lambda: list(stream))
    reader.start()
    stream.close()
    reader.join(5)
    assert not reader.is_alive()
    with gate.turn(Urgency.VERDICT):
        pass


def test_a_stream_that_ends_frees_the_gate() -> None:
    gate = PriorityGate()
    model = GatedModel(ScriptedModel(["whole", "next"]), gate, Urgency.WORDING)
    assert "".join(model.stream(ASK, max_tokens=9)) == "whole"
    assert model.reply(ASK, max_tokens=9).text == "next"
