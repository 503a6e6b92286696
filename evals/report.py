"""A run as Markdown, for people: OUT.md and the tables of docs/evals.md."""

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from pydantic import JsonValue

from bot.texts import Language, catalogue
from evals.metrics.estimate import Estimate, Metrics
from evals.records import RunRecord
from evals.runs import write_atomically

MAX_QUESTIONS = 15
"""Rows of the breakdown by question: the worst ones."""


def write_report(record: RunRecord, out: Path, lang: Language) -> Path:
    """Write OUT.md beside OUT.jsonl and return its path."""
    path = out.with_suffix(".md")
    write_atomically(path, report(record, lang))
    return path


def report(record: RunRecord, lang: Language) -> str:
    """The whole report of a finished run."""
    metrics = record.metrics or Metrics(figures={})
    parts = [
        f"# {_word('title_' + record.kind, lang)}: {record.set.name}",
        _table((_word("head_what", lang), _word("head_value", lang)), _header(record, lang)),
        f"## {_word('head_figures', lang)}",
        figures_table(metrics, lang),
        *(f"- {note}" for note in metrics.notes),
    ]
    for name, rows in metrics.tables.items():
        parts += [f"## {_word('table_' + name, lang)}", _rows_table(_worst(name, rows))]
    for name, points in metrics.curves.items():
        parts += [f"## {_word('curve_' + name, lang)}", _curve_table(points, lang)]
    return "\n\n".join(parts) + "\n"


def figures_table(metrics: Metrics, lang: Language) -> str:
    """Each figure with its interval, the floors beside it."""
    heads = [_word("head_what", lang), _word("head_value", lang)]
    heads += [_word("floor_" + name, lang) for name in metrics.floors]
    rows: list[list[str]] = []
    for name, estimate in metrics.figures.items():
        others = [_shown(floor[name]) if name in floor else "" for floor in metrics.floors.values()]
        rows.append([_word("figure_" + name, lang), _shown(estimate), *others])
    return _table(heads, rows)


def _header(record: RunRecord, lang: Language) -> list[tuple[str, str]]:
    counts = record.metrics.counts if record.metrics else {}
    rows = [
        (_word("head_set", lang), f"{record.set.name}, {record.set.size}, sha256 {record.set.sha256[:16]}"),
        *(
            [(_word("head_corpus", lang), f"{c.name}, {c.size}, sha256 {c.sha256[:16]}")]
            if (c := record.corpus)
            else []
        ),
        (_word("head_done", lang), f"{record.done}/{record.total}, {record.seconds:.1f} s"),
        (_word("head_started", lang), record.started_at),
        (_word("head_code", lang), record.code),
    ]
    for part in (counts, record.settings, record.notes, record.versions):
        rows += [(name, _plain(value)) for name, value in part.items()]
    return rows


def _word(name: str, lang: Language) -> str:
    """The catalogue's name, or the name itself: figures of one status or band have none."""
    return catalogue(lang).get(f"evals.{name}", name)


def _shown(estimate: Estimate) -> str:
    if estimate.value is None:
        return "–"
    if estimate.low is None or estimate.high is None:
        return _number(estimate.value)
    return f"{_number(estimate.value)} [{_number(estimate.low)}, {_number(estimate.high)}]"


def _number(value: float) -> str:
    text = f"{value:.0f}" if abs(value) >= 100 else f"{value:.3f}"
    return text if float(text) else text.lstrip("-")


def _plain(value: JsonValue) -> str:
    return _number(value) if isinstance(value, float) else str(value)


def _worst(name: str, rows: list[dict[str, JsonValue]]) -> list[dict[str, JsonValue]]:
    if name != "by_question":
        return rows
    return sorted(rows, key=lambda row: -float(str(row.get("mae", 0))))[:MAX_QUESTIONS]


def _rows_table(rows: Sequence[Mapping[str, JsonValue]]) -> str:
    heads = list(dict.fromkeys(key for row in rows for key in row))
    return _table(heads, [[_plain(row.get(head, "")) for head in heads] for row in rows])


def _curve_table(points: Sequence[tuple[float, float]], lang: Language) -> str:
    step = max(1, len(points) // 10)
    shown = points[step - 1 :: step]
    heads = (_word("head_coverage", lang), _word("head_risk", lang))
    return _table(heads, [[_number(x), _number(y)] for x, y in shown])


def _table(heads: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    lines = [_cells(heads)]
    lines.append("|" + " --- |" * (lines[0].count(" | ") + 1))
    return "\n".join(lines + [_cells(row) for row in rows])


def _cells(cells: Iterable[str]) -> str:
    return "| " + " | ".join(cell.replace("|", "\\|").replace("\n", " ") for cell in cells) + " |"
