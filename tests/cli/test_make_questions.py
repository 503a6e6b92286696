from bot.cli.questions import make_more
from bot.domain.quizzes import Scope


class Maker:
    """Makes one question about every chunk but the second."""

    def __init__(self, made=None):
        self.made = made or {}
        self.asked = []

    def chunks_for(self, scope):
        return ["a", "b", "c", "d"]

    def made_about(self, chunk):
        return self.made.get(chunk, 0)

    def make(self, chunk, count):
        self.asked.append(chunk)
        return [] if chunk == "b" else [f"question about {chunk}"]


def ignore(done, total, what):
    pass


def test_as_many_as_wanted_are_made_and_no_more():
    maker = Maker()
    assert make_more(maker, Scope(), 2, ignore) == 2
    assert maker.asked == ["a", "b", "c"]


def test_chunks_without_questions_come_first():
    maker = Maker({"a": 2, "b": 1})
    assert make_more(maker, Scope(), 1, ignore) == 1
    assert maker.asked == ["c"]


def test_what_cannot_be_made_is_not_counted():
    assert make_more(Maker(), Scope(), 9, ignore) == 3
