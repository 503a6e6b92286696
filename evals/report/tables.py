"""Tables that reports of several kinds show."""

from collections.abc import Iterable, Mapping, Sequence

from pydantic import JsonValue

from evals.metrics.estimate import Estimate, Metrics
from evals.records import RunRecord, Source
from evals.report.blocks import Table
from evals.report.words import plain, shown, word

Rows = Sequence[Mapping[str, JsonValue]]


def figures_table(metrics: Metrics, names: Iterable[str] | None = None) -> Table:
    """Figures with intervals, people and floors beside them.

    Args:
        metrics: Where they stand.
        names: Which ones, in this order; None: all.
    """
    wanted = list(metrics.figures) if names is None else [name for name in names if name in metrics.figures]
    beside = [name for name, floor in metrics.floors.items() if any(figure in floor for figure in wanted)]
    heads = [word("head_what"), word("head_value"), *(word("floor_" + name) for name in beside)]
    rows = [
        [
            word("figure_" + name),
            shown(metrics.figures[name]),
            *(shown(found) if (found := metrics.floors[other].get(name)) else "" for other in beside),
        ]
        for name in wanted
    ]
    return Table(heads, rows)


def estimates_table(estimates: Mapping[str, Estimate]) -> Table:
    """Figures with intervals."""
    rows = [[word("figure_" + name), shown(value)] for name, value in estimates.items()]
    return Table((word("head_what"), word("head_value")), rows)


def rows_table(rows: Rows, columns: Sequence[str]) -> Table:
    """Rows of a breakdown."""
    heads = [word("column_" + name) for name in columns]
    return Table(heads, [[plain(row.get(name)) for name in columns] for row in rows])


def breakdown_table(rows: Rows) -> Table:
    """A part of a set in each row; the bias with its interval where the run knows it."""
    columns = ("name", "n", "gold", "score", "mae", "bias", "exact")
    heads = [word("column_" + name) for name in columns]
    return Table(
        heads,
        [[shown(_bias(row)) if name == "bias" else plain(row.get(name)) for name in columns] for row in rows],
    )


def _bias(row: Mapping[str, JsonValue]) -> Estimate:
    value, low, high = (row.get(name) for name in ("bias", "bias_low", "bias_high"))
    return Estimate.model_validate({"value": value, "low": low, "high": high})


def header_table(record: RunRecord, metrics: Metrics) -> Table:
    """What was measured, with what, and what it took."""
    notes = [_note(note) for note in metrics.notes]
    rows = [*_product_rows(record), *notes, *_data_rows(record), *_cost_rows(record, metrics)]
    told = {"llm", "model", "embedding", "embedder"}
    rows += [
        (name, value) for name, value in record.settings.items() if name not in told and value is not None
    ]
    rows += [*record.notes.items(), *record.versions.items()]
    heads = (word("head_what"), word("head_value"))
    return Table(heads, [[name, plain(value)] for name, value in rows], prose=True)


def _note(note: str) -> tuple[str, JsonValue]:
    """How the figures were made, 'name: value', as a row."""
    name, _, value = note.partition(": ")
    return word(f"note_{name}"), value


def _product_rows(record: RunRecord) -> list[tuple[str, JsonValue]]:
    settings = record.settings
    unknown = word("unknown")
    return [
        (word("head_model"), settings.get("model") or word("no_language_model")),
        (word("head_embedding"), _joined(settings.get("embedding"), settings.get("embedder"))),
        (word("head_code"), record.code),
        (word("head_grader"), record.grader or unknown),
        (word("head_prompts"), record.prompts or unknown),
    ]


def _data_rows(record: RunRecord) -> list[tuple[str, JsonValue]]:
    rows: list[tuple[str, JsonValue]] = [(word("head_set"), _source(record.set))]
    if record.corpus:
        rows.append((word("head_corpus"), _source(record.corpus)))
    return rows


def _cost_rows(record: RunRecord, metrics: Metrics) -> list[tuple[str, JsonValue]]:
    counts = [(word("count_" + name), count) for name, count in metrics.counts.items()]
    figures = ("failure_rate", "abstention_rate", "seconds_per_answer", "calls_per_answer")
    found = [
        (word("figure_" + name), shown(metrics.figures.get(name)))
        for name in (figures if record.kind == "grade" else ())
    ]
    found += [(word("usage_" + name), value) for name, value in record.usage.items() if value]
    done = f"{record.done}/{record.total}, {record.seconds:.1f} s"
    return [*counts, *found, (word("head_done"), done), (word("head_started"), record.started_at)]


def _joined(*parts: JsonValue) -> str:
    return ", ".join(str(part) for part in parts if part)


def _source(source: Source) -> str:
    return f"{source.name}, {source.size}, sha256 {source.sha256}"
