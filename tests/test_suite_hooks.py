import os
import re
import subprocess
import sys
from pathlib import Path

SUITE = """
import pytest

def test_runs():
    pass

@pytest.mark.xfail(strict=True)
def test_is_known_to_fail():
    assert False

def test_lacks_the_shared_folder():
    pytest.skip("../shared/data is absent")

@pytest.mark.real
def test_counts_as_a_model():
    pass
"""
SKIPS = {
    "in_the_test": "import pytest\ndef test_it():\n    pytest.skip('no model')",
    "by_a_mark": "import pytest\n@pytest.mark.skipif(True, reason='no model')\ndef test_it():\n    pass",
    "in_a_fixture": "import pytest\n@pytest.fixture\ndef it():\n    pytest.skip('no model')\ndef test_it(it):\n    pass",
    "at_import": "import pytest\npytest.importorskip('no_such_module_here', reason='no model')",
}


def run(folder, texts, strict):
    for name, text in texts.items():
        (folder / f"test_{name}.py").write_text(text, "utf-8")
    (folder / "pytest.ini").write_text("[pytest]\nmarkers = real: a model\n", "utf-8")
    alone = {"PYTHONPATH": str(Path(__file__).parent), "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}
    return subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-ra", "--continue-on-collection-errors", "-p", "suite_hooks"],
        cwd=folder,
        env=os.environ | alone | {"KAODIAN_TEST_STRICT": strict},
        capture_output=True,
        text=True,
        timeout=120,
    )


def test_a_strict_run_fails_on_every_skip_and_says_why(tmp_path):
    lenient = run(tmp_path, SKIPS, "0")
    assert lenient.returncode in (0, 5)
    assert "4 skipped" in lenient.stdout
    strict = run(tmp_path, SKIPS, "1")
    assert strict.returncode == 1
    assert strict.stdout.count("KAODIAN_TEST_STRICT=1 does not take: no model") >= len(SKIPS)
    assert all(f"test_{name}.py" in strict.stdout for name in SKIPS)


def test_a_strict_run_takes_an_absent_shared_folder_and_tells_where_its_time_went(tmp_path):
    done = run(tmp_path, {"it": SUITE}, "1")
    assert done.returncode == 0, done.stdout
    assert re.search(r"2 passed, 1 skipped, 1 xfailed", done.stdout)
    assert "time by group: unit and contract 0 s, real models 0 s" in done.stdout
