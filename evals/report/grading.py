"""The sections on a grading run."""

from collections.abc import Mapping, Sequence

from pydantic import JsonValue

from bot.texts import say
from evals.metrics.estimate import Metrics
from evals.metrics.grading import AGREEMENT
from evals.report.blocks import Block, Gap, Heading, Picture, Section, Table, Text
from evals.report.curves import bands_plot, length_plot, reliability_plot, risk_plot
from evals.report.plots import Interval, intervals
from evals.report.reading import Run
from evals.report.tables import breakdown_table, figures_table, rows_table
from evals.report.words import word
from evals.report.worst import disagreements

STATUSES = ("covered", "partial", "missing", "contradicted")
MAX_QUESTIONS = 15
"""Rows of the breakdown by question: the worst ones."""
AS_ZERO = ("qwk_nulls_as_0", "mae_nulls_as_0")
VERDICTS = ("verdict_accuracy", "macro_f1", "contradicted_recall", "contradicted_precision")
EVIDENCE = ("quotes_verbatim", "quotes_after_retry", "points_demoted", "answers_demoted")
CONFIDENCE = ("confidence_ece", "confidence_auc", "aurc")
LENGTH = ("length_error", "length_score", "length_gold")

Rows = Sequence[Mapping[str, JsonValue]]


def grading_sections(run: Run, metrics: Metrics) -> list[Section]:
    """Agreement, breakdowns, verdicts, evidence, confidence and the worst disagreements."""
    made = [
        (word("section_agreement"), _agreement(metrics)),
        (word("section_parts"), _parts(run, metrics)),
        (word("section_length"), _length(run, metrics)),
        (word("section_verdicts"), _verdicts(metrics)),
        (word("section_evidence"), _evidence(metrics)),
        (word("section_confidence"), _confidence(metrics)),
        (word("section_worst"), disagreements(run)),
    ]
    return [Section(title, blocks) for title, blocks in made]


def breakdown_blocks(metrics: Metrics) -> list[tuple[str, Table]]:
    """The breakdowns that a run has, each with the word of its title."""
    found = [
        (f"table_{name}", breakdown_table(metrics.tables[name]))
        for name in ("by_band", "by_language", "by_length")
        if metrics.tables.get(name)
    ]
    if confusion := metrics.tables.get("confusion"):
        found.append(("table_confusion", _confusion_table(confusion)))
    return found


def _confusion_table(confusion: Rows) -> Table:
    return rows_table([_named(row) for row in confusion], ("gold_status", *STATUSES))


def _agreement(metrics: Metrics) -> list[Block]:
    if "qwk" not in metrics.figures:
        return [Gap(say("evals.gap_no_scores"))]
    blocks: list[Block] = [figures_table(metrics, (*AGREEMENT, *AS_ZERO))]
    beside = {word("head_grader_short"): metrics.figures["qwk"]}
    beside |= {
        word("floor_" + name): floor["qwk"] for name, floor in metrics.floors.items() if "qwk" in floor
    }
    rows = [
        Interval(name, found.value, found.low, found.high)
        for name, found in beside.items()
        if found.value is not None
    ]
    blocks.append(Picture(intervals(rows, say("evals.plot_qwk")), say("evals.plot_qwk")))
    if "raters" not in metrics.floors:
        blocks.append(Gap(say("evals.gap_raters")))
    return blocks


def _parts(run: Run, metrics: Metrics) -> list[Block]:
    bands = metrics.tables.get("by_band", [])
    blocks: list[Block] = [Heading(word("table_by_band")), breakdown_table(bands)]
    if any("score" in row for row in bands):
        blocks.append(Picture(bands_plot(bands, run.graded()), say("evals.plot_bands")))
    blocks += [Heading(word("table_by_language")), breakdown_table(metrics.tables.get("by_language", []))]
    questions = sorted(metrics.tables.get("by_question", []), key=_badness)
    blocks += [Heading(word("table_by_question")), breakdown_table(questions[:MAX_QUESTIONS])]
    if len(questions) > MAX_QUESTIONS:
        blocks.append(Text(say("evals.questions_shown", shown=MAX_QUESTIONS, count=len(questions))))
    return blocks


def _badness(row: Mapping[str, JsonValue]) -> float:
    return -float(str(row.get("mae") or 0))


def _length(run: Run, metrics: Metrics) -> list[Block]:
    rows = metrics.tables.get("by_length", [])
    blocks: list[Block] = [Text(say("evals.about_length")), _figures(metrics, LENGTH), breakdown_table(rows)]
    if any("bias" in row for row in rows):
        blocks.append(Picture(length_plot(rows, run.graded()), say("evals.plot_length")))
    return blocks


def _verdicts(metrics: Metrics) -> list[Block]:
    confusion = metrics.tables.get("confusion")
    if not confusion:
        return [Gap(say("evals.gap_verdicts"))]
    return [
        figures_table(metrics, VERDICTS),
        Heading(word("table_confusion")),
        _confusion_table(confusion),
        Heading(word("table_statuses")),
        rows_table(_by_status(confusion), ("status", "n", "recall", "precision", "f1")),
    ]


def _named(row: Mapping[str, JsonValue]) -> dict[str, JsonValue]:
    return {**row, "gold_status": word(f"column_{row.get('gold')}")}


def _by_status(confusion: Rows) -> Rows:
    counts = {str(row["gold"]): {name: int(str(row[name])) for name in STATUSES} for row in confusion}
    rows: list[dict[str, JsonValue]] = []
    for name in STATUSES:
        hits = counts[name][name]
        wanted, given = sum(counts[name].values()), sum(row[name] for row in counts.values())
        rows.append(
            {
                "status": word(f"column_{name}"),
                "n": wanted,
                "recall": hits / wanted if wanted else None,
                "precision": hits / given if given else None,
                "f1": 2 * hits / (wanted + given) if wanted + given else None,
            }
        )
    return rows


def _evidence(metrics: Metrics) -> list[Block]:
    blocks: list[Block] = [_figures(metrics, EVIDENCE)]
    if flags := metrics.tables.get("flags"):
        blocks += [Heading(word("table_flags")), rows_table(flags, ("name", "n"))]
    return blocks


def _confidence(metrics: Metrics) -> list[Block]:
    blocks: list[Block] = [figures_table(metrics, CONFIDENCE)]
    if rows := metrics.tables.get("reliability"):
        blocks += [
            Picture(reliability_plot(rows), say("evals.plot_reliability")),
            rows_table(rows, ("confidence", "right", "n")),
        ]
    else:
        blocks.append(Gap(say("evals.gap_reliability")))
    if points := metrics.curves.get("risk_coverage"):
        blocks.append(risk_plot(points, word("head_mae")))
    return blocks


def _figures(metrics: Metrics, names: Sequence[str]) -> Block:
    if not any(name in metrics.figures for name in names):
        return Gap(say("evals.gap_older"))
    return figures_table(metrics, names)
