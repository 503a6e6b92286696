"""A grade as Markdown: the table of key points with both quotes."""

from collections.abc import Sequence

from bot.domain.grades import Flag, Grade, Status, Verdict
from bot.domain.judges import EMBEDDED, FEATURES, GATE, LLM_PREFIX
from bot.domain.questions import KeyPoint
from bot.grading import Feedback, Watch, feedback
from bot.grading.feedback import PointFeedback
from bot.page.markup import one_line, safe_markdown
from bot.seams import Progress
from bot.texts import current_language, say

MARKS = {
    Status.COVERED: "✔",
    Status.PARTIAL: "◐",
    Status.MISSING: "○",
    Status.CONTRADICTED: "✘",
}

NOTHING_SAID = {Flag.GAVE_UP, Flag.NO_CONTENT, Flag.QUESTION_COPIED}
"""Flags of answers that a follow-up question would mock."""


def grade_text(grade: Grade, *, reveal: bool = True) -> str:
    """Score, flags, and per key point the learner's words beside the note's; then the follow-up.

    Args:
        grade: Of one answer.
        reveal: False while key points that the answer lacks stay hidden.
    """
    said = feedback(grade, reveal=reveal, lang=current_language())
    parts = [f"### {said.score}", *(f"⚠ {safe_markdown(flag)}" for flag in said.flags)]
    if said.points:
        parts.append(_table(said, grade))
    if said.follow_up and not NOTHING_SAID & set(grade.flags):
        parts.append(f"**{safe_markdown(said.follow_up)}**")
    if not reveal:
        parts.append(f"<sub>{say('page.revealed_later')}</sub>")
    if grade.error is None:
        parts.append(f"<sub>{_judged(grade)}</sub>")
    return "\n\n".join(parts)


def ideal_text(grade: Grade) -> str:
    """The model answer, a statement a line."""
    return "\n".join(f"- {safe_markdown(line)}" for line in feedback(grade, lang=current_language()).ideal)


def verdicts_told(points: Sequence[KeyPoint], progress: Progress, *, reveal: bool) -> Watch:
    """A watcher that tells `progress` which verdicts are there, as Markdown.

    Args:
        points: The key points that are judged.
        progress: Its `what` is the text.
        reveal: False: only how many.
    """
    found: dict[int, Status] = {}

    def watch(place: int, verdict: Verdict) -> None:
        found[place] = verdict.status
        count = say("page.grading_so_far", done=len(found), total=len(points))
        lines = [f"- {MARKS[found[i]]} {safe_markdown(points[i].text)}" for i in sorted(found)]
        progress(len(found), len(points), "\n".join([count, "", *lines] if reveal else [count]))

    return watch


def _table(said: Feedback, grade: Grade) -> str:
    heads = [say(f"page.head_{name}") for name in ("verdict", "key_point", "yours", "notes")]
    rows = [
        "| " + " | ".join(_cells(point, verdict.confidence)) + " |"
        for point, verdict in zip(said.points, grade.verdicts, strict=True)
    ]
    return "\n".join(["| " + " | ".join(heads) + " |", "|" + " --- |" * len(heads), *rows])


def _judged(grade: Grade) -> str:
    trust = say(f"grading.trust_{grade.trust}")
    return say("page.judged_by", path=_judge(grade.path), trust=trust, seconds=f"{grade.seconds:.1f}")


def _judge(path: str) -> str:
    known = path in (FEATURES, EMBEDDED, GATE)
    return say(f"page.path_{path}") if known else one_line(path.removeprefix(LLM_PREFIX))


def _cells(point: PointFeedback, confidence: float) -> list[str]:
    """The quotes carry their column's name too, which only narrow screens show: there a row is a card."""
    verdict = f"{MARKS[point.status]} {point.label} <sub>{confidence:.0%}</sub>"
    title = _cell(point.title) + (f"<br><sub>{_cell(point.remark)}</sub>" if point.remark else "")
    yours, notes = (f"<small>{say(f'page.head_{name}')}</small>" for name in ("yours", "notes"))
    return [verdict, title, yours + _cell(point.answer_quote), notes + _cell(point.note_quote)]


def _cell(text: str | None) -> str:
    """`text` for a cell of a table: on one line, its bars escaped."""
    if not text:
        return "—"
    return safe_markdown(" ".join(text.split())).replace("|", "\\|")
