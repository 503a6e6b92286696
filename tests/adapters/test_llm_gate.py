"""The most urgent call goes first."""

import threading
import time
from concurrent.futures import Future

import pytest
from fakes.llm import ScriptedModel

from bot.adapters.llm import EmbeddedModel, in_turn, make_gate
from bot.adapters.llm.gate import GatedModel, GivingModel, PriorityGate, Urgency, among_processes
from bot.domain.errors import ModelUnavailable
from bot.seams import Message, Reply
from bot.settings import Settings

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


class Begun(ScriptedModel):
    """A model whose replies come when the test says so."""

    def __init__(self) -> None:
        super().__init__([])
        self.begun: list[Future[Reply]] = []

    def begin(self, messages, *, max_tokens, schema=None):
        self.begun.append(Future())
        return self.begun[-1]

    def say(self, text: str) -> None:
        self.begun[-1].set_result(Reply(text=text, finished=True, model=self.name))


@pytest.fixture
def background():
    """A call for which nobody waits, under way: its model, its gate, and what it comes to."""
    model, gate, replies = Begun(), PriorityGate(), []

    def work() -> None:
        try:
            replies.append(GivingModel(model, gate, Urgency.BACKGROUND).reply(ASK, max_tokens=9).text)
        except ModelUnavailable as error:
            replies.append(error.key)

    thread = threading.Thread(target=work)
    thread.start()
    wait_until(lambda: gate._givers)
    yield model, gate, replies
    thread.join(5)
    assert not thread.is_alive()
    assert not gate._givers


def test_a_call_that_nobody_waits_for_is_broken_off_and_made_again(background) -> None:
    model, gate, replies = background
    with gate.turn(Urgency.VERDICT):
        assert model.begun[0].cancelled()
        assert (len(model.begun), replies) == (1, []), "the more urgent one goes first"
    wait_until(lambda: len(model.begun) == 2)
    model.say("made")
    wait_until(lambda: replies == ["made"])


def test_an_urgent_one_that_came_before_it_began_breaks_it_off_too() -> None:
    gate, given_up = PriorityGate(), []
    with gate.turn(Urgency.BACKGROUND):
        urgent = threading.Thread(target=lambda: gate.turn(Urgency.WORDING).__enter__())
        urgent.start()
        wait_until(lambda: gate._waiting)
        with gate.giving_way(Urgency.BACKGROUND, lambda: given_up.append(True)):
            assert given_up == [True]
    urgent.join(5)


def test_it_does_not_give_way_to_its_equals(background) -> None:
    model, gate, replies = background
    equal = threading.Thread(target=lambda: gate.turn(Urgency.BACKGROUND).__enter__())
    equal.start()
    wait_until(lambda: gate._waiting)
    assert not model.begun[0].cancelled()
    model.say("made")
    equal.join(5)
    assert replies == ["made"]


def test_its_failure_is_an_error_as_ever_and_frees_the_gate(background) -> None:
    model, gate, replies = background
    model.begun[0].set_exception(ModelUnavailable("llm.timeout"))
    with gate.turn(Urgency.BACKGROUND):
        assert replies == ["llm.timeout"]


@pytest.mark.parametrize("urgency", Urgency)
def test_only_what_nobody_waits_for_gives_way_and_only_on_this_machine(tmp_path, urgency) -> None:
    own, hosted = Settings(home=tmp_path, llm="embedded"), Settings(home=tmp_path, llm="openai:m")
    embedded = in_turn(EmbeddedModel(own, lambda: tmp_path), own, PriorityGate(), urgency)
    assert isinstance(embedded, GivingModel) is (urgency is Urgency.BACKGROUND)
    assert not isinstance(in_turn(ScriptedModel([]), hosted, PriorityGate(), urgency), GivingModel)


def test_another_process_of_the_home_waits_for_the_embedded_model(tmp_path) -> None:
    settings = Settings(home=tmp_path, llm="embedded")
    ours, theirs, order = make_gate(settings), make_gate(settings), []

    def read() -> None:
        with theirs.turn(Urgency.VERDICT):
            order.append("theirs")

    other = threading.Thread(target=read)
    with ours.turn(Urgency.WORDING):
        other.start()
        other.join(0.3)
        order.append("ours")
    other.join(5)
    assert order == ["ours", "theirs"]


def test_hosted_models_are_nobodys_alone(tmp_path) -> None:
    settings = Settings(home=tmp_path, llm="openai:gpt", llm_parallel=1)
    with make_gate(settings).turn(Urgency.VERDICT), make_gate(settings).turn(Urgency.VERDICT):
        assert not (tmp_path / "run").exists()


def test_a_process_that_does_not_let_go_is_not_waited_for_for_ever(tmp_path) -> None:
    file = tmp_path / "run" / "llm.turn"
    with among_processes(file), among_processes(file, patience=0.05):
        pass
    with among_processes(file, patience=0):
        pass
