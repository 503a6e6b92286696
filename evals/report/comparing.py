"""What several grading runs over the same set say about each other."""

from collections.abc import Sequence
from itertools import combinations

from bot.texts import say
from evals.cases import GradeCase
from evals.metrics.paired import differences, spread
from evals.metrics.rows import Row
from evals.report.blocks import Block, Gap, Picture, Section, Text
from evals.report.plots import Interval, intervals
from evals.report.reading import Run
from evals.report.tables import estimates_table
from evals.report.words import word

DRAWN = (
    "qwk",
    "mae",
    "bias",
    "pearson",
    "exact",
    "macro_f1",
    "contradicted_recall",
    "contradicted_precision",
)


def comparison_sections(runs: Sequence[Run]) -> list[Section]:
    """Paired differences of each run to the first, and the spread of repeats."""
    graded = [run for run in runs if run.kind == "grade"]
    pairs = [(graded[0], other) for other in graded[1:]]
    return [*(_difference(*pair) for pair in pairs), _stability(graded)]


def _difference(first: Run, second: Run) -> Section:
    title = say("evals.section_difference", first=first.name, second=second.name)
    shared = _shared([first, second])
    if not shared:
        return Section(title, [Gap(say("evals.gap_pairs"))])
    cases, (ones, others) = shared
    found = differences(ones, others, cases)
    drawn = [
        Interval(word("figure_" + name), estimate.value, estimate.low, estimate.high)
        for name in DRAWN
        if (estimate := found.get(name)) is not None and estimate.value is not None
    ]
    about = say("evals.about_difference", first=first.name, second=second.name, count=len(cases))
    caption = say("evals.plot_difference")
    blocks: list[Block] = [Text(about), estimates_table(found)]
    if drawn:
        blocks.append(Picture(intervals(drawn, caption), caption))
    return Section(title, blocks)


def _stability(runs: Sequence[Run]) -> Section:
    repeats = next((group for group in _repeats(runs) if len(group) > 1), None)
    shared = _shared(repeats) if repeats else None
    if repeats is None or shared is None:
        return Section(word("section_stability"), [Gap(say("evals.gap_stability"))])
    about = Text(say("evals.about_stability", runs=", ".join(run.name for run in repeats)))
    return Section(word("section_stability"), [about, estimates_table(spread(shared[1]))])


def _repeats(runs: Sequence[Run]) -> list[list[Run]]:
    """Runs of the same product over the same set."""
    groups: list[list[Run]] = []
    for run in runs:
        home = next((group for group in groups if not group[0].record.differences(run.record)), None)
        if home is None:
            groups.append([run])
        else:
            home.append(run)
    return groups


def _shared(runs: Sequence[Run]) -> tuple[list[GradeCase], list[list[Row]]] | None:
    """Cases that all runs have rows on, and these rows; None where sets differ or rows are not there."""
    if any(one.record.set.sha256 != other.record.set.sha256 for one, other in combinations(runs, 2)):
        return None
    found = [{str(case.id): (case, row) for case, row in run.graded()} for run in runs]
    ids = [name for name in found[0] if all(name in one for one in found)]
    if not ids:
        return None
    return [found[0][name][0] for name in ids], [[one[name][1] for name in ids] for one in found]
