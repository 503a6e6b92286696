"""The answers on which grader and people disagree most, side by side with both quotes."""

from itertools import zip_longest

from bot.texts import say
from evals.cases import GradeCase, KeyPointCase
from evals.metrics.rows import Row, VerdictRow
from evals.report.blocks import Block, Gap, Heading, Quote, Table
from evals.report.reading import Run
from evals.report.words import NOTHING, number, word

MOST = 12
"""Answers that are shown."""
MOST_CHARS = 1500
"""Characters of an answer that are shown; the report says where it was cut."""


def disagreements(run: Run) -> list[Block]:
    """The worst first; failures are not among them."""
    if not run.is_whole:
        return [Gap(say("evals.gap_worst"))]
    scored = [(case, row) for case, row in run.graded() if None not in (case.score, row.score)]
    ranked = sorted(scored, key=lambda pair: -_error(*pair))
    shown = [pair for pair in ranked[:MOST] if _error(*pair) > 0]
    if not shown:
        return [Gap(say("evals.no_disagreement"))]
    return [block for case, row in shown for block in _one(case, row)]


def _error(case: GradeCase, row: Row) -> float:
    return abs((row.score or 0.0) - case.gold)


def _one(case: GradeCase, row: Row) -> list[Block]:
    title = say("evals.worst_title", id=case.id, gold=number(case.gold), score=number(row.score or 0.0))
    about = [*(str(flag) for flag in row.flags), row.path or ""]
    return [
        Heading(f"{title} · {' · '.join(filter(None, about))}"),
        Quote(word("worst_question"), case.question),
        Quote(word("worst_answer"), _cut(case.answer)),
        _points(case, row),
    ]


def _points(case: GradeCase, row: Row) -> Table:
    heads = ("key_point", "people", "grader", "quote_answer", "quote_notes")
    people = case.verdicts or ()
    rows = [
        [
            str(point.get("text", "")),
            word(f"column_{gold}") if gold else NOTHING,
            _given(verdict),
            verdict.quote or NOTHING,
            _notes(point.get("quote"), given),
        ]
        for point, verdict, gold, given in zip_longest(
            row.key_points, row.verdicts, people, case.key_points[: len(row.key_points)]
        )
    ]
    return Table([word("column_" + name) for name in heads], rows, prose=True)


def _given(verdict: VerdictRow) -> str:
    demoted = f", {word('demoted')}" if verdict.unverified else ""
    return f"{word(f'column_{verdict.status}')} ({verdict.confidence:.2f}){demoted}"


def _notes(quote: object, given: KeyPointCase | None) -> str:
    return str(quote or (given.quote if given else None) or NOTHING)


def _cut(text: str) -> str:
    if len(text) <= MOST_CHARS:
        return text
    return f"{text[:MOST_CHARS]}… {say('evals.cut', count=len(text) - MOST_CHARS)}"
