import threading

import pytest

from bot.domain.errors import BadInput
from bot.page.watching import Step, watched
from bot.texts import current_language, speaking


def test_steps_come_while_it_works_and_the_result_at_the_end():
    go_on = threading.Event()

    def work(progress):
        progress(1, 2, "读")
        go_on.wait(10)
        return "报告"

    steps = watched(work)
    assert next(steps) == Step(done=1, total=2, what="读")
    go_on.set()
    with pytest.raises(StopIteration) as end:
        next(steps)
    assert end.value.value == "报告"


def test_an_error_of_the_work_is_raised_where_it_is_watched():
    def work(progress):
        raise BadInput("app.no_files")

    with pytest.raises(BadInput):
        next(watched(work))


def test_the_work_speaks_the_language_of_who_asked():
    said = []
    with speaking("en"):
        list(watched(lambda progress: said.append(current_language())))
    assert said == ["en"]


def test_work_ends_though_nobody_watches():
    ended, go_on = threading.Event(), threading.Event()

    def work(progress):
        progress(0, 0, "x")
        go_on.wait(10)
        ended.set()

    steps = watched(work)
    next(steps)
    steps.close()
    go_on.set()
    assert ended.wait(10)
