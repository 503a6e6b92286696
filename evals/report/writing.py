"""From runs to a page, and from a page to files."""

from collections.abc import Sequence
from pathlib import Path

from bot.texts import Language, current_language, say, speaking
from evals.metrics.estimate import Metrics
from evals.report.blocks import Block, Gap, Page, Section
from evals.report.comparing import comparison_sections
from evals.report.grading import breakdown_blocks, grading_sections
from evals.report.html import html
from evals.report.markdown import markdown, table
from evals.report.reading import Run, read_run
from evals.report.searching import attack_sections, key_point_sections, refusal_sections, retrieval_sections
from evals.report.tables import figures_table as figures_block
from evals.report.tables import header_table
from evals.report.words import word
from evals.runs import write_atomically


def write_report(out: Path, cases: Path | None, lang: Language) -> Path:
    """Write OUT.html and OUT.md beside OUT.jsonl when its run has ended; returns the latter.

    Args:
        out: The rows.
        cases: The set; None where code made it.
        lang: Of the report.
    """
    return write_reports([out], out.with_suffix(".html"), lang, sets=[cases] if cases else ())


def write_reports(runs: Sequence[Path], file: Path, lang: Language, *, sets: Sequence[Path] = ()) -> Path:
    """Write one report on all `runs` to `file`, and the same as Markdown beside it; returns the latter.

    Raises:
        BadInput: A run has no record that can be read.
    """
    with speaking(lang):
        page = page_of([read_run(path, sets) for path in runs])
        file.parent.mkdir(parents=True, exist_ok=True)
        write_atomically(file, html(page))
        beside = file.with_suffix(".md")
        write_atomically(beside, markdown(page))
    return beside


def figures_table(metrics: Metrics, lang: Language) -> str:
    """Each figure with its interval, people and floors beside it, as Markdown."""
    with speaking(lang):
        return table(figures_block(metrics))


def breakdowns(metrics: Metrics, lang: Language) -> str:
    """How a grading run does by band of score, language and length, and its statuses, as Markdown."""
    with speaking(lang):
        parts = [f"{word(title)}:\n\n{table(block)}" for title, block in breakdown_blocks(metrics)]
        return "\n\n".join(parts)


def page_of(runs: Sequence[Run]) -> Page:
    """The report on these runs, in the current language."""
    titles = [f"{word('title_' + run.kind)}: {run.record.set.name}" for run in runs]
    title = titles[0] if len(runs) == 1 else " · ".join(f"{run.name} ({run.record.set.name})" for run in runs)
    sections = [section for run in runs for section in _titled(run, len(runs) > 1)]
    graded = [run for run in runs if run.kind == "grade"]
    if graded:
        sections += comparison_sections(runs)
    if graded and not any(run.kind == "attacks" for run in runs):
        sections.append(Section(word("section_attacks"), [Gap(say("evals.gap_attack_run"))]))
    return Page(title, current_language(), sections)


def _titled(run: Run, several: bool) -> list[Section]:
    metrics = run.metrics()
    makers = {
        "grade": lambda: grading_sections(run, metrics),
        "retrieve": lambda: retrieval_sections(run, metrics),
        "refuse": lambda: refusal_sections(run, metrics),
        "attacks": lambda: attack_sections(run),
        "key_points": lambda: key_point_sections(metrics),
    }
    head: list[Block] = [header_table(run.record, metrics), *map(Gap, run.gaps)]
    sections = [Section(word("section_about"), head), *makers.get(run.kind, list)()]
    if not several:
        return sections
    return [Section(f"{run.name} · {section.title}", section.blocks) for section in sections]
