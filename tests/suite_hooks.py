"""What the suite holds itself to: a strict run skips nothing, and every run says where its time went."""

import os
from collections import Counter

import pytest

MAY_BE_ABSENT = "../shared"
"""Begins the reason of the only skips that a strict run takes."""
GROUPS = (("browser", ("browser",)), ("real models", ("real", "llm")))
"""Groups by mark, the first that fits; tests without such a mark are the rest."""
REST = "unit and contract"

times = pytest.StashKey[Counter]()


def pytest_configure(config):
    config.stash[times] = Counter()


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_makereport(item, call):
    report = yield
    item.config.stash[times][group_of(item)] += call.duration
    return without_skip(report)


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_make_collect_report():
    return without_skip((yield))


def pytest_terminal_summary(terminalreporter, config):
    spent = config.stash[times]
    if spent:
        parts = [f"{name} {spent[name]:.0f} s" for name in (REST, "real models", "browser") if name in spent]
        terminalreporter.write_line(f"time by group: {', '.join(parts)}")


def group_of(item):
    marks = {mark.name for mark in item.iter_markers()}
    return next((name for name, found in GROUPS if marks.intersection(found)), REST)


def without_skip(report):
    """The report, a failure in place of a skip where KAODIAN_TEST_STRICT=1."""
    strict = os.environ.get("KAODIAN_TEST_STRICT") == "1"
    if not (strict and report.skipped) or hasattr(report, "wasxfail"):
        return report
    reason = str(report.longrepr[2]).removeprefix("Skipped: ")
    if not reason.startswith(MAY_BE_ABSENT):
        report.outcome = "failed"
        report.longrepr = f"skipped, which KAODIAN_TEST_STRICT=1 does not take: {reason}"
    return report
