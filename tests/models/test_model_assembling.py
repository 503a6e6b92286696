import pytest
from fakes.models import FakeSource, Killed, Silent, model_file

from bot.domain.errors import ModelUnavailable
from bot.models.assembling import Assembler
from bot.models.sources import SourceFailed

DATA = bytes(range(1, 27))
FILE = model_file("tiny.bin", DATA)


def fetch(directory, *sources, arrived=lambda size: None):
    return Assembler(FILE, directory, arrived).fetch(sources).read_bytes()


def killing(moment):
    def hook(file, number):
        if number == moment:
            raise Killed

    return hook


@pytest.mark.parametrize("where", ["before", "within"])
@pytest.mark.parametrize("moment", range(7))
def test_a_kill_at_any_part_loses_no_finished_part(tmp_path, where, moment):
    source = FakeSource({"tiny.bin": DATA})
    setattr(source, where, killing(moment))
    with pytest.raises(Killed):
        fetch(tmp_path, source)

    again = FakeSource({"tiny.bin": DATA})
    assert fetch(tmp_path, again) == DATA
    assert again.given == [("tiny.bin", number) for number in range(moment, 7)]


@pytest.mark.parametrize("moment", range(15))
def test_a_kill_at_any_sight_of_progress_is_resumed_to_the_same_bytes(tmp_path, moment):
    seen = []

    def arrived(size):
        seen.append(size)
        if len(seen) == moment + 1:
            raise Killed

    with pytest.raises(Killed):
        fetch(tmp_path, FakeSource({"tiny.bin": DATA}), arrived=arrived)
    assert fetch(tmp_path, FakeSource({"tiny.bin": DATA})) == DATA


def test_progress_counts_the_whole_file_and_never_goes_back(tmp_path):
    seen = []
    fetch(tmp_path, FakeSource({"tiny.bin": DATA}), arrived=seen.append)
    assert seen == sorted(seen)
    assert seen[-1] == len(DATA)


def test_the_source_that_began_goes_on(tmp_path):
    began = FakeSource({"tiny.bin": DATA}, key="registry")
    began.before = killing(5)
    with pytest.raises(Killed):
        fetch(tmp_path, began)

    hub, registry = FakeSource({"tiny.bin": DATA}, key="hub"), FakeSource({"tiny.bin": DATA}, key="registry")
    assert fetch(tmp_path, hub, registry) == DATA
    assert hub.given == []
    assert len(registry.given) == 2


def test_a_source_that_does_not_answer_costs_nothing_that_has_arrived(tmp_path):
    began = FakeSource({"tiny.bin": DATA})
    began.before = killing(5)
    with pytest.raises(Killed):
        fetch(tmp_path, began)
    with pytest.raises(ModelUnavailable):
        fetch(tmp_path, Silent())

    again = FakeSource({"tiny.bin": DATA})
    assert fetch(tmp_path, again) == DATA
    assert len(again.given) == 2


def test_wrong_bytes_are_thrown_away_and_the_next_source_is_asked(tmp_path):
    wrong = FakeSource({"tiny.bin": b"x" * len(DATA)}, key="hub")
    assert fetch(tmp_path, wrong, FakeSource({"tiny.bin": DATA})) == DATA


def test_a_partial_file_that_someone_cut_is_begun_again(tmp_path):
    source = FakeSource({"tiny.bin": DATA})
    source.before = killing(4)
    with pytest.raises(Killed):
        fetch(tmp_path, source)
    (tmp_path / "partial").write_bytes(b"")

    assert fetch(tmp_path, FakeSource({"tiny.bin": DATA})) == DATA


def test_the_message_names_every_source_and_why(tmp_path):
    refusing = FakeSource({"tiny.bin": DATA})

    def refuse(file, number):
        raise SourceFailed("part 2 is gone")

    refusing.before = refuse
    with pytest.raises(ModelUnavailable) as caught:
        fetch(tmp_path, FakeSource({}, key="local"), Silent("hub"), refusing)
    lines = str(caught.value).splitlines()
    assert "tiny.bin" in lines[1]
    assert "nobody answers" in lines[2]
    assert "part 2 is gone" in lines[3]
