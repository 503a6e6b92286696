from bot.app import Loading, Stage
from bot.page.status import has_failed, is_settled, size, stage_text, status_html
from bot.texts import speaking


def stages(**states):
    return [Loading(stage=stage, state=states.get(stage.value, "done")) for stage in Stage]


def test_ready_says_so_and_whether_a_model_is_in_use():
    with speaking("en"):
        assert "Ready<" in status_html(stages())
        assert "no language model" in status_html(stages(model="off"))
    assert is_settled(stages(model="off"))


def test_a_fetch_tells_bytes_speed_and_time_left():
    loading = Loading(
        stage=Stage.MODEL, state="running", done=300_000_000, total=1_100_000_000, speed=4_000_000
    )
    with speaking("en"):
        assert stage_text(loading) == (
            "Fetching the language model · 300 MB / 1.10 GB · 4.0 MB/s · about 3 min left"
        )


def test_indexing_tells_texts():
    loading = Loading(stage=Stage.NOTES, state="running", done=3, total=40, speed=2.0)
    with speaking("zh"):
        assert stage_text(loading) == "为笔记建立索引 · 3/40 · 2.0 条/秒 · 还需约 18 秒"


def test_a_failure_is_told_once_with_what_to_do_and_can_be_retried():
    failed = [
        Loading(stage=Stage.ENCODER, state="failed", message="连不上 <b>"),
        Loading(stage=Stage.NOTES, state="failed", message="连不上 <b>"),
        Loading(stage=Stage.MODEL, state="off"),
    ]
    assert has_failed(failed)
    assert is_settled(failed)
    assert status_html(failed).count("连不上 &lt;b&gt;") == 1


def test_before_anything_runs_it_is_not_ready():
    assert not is_settled(stages(encoder="waiting"))
    assert "busy" in status_html(stages(encoder="waiting"))


def test_sizes_in_words():
    assert size(1_120_000_000) == "1.12 GB"
