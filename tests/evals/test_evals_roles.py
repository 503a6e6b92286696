"""Things that changed places, looked for in answers of which we know what they say."""

import pytest

from bot.grading.normal import plain
from bot.grading.roles import exchanged
from evals.attack_questions import question_items


def found(item, answer):
    return exchanged(plain(item.question), [plain(point) for point in item.points], plain(answer))


@pytest.mark.parametrize("kind", ["reference", "paraphrase"])
def test_none_is_found_in_right_answers(kind):
    answers = [(item, getattr(item, kind)) for item in question_items()]
    assert not [item.id for item, answer in answers if answer and found(item, answer)]


def test_wrong_answers_hold_some():
    assert sum(bool(item.wrong and found(item, item.wrong)) for item in question_items()) >= 3
