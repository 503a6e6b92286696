"""The sections on runs of retrieval, refusal, attacks and key points."""

from pydantic import JsonValue

from bot.texts import say
from evals.cases import RefuseCase
from evals.metrics.attacks import AttackRow, pass_rates, share, within_limits
from evals.metrics.estimate import Estimate, Metrics
from evals.report.blocks import Block, Gap, Heading, Picture, Section, Table, Text
from evals.report.curves import risk_plot
from evals.report.plots import Interval, intervals
from evals.report.reading import Run
from evals.report.tables import figures_table
from evals.report.words import NOTHING, shown, word

MOST = 20
"""Queries that are shown."""
RATES = ("recall@1", "recall@3", "recall@10", "mrr", "recall_1500_chars")
DECISIONS = ("refusal", "false_refusal", "balanced_accuracy", "evidence_auc")


def retrieval_sections(run: Run, metrics: Metrics) -> list[Section]:
    """Recall and rank, and the queries whose passage was not among the first."""
    missed = [row for row in run.rows if row.get("rank") is None]
    return [
        Section(
            word("section_retrieval"),
            [figures_table(metrics), _picture(metrics, RATES, say("evals.plot_recall"))],
        ),
        Section(word("section_missed"), _queries(run, [(_query(run, row), _why(row)) for row in missed])),
    ]


def refusal_sections(run: Run, metrics: Metrics) -> list[Section]:
    """Refusals that were due and that were not, and the decisions that were wrong."""
    blocks: list[Block] = [
        figures_table(metrics),
        _picture(metrics, DECISIONS, say("evals.plot_decisions")),
    ]
    if points := metrics.curves.get("risk_coverage"):
        blocks.append(risk_plot(points, word("head_unanswerable")))
    wrong = [
        (_query(run, row), say("evals.wrongly_answered" if row["answered"] else "evals.wrongly_refused"))
        for row in run.rows
        if row.get("error") is None and _answerable(run, row) not in (None, row.get("answered"))
    ]
    blocks_wrong = _queries(run, wrong) if run.cases else [Gap(say("evals.gap_worst"))]
    return [Section(word("section_refusal"), blocks), Section(word("section_wrong"), blocks_wrong)]


def attack_sections(run: Run) -> list[Section]:
    """Share of attacks of each family that were held off, and whether the family keeps its limit."""
    rows = [AttackRow.model_validate(fields) for fields in run.rows]
    if not rows:
        return [Section(word("section_attacks"), [Gap(say("evals.gap_attacks"))])]
    rates = {word("family_" + name): found for name, found in pass_rates(rows).items()}
    rates[word("all_families")] = (share([row.held for row in rows]), len(rows))
    limits = list(within_limits(rows).values())
    heads = (word("column_family"), word("column_n"), word("column_held"), word("column_within_limit"))
    table = Table(
        heads,
        [
            [name, str(count), shown(rate), word("limit_kept" if kept else "limit_broken")]
            for (name, (rate, count)), kept in zip(rates.items(), [*limits, all(limits)], strict=True)
        ],
    )
    drawing = _intervals({name: rate for name, (rate, _) in rates.items()}, say("evals.plot_attacks"))
    blocks: list[Block] = [table, Text(say("evals.attack_limits")), drawing, *_point_order(rows)]
    return [Section(word("section_attacks"), blocks)]


def key_point_sections(metrics: Metrics) -> list[Section]:
    """How near made key points are to written ones, also by the closeness at which two are the same."""
    blocks: list[Block] = [figures_table(metrics)]
    if rows := metrics.tables.get("by_threshold"):
        blocks.append(Heading(word("table_by_threshold")))
        blocks.append(Table(tuple(rows[0]), [[str(value) for value in row.values()] for row in rows]))
    return [Section(word("section_key_points"), blocks)]


def _point_order(rows: list[AttackRow]) -> list[Block]:
    """What the attacks say on stability: the same answer against the key points in another order."""
    found = [row.held for row in rows if row.rule == "point_order"]
    if not found:
        return []
    row = [word("point_order"), str(len(found)), shown(share(found))]
    return [
        Heading(word("section_stability")),
        Table((word("head_what"), word("column_n"), word("column_held")), [row]),
    ]


def _picture(metrics: Metrics, names: tuple[str, ...], title: str) -> Block:
    found = {word("figure_" + name): metrics.figures[name] for name in names if name in metrics.figures}
    return _intervals(found, title) if found else Gap(say("evals.gap_older"))


def _intervals(found: dict[str, Estimate], title: str) -> Picture:
    rows = [
        Interval(name, estimate.value, estimate.low, estimate.high)
        for name, estimate in found.items()
        if estimate.value is not None
    ]
    return Picture(intervals(rows, title), title)


def _queries(run: Run, found: list[tuple[str, str]]) -> list[Block]:
    if not run.rows:
        return [Gap(say("evals.gap_worst"))]
    if not found:
        return [Gap(say("evals.none"))]
    table = Table(
        (word("column_query"), word("column_outcome")), [list(row) for row in found[:MOST]], prose=True
    )
    more = len(found) - MOST
    return [table, Gap(say("evals.more", count=more))] if more > 0 else [table]


def _query(run: Run, row: dict[str, JsonValue]) -> str:
    case = run.cases.get(str(row.get("id")))
    query = getattr(case, "query", None) or row.get("query")
    return f"{row.get('id')}: {query or NOTHING}"


def _why(row: dict[str, JsonValue]) -> str:
    return str(row.get("error") or say("evals.not_among"))


def _answerable(run: Run, row: dict[str, JsonValue]) -> bool | None:
    case = run.cases.get(str(row.get("id")))
    return case.answerable if isinstance(case, RefuseCase) else None
