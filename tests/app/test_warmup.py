import threading

from bot.app.loading import Loading, LoadingBoard, Stage
from bot.app.warmup import WarmUp
from bot.domain.errors import ModelUnavailable


def fail(progress):
    raise ModelUnavailable("settings.wrong", name="x", why="offline")


def run(**stages):
    board = LoadingBoard()
    warm_up = WarmUp(board, {Stage(name): work for name, work in stages.items()})
    warm_up.start()
    assert warm_up.wait(5)
    return {loading.stage: loading for loading in board.read()}


def test_stages_run_in_order_and_tell_how_far_they_are():
    order = []
    board = LoadingBoard()

    def work(name):
        def run_it(progress):
            order.append(name)
            progress(1, 4, name)
            assert board.stage(Stage(name)).done == 1

        return run_it

    warm_up = WarmUp(board, {stage: work(stage) for stage in Stage})
    warm_up.run()
    assert order == ["encoder", "notes", "reader", "model"]
    assert {loading.state for loading in board.read()} == {"done"}


def test_notes_wait_for_the_encoder_but_the_language_model_does_not():
    called = []
    states = run(encoder=fail, notes=called.append, model=lambda progress: called.append("model"))
    assert states[Stage.ENCODER].state == "failed"
    assert "offline" in states[Stage.ENCODER].message
    assert states[Stage.NOTES].state == "failed"
    assert states[Stage.MODEL].state == "done"
    assert called == ["model"]


def test_notes_do_not_wait_for_what_only_grading_reads_with():
    called = []
    states = run(encoder=called.append, notes=called.append, reader=fail, model=None)
    assert (states[Stage.NOTES].state, states[Stage.READER].state) == ("done", "failed")
    assert len(called) == 2


def test_one_stage_can_run_again_by_itself():
    board, ran = LoadingBoard(), threading.Event()
    warm_up = WarmUp(board, {Stage.NOTES: lambda progress: ran.set(), Stage.MODEL: None})
    warm_up.again(Stage.MODEL)
    assert board.stage(Stage.MODEL).state == "waiting"
    warm_up.again(Stage.NOTES)
    assert board.stage(Stage.NOTES).state in ("running", "done")
    assert ran.wait(10)


def test_speed_is_not_measured_over_two_steps_that_count_different_things():
    board = LoadingBoard()
    progress = board.watch(Stage.NOTES)
    progress(0, 1000, "dividing")
    progress(1000, 1000, "dividing")
    progress(0, 8, "embedding")
    assert board.stage(Stage.NOTES).speed == 0
    progress(8, 8, "embedding")
    assert board.stage(Stage.NOTES).speed > 0


def test_an_unexpected_error_is_told_and_not_swallowed():
    def crash(progress):
        raise ZeroDivisionError("oops")

    states = run(encoder=crash, notes=None, model=None)
    assert states[Stage.ENCODER].state == "failed"
    assert "oops" in states[Stage.ENCODER].message


def test_what_the_settings_leave_out_is_off():
    assert run(encoder=None, notes=None, model=None)[Stage.MODEL].state == "off"


def test_time_left_follows_from_speed():
    loading = Loading(stage=Stage.MODEL, state="running", done=25, total=100, speed=5.0)
    assert loading.seconds_left == 15.0
    assert loading.model_copy(update={"speed": 0.0}).seconds_left is None
    assert loading.model_copy(update={"done": 1, "total": 570}).seconds_left is None
