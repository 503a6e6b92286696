"""The line at the top that says how far the start has come."""

from collections.abc import Sequence

from bot.app.loading import Loading, Stage
from bot.jobs import time_left
from bot.page.markup import plain_text
from bot.texts import say

MEGABYTE = 1_000_000


def is_settled(stages: Sequence[Loading]) -> bool:
    """Whether nothing is waited for any more; a failure waits for the learner."""
    return all(stage.state in ("done", "off", "failed") for stage in stages)


def has_failed(stages: Sequence[Loading]) -> bool:
    """Whether the learner can try again."""
    return any(stage.state == "failed" for stage in stages)


def notes_are_ready(stages: Sequence[Loading]) -> bool:
    """Whether the notes are indexed as they are now."""
    return any(stage.stage is Stage.NOTES and stage.state == "done" for stage in stages)


def status_html(stages: Sequence[Loading]) -> str:
    """What is going on, as HTML."""
    failed = [stage for stage in stages if stage.state == "failed"]
    active = [stage for stage in stages if stage.state == "running"]
    if active:
        return _line("busy", " · ".join(stage_text(stage) for stage in active), _share(active[0]))
    if failed:
        return _line("failed", " ".join(dict.fromkeys(stage.message for stage in failed)))
    if not is_settled(stages):
        return _line("busy", say("page.starting"))
    off = any(stage.stage is Stage.MODEL and stage.state == "off" for stage in stages)
    return _line("ready", say("page.ready_without_model" if off else "page.ready"))


def stage_text(stage: Loading) -> str:
    """One running stage in words: what, how far, how fast, how long still."""
    parts = [say(f"page.stage_{stage.stage}")]
    if stage.total:
        parts.append(_amount(stage))
    if stage.speed > 0:
        parts.append(_speed(stage))
    if stage.seconds_left is not None:
        parts.append(time_left(stage.seconds_left))
    return " · ".join(parts)


def size(count: int) -> str:
    """Bytes in words."""
    return f"{count / MEGABYTE:,.0f} MB" if count < 1000 * MEGABYTE else f"{count / (1000 * MEGABYTE):.2f} GB"


def _amount(stage: Loading) -> str:
    if stage.stage is Stage.NOTES:
        return f"{stage.done}/{stage.total}"
    return f"{size(stage.done)} / {size(stage.total)}"


def _speed(stage: Loading) -> str:
    if stage.stage is Stage.NOTES:
        return say("page.texts_a_second", count=f"{stage.speed:.1f}")
    return f"{stage.speed / MEGABYTE:.1f} MB/s"


def _share(stage: Loading) -> float | None:
    return min(1.0, stage.done / stage.total) if stage.total else None


def _line(state: str, text: str, share: float | None = None) -> str:
    bar = f'<progress value="{share:.3f}" max="1"></progress>' if share is not None else ""
    return (
        f'<div class="status {state}" role="status"><span class="dot"></span>'
        f"<span>{plain_text(text)}</span>{bar}</div>"
    )
