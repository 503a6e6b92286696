import pytest

from bot.jobs import time_left
from bot.texts import speaking


@pytest.mark.parametrize(("seconds", "words"), [(0, "1 s"), (89, "89 s"), (90, "2 min"), (600, "10 min")])
def test_a_time_is_told_in_words_and_is_never_nothing(seconds, words):
    with speaking("en"):
        assert time_left(seconds) == f"about {words} left"
