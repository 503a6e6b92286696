"""The bars of size, below which modules and functions stay."""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
MODULES = sorted([*ROOT.glob("bot/**/*.py"), *ROOT.glob("evals/**/*.py")])
LINES_OF_A_MODULE = 250
LINES_OF_A_FUNCTION = 40
LAYOUT = "build"
"""A function of this name in bot/page lays out a part of it, and is as long as that part."""


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_a_module_and_its_functions_are_short(path):
    text = path.read_text("utf-8")
    assert len(text.splitlines()) <= LINES_OF_A_MODULE
    functions = [
        node for node in ast.walk(ast.parse(text)) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    ]
    long = {node.name for node in functions if node.end_lineno - node.lineno >= LINES_OF_A_FUNCTION}
    assert long - ({LAYOUT} if path.parent.name == "page" else set()) == set()


def test_there_are_modules_to_look_at():
    assert len(MODULES) > 100
