"""The same answer gets the same grade: in a new process, with caches cold, questions in another order."""

import json
import os
import subprocess
import sys
from importlib.resources import files
from pathlib import Path

RUNS = 5
ANSWERS = 12
HERE = Path(__file__).parents[1]
GRADE = """
import json, sys
from fakes.embedder import FakeEmbedder
from bot.domain.questions import KeyPoint
from bot.grading import Grader
from bot.grading.judge_features import FeatureJudge

cases = [json.loads(line) for line in sys.stdin]
judge = FeatureJudge(FakeEmbedder())
grader = Grader(judge, new_id=lambda: "g", timer=lambda: 0.0)
found = {}
for case in cases:
    points = tuple(KeyPoint(text=point["text"], quote=None) for point in case["key_points"])
    grade = grader.grade("q", case["question"], points, case["answer"])
    texts = [point.text for point in points]
    stopped = grade.path == "gate"
    findings = [] if stopped else judge.findings(case["question"], texts, case["answer"])
    evidence = [one.evidence for one in findings]
    exact = [[*one.recall, one.close, *one.alignment.by_sentence] for one in evidence]
    found[case["id"]] = [grade.model_dump(mode="json"), exact]
print(json.dumps(found, sort_keys=True))
"""


def run(cases, seed):
    """What a new process says of the cases, every digit; Python orders its sets by the seed."""
    path = os.pathsep.join([str(HERE), str(HERE.parent)])
    return subprocess.run(
        [sys.executable, "-c", GRADE],
        input="\n".join(map(json.dumps, cases)),
        env=os.environ | {"PYTHONHASHSEED": str(seed), "PYTHONPATH": path, "PYTHONUTF8": "1"},
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=True,
    ).stdout


def test_five_runs_agree_in_every_digit():
    lines = files("evals").joinpath("sets", "grade_small.jsonl").read_text("utf-8").splitlines()
    cases = [json.loads(line) for line in lines][:ANSWERS]
    orders = [cases[turn:] + cases[:turn] for turn in range(RUNS)]
    first, *others = [run(order, seed) for seed, order in enumerate(orders)]
    assert len(json.loads(first)) == len(cases)
    assert others == [first] * (RUNS - 1)
