"""The wheel holds everything, and runs where there is no source tree."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent

PROBE = """
import bot, evals, sys
from importlib.resources import files
from pathlib import Path
from bot.adapters.sql import open_store
from bot.app import sample_directory, sample_files
from bot.grading import make_judge
from bot.models.manifest import embedded_manifest
from bot.prompts import load
from bot.texts import catalogue
assert Path(bot.__file__).is_relative_to(sys.argv[1]), bot.__file__
assert sample_directory().is_relative_to(sys.argv[1])
assert len(sample_files()) >= 30
assert len(sample_directory().joinpath("questions.jsonl").read_text("utf-8").splitlines()) >= 200
assert len(catalogue("zh")) == len(catalogue("en")) > 100
assert load("answer")
assert embedded_manifest().artefacts
assert list(files("evals").joinpath("sets").iterdir())
assert files("bot.page").joinpath("assets").is_dir()
assert make_judge(None).path == "features"
store = open_store(Path("home"))
assert store.notes.documents() == []
store.close()
"""


@pytest.fixture(scope="module")
def installed(tmp_path_factory):
    """A directory that the wheel was unpacked into, as pip does it."""
    place = tmp_path_factory.mktemp("wheel")
    source = place / "source"  # building leaves files behind, which have no place in the clone
    kept_out = shutil.ignore_patterns(".git", "build", "*.egg-info", "__pycache__", "tests", ".*_cache")
    shutil.copytree(ROOT, source, ignore=kept_out)
    pip = [sys.executable, "-m", "pip", "--disable-pip-version-check", "-q"]
    subprocess.run([*pip, "wheel", "--no-deps", "-w", place, source], check=True, timeout=280, cwd=place)
    (wheel,) = place.glob("kaodian-*.whl")
    site = place / "site"
    subprocess.run(
        [*pip, "install", "--no-deps", "--target", site, wheel], check=True, timeout=120, cwd=place
    )
    return site


def run(site, tmp_path, *command):
    env = {**os.environ, "PYTHONPATH": str(site), "KAODIAN_HOME": str(tmp_path / "home")}
    done = subprocess.run(
        [sys.executable, "-P", *command], env=env, cwd=tmp_path, capture_output=True, text=True, timeout=120
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_the_package_data_comes_along(installed, tmp_path):
    run(installed, tmp_path, "-c", PROBE, str(installed))


def test_the_console_command_runs_outside_the_clone(installed, tmp_path):
    assert "kaodian" in run(installed, tmp_path, "-m", "bot.cli", "--help")
    assert (installed / "bin" / "kaodian").exists()


def test_the_licence_and_the_notices_come_along(installed):
    licences = {path.name for path in installed.glob("kaodian-*.dist-info/licenses/*")}
    assert licences == {"LICENSE", "THIRD_PARTY.md"}
