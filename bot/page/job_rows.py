"""Questions that are being made, ahead or since somebody asked: named, watched, paused and cancelled."""

from collections.abc import Sequence
from dataclasses import dataclass

import gradio as gr
from gradio.events import Dependency

from bot.app import Kaodian
from bot.app.making import GOING, OPEN, is_asked_for
from bot.domain.errors import BadInput, NotFound
from bot.domain.jobs import Job, JobKind, JobState
from bot.jobs import WAITED_FOR, seconds_left, time_left
from bot.page.markup import plain_text
from bot.page.scopes import scope_of
from bot.page.wiring import Blocks, Trigger, Wiring
from bot.questions.ahead import payload_of
from bot.texts import Language, say

Update = tuple[object, ...]
"""In the order of JobRows.parts."""


@dataclass(frozen=True, slots=True)
class JobRows:
    """The rows, for the parts of the page that begin jobs or end them."""

    events: "JobEvents"
    wire: Wiring
    parts: list[Blocks]
    """The ids on show, the one that the buttons are for, and what else changes."""

    def begin(self, trigger: Trigger, scope: gr.Dropdown, topic: gr.Textbox) -> None:
        """Have more questions made when something is pressed."""
        self.wire.on(trigger, self.events.make, [scope, topic, *self.parts[:2]], self.parts)

    def follow(self, event: Dependency) -> None:
        """Look for jobs that an event has begun or ended."""
        self.wire.after(event, self.events.look, self.parts[:2], self.parts)


def build(page: gr.Blocks, kaodian: Kaodian, lang: Language) -> JobRows:
    """Lay out the rows and wire them; they are hidden while nothing is made."""
    shown = gr.State(())
    with gr.Column(visible=False, elem_id="jobs") as column:
        told = gr.HTML("", elem_id="jobs-text")
        chosen = gr.Radio([], visible=False, show_label=False, container=False, elem_id="job")
        with gr.Row():
            pause = gr.Button(say("page.pause"), size="sm", min_width=80, elem_id="pause-job", scale=0)
            cancel = gr.Button(say("page.cancel"), size="sm", min_width=80, elem_id="cancel-job", scale=0)
    timer = gr.Timer(1.0, active=False)
    events, wire = JobEvents(kaodian), Wiring(lang)
    rows = JobRows(events, wire, [shown, chosen, column, told, pause, cancel, timer])
    wire.on([page.load, timer.tick, chosen.input], events.look, rows.parts[:2], rows.parts)
    wire.on(pause.click, events.pause, rows.parts[:2], rows.parts)
    wire.on(cancel.click, events.cancel, rows.parts[:2], rows.parts)
    return rows


class JobEvents:
    """Handlers of the rows.

    Args:
        kaodian: The product.
    """

    def __init__(self, kaodian: Kaodian) -> None:
        self._kaodian = kaodian

    def make(self, scope: str | None, topic: str, shown: Sequence[str], chosen: str | None) -> Update:
        """Begin to make more questions with the language model."""
        if not self._kaodian.model_is_here():
            raise BadInput("page.no_model")
        job = self._kaodian.jobs.submit(
            JobKind.QUESTIONS, payload_of(scope_of(scope, topic)), priority=WAITED_FOR
        )
        return self.look(shown, job.id)

    def look(self, shown: Sequence[str], chosen: str | None) -> Update:
        """How far all open jobs are, and how those ended on which somebody waited here."""
        going = self._kaodian.making.open()
        jobs = [*self._ended(shown), *going]
        mine = next((job for job in going if job.id == chosen), going[-1] if going else None)
        choices = [(self._kaodian.making.title(job), job.id) for job in going]
        label = say("page.pause" if mine and mine.state in GOING else "page.resume")
        return (
            [job.id for job in jobs],
            gr.update(choices=choices, value=mine and mine.id, visible=len(going) > 1),
            gr.update(visible=bool(jobs)),
            "".join(job_html(job, self._kaodian.making.title(job)) for job in jobs),
            gr.update(value=label, visible=bool(going)),
            gr.update(visible=bool(going)),
            gr.Timer(active=any(job.state in GOING for job in going)),
        )

    def pause(self, shown: Sequence[str], chosen: str | None) -> Update:
        """Pause the chosen job, or let a paused one go on."""
        if chosen:
            job, jobs = self._kaodian.store.jobs.job(chosen), self._kaodian.jobs
            jobs.pause(chosen) if job.state in GOING else jobs.resume(chosen)
        return self.look(shown, chosen)

    def cancel(self, shown: Sequence[str], chosen: str | None) -> Update:
        """End the chosen job; what it made stays."""
        if chosen:
            self._kaodian.jobs.cancel(chosen)
        return self.look(shown, chosen)

    def _ended(self, shown: Sequence[str]) -> list[Job]:
        found: list[Job] = []
        for job_id in shown:
            try:
                found.append(self._kaodian.store.jobs.job(job_id))
            except NotFound:
                continue
        return [job for job in found if is_asked_for(job) and job.state not in OPEN]


def job_html(job: Job, title: str) -> str:
    """What a job is for, how far it is, and how long it will still take."""
    parts = [title, say(f"page.job_{job.state}")]
    if job.total:
        parts.append(f"{job.done}/{job.total}")
    left = seconds_left(job)
    if left and job.state is JobState.RUNNING:
        parts.append(time_left(left))
    parts += [job.message] if job.message else []
    return f'<div class="job">{plain_text(" · ".join(parts))}</div>'
