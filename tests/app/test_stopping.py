from fakes.llm import ScriptedModel

from bot.app import StopSwitch


class Endless:
    """A stream that ends only when it is closed."""

    def __init__(self):
        self.closed = False

    def __iter__(self):
        return self

    def __next__(self):
        if self.closed:
            raise StopIteration
        return "x"

    def close(self):
        self.closed = True


class EndlessModel:
    name = "fake:endless"

    def __init__(self):
        self.streams = []

    def stream(self, messages, *, max_tokens):
        self.streams.append(Endless())
        return self.streams[-1]


def test_stopping_closes_the_stream_that_is_open():
    switch, model = StopSwitch(), EndlessModel()
    stream = switch.over(model).stream([], max_tokens=1)
    assert next(stream) == "x"
    switch.stop()
    assert model.streams[0].closed
    assert list(stream) == []


def test_what_begins_after_the_stop_is_closed_at_once():
    switch, model = StopSwitch(), EndlessModel()
    switch.stop()
    assert list(switch.over(model).stream([], max_tokens=1)) == []


def test_stopping_before_anything_began_and_without_a_model():
    switch = StopSwitch()
    assert switch.over(None) is None
    switch.stop()
    assert switch.over(ScriptedModel([])).name == ScriptedModel([]).name
