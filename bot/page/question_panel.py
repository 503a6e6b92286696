"""The questions of a part of the notes: looked at, corrected, deleted, and more of them made."""

import gradio as gr

from bot.app import Kaodian
from bot.domain.errors import BadInput
from bot.domain.jobs import Job, JobKind, JobState
from bot.domain.questions import KeyPoint, Question
from bot.jobs import WAITED_FOR, seconds_left, time_left
from bot.page.handling import inform
from bot.page.markup import LATEX, as_quote, one_line, plain_text, safe_markdown
from bot.page.quiz_view import stars
from bot.page.scopes import scope_of
from bot.page.wiring import Wiring, confirm
from bot.questions.ahead import payload_of
from bot.questions.upkeep import correct, delete
from bot.texts import Language, say

LIVE = (JobState.WAITING, JobState.RUNNING)
OPEN = (*LIVE, JobState.PAUSED)
LABEL_CHARS = 90


def build(
    page: gr.Blocks, kaodian: Kaodian, lang: Language, scope: gr.Dropdown, topic: gr.Textbox
) -> gr.Accordion:
    """Lay out the panel below a quiz and wire it; returns what shows or hides it."""
    events = PanelEvents(kaodian)
    with gr.Accordion(
        say("page.questions"), open=False, elem_id="questions-panel", elem_classes="quiet"
    ) as accordion:
        with gr.Row():
            show = gr.Button(say("page.show_questions"), elem_id="show-questions", min_width=160)
            more = gr.Button(say("page.make_questions"), elem_id="make-questions", min_width=160)
        job = gr.State(None)
        with gr.Row(visible=False, elem_id="job") as job_row:
            told = gr.HTML("", elem_id="job-text")
            pause = gr.Button(say("page.pause"), size="sm", min_width=80)
            cancel = gr.Button(say("page.cancel"), size="sm", min_width=80)
        timer = gr.Timer(1.0, active=False)
        chosen = gr.Dropdown([], label=say("page.question"), visible=False, elem_id="question")
        with gr.Column(visible=False, elem_id="question-editor") as editor:
            evidence = gr.Markdown(latex_delimiters=LATEX, elem_id="evidence")
            text = gr.Textbox(label=say("page.question_text"), elem_id="question-text", max_lines=4)
            points = gr.Textbox(
                label=say("page.key_points"), info=say("page.key_points_info"), lines=4, max_lines=12,
                elem_id="key-points",
            )  # fmt: skip
            with gr.Row():
                save = gr.Button(say("page.save"), variant="primary", min_width=120, elem_id="save-question")
                drop = gr.Button(
                    say("page.delete_question"), variant="stop", min_width=120, elem_id="delete-question"
                )
    wire = Wiring(lang)
    panel = [chosen, editor, evidence, text, points]
    watched = [job, job_row, told, pause, timer]
    wire.on(show.click, events.show, [scope, topic], panel, show_progress="minimal")
    wire.on(chosen.input, events.open, chosen, panel[1:])
    wire.on(save.click, events.save, [chosen, text, points, scope, topic], panel)
    wire.on(drop.click, events.drop, [chosen, scope, topic], panel, js=confirm("page.sure_question"))
    wire.on(more.click, events.make, [scope, topic], watched)
    wire.on(page.load, events.found_again, None, watched)
    wire.on(timer.tick, events.watch, job, watched)
    wire.on(pause.click, events.pause, job, watched)
    wire.on(cancel.click, events.cancel, job, watched)
    return accordion


class PanelEvents:
    """Handlers of the panel.

    Args:
        kaodian: The product.
    """

    def __init__(self, kaodian: Kaodian) -> None:
        self._kaodian = kaodian

    def show(self, chosen: str | None, topic: str, current: str | None = None) -> tuple[object, ...]:
        """The questions of a scope, one of them opened."""
        found = self._kaodian.examining.questions().questions_for(scope_of(chosen, topic))
        if not found:
            raise BadInput("quiz.no_questions")
        here = next((question for question in found if question.id == current), found[0])
        choices = [(f"{stars(q.difficulty)} {one_line(q.text)[:LABEL_CHARS]}", q.id) for q in found]
        label = say("page.question_count", count=len(found))
        shown = gr.update(choices=choices, value=here.id, visible=True, label=label)
        return (shown, *self._opened(here))

    def open(self, question_id: str | None) -> tuple[object, ...]:
        """One question with its key points."""
        if not question_id:
            return (gr.update(visible=False), "", "", "")
        return self._opened(self._kaodian.store.questions.question(question_id))

    def save(
        self, question_id: str, text: str, points: str, scope: str | None, topic: str
    ) -> tuple[object, ...]:
        """Store the learner's correction."""
        old = self._kaodian.store.questions.question(question_id)
        correct(self._kaodian.store, question_id, text=text, key_points=corrected(old.key_points, points))
        inform(say("page.saved"))
        return self.show(scope, topic, question_id)

    def drop(self, question_id: str | None, scope: str | None, topic: str) -> tuple[object, ...]:
        """Take a question out of every quiz, once the learner has confirmed it."""
        if not question_id:
            return (gr.skip(),) * 5
        delete(self._kaodian.store, question_id)
        inform(say("page.question_deleted"))
        return self.show(scope, topic)

    def make(self, scope: str | None, topic: str) -> tuple[object, ...]:
        """Begin to make more questions with the language model."""
        if not self._kaodian.model_is_here():
            raise BadInput("page.no_model")
        job = self._kaodian.jobs.submit(
            JobKind.QUESTIONS, payload_of(scope_of(scope, topic)), priority=WAITED_FOR
        )
        return self._watched(job)

    def found_again(self) -> tuple[object, ...]:
        """The job that a person waits for and that has not ended, for a page that has just been opened."""
        begun = [job for state in OPEN for job in self._kaodian.store.jobs.jobs(state)]
        waited_for = [job for job in begun if job.kind is JobKind.QUESTIONS and job.priority >= WAITED_FOR]
        return self._watched(waited_for[-1]) if waited_for else self.watch(None)

    def watch(self, job_id: str | None) -> tuple[object, ...]:
        """How far the job is."""
        if job_id is None:
            return (None, gr.update(visible=False), "", gr.skip(), gr.Timer(active=False))
        return self._watched(self._kaodian.store.jobs.job(job_id))

    def pause(self, job_id: str) -> tuple[object, ...]:
        """Pause a job, or let a paused one go on."""
        job = self._kaodian.store.jobs.job(job_id)
        jobs = self._kaodian.jobs
        return self._watched(jobs.pause(job_id) if job.state in LIVE else jobs.resume(job_id))

    def cancel(self, job_id: str) -> tuple[object, ...]:
        """End a job; what it made stays."""
        return self._watched(self._kaodian.jobs.cancel(job_id))

    def _watched(self, job: Job) -> tuple[object, ...]:
        label = say("page.pause" if job.state in LIVE else "page.resume")
        pause = gr.update(value=label, visible=job.state in (*OPEN, JobState.FAILED))
        return (
            job.id, gr.update(visible=True), job_html(job), pause, gr.Timer(active=job.state in LIVE),
        )  # fmt: skip

    def _opened(self, question: Question) -> tuple[object, ...]:
        points = "\n".join(one_paragraph(point.text) for point in question.key_points)
        return (gr.update(visible=True), evidence_text(question), question.text, points)


def one_paragraph(text: str) -> str:
    """A key point on one line of the editor."""
    return " ".join(text.split())


def corrected(old: tuple[KeyPoint, ...], lines: str) -> list[KeyPoint]:
    """Key points from the editor's lines: an unchanged line keeps everything, a reworded one its quote.

    A line counts as reworded when as many lines stand there as there were points; a line that is new
    is the learner's own statement, without a quote.
    """
    texts = [" ".join(line.split()) for line in lines.splitlines() if line.strip()]
    known = {one_paragraph(point.text): point for point in old}
    points: list[KeyPoint] = []
    for place, text in enumerate(texts):
        if text in known:
            points.append(known[text])
        elif len(texts) == len(old):
            points.append(old[place].model_copy(update={"text": text}))
        else:
            points.append(KeyPoint(text=text, quote=None))
    return points


def evidence_text(question: Question) -> str:
    """Where a question and its key points come from, with the quotes of the notes."""
    place = " › ".join(one_line(heading) for heading in question.heading_path)
    head = " · ".join(
        part for part in (say(f"page.origin_{question.origin}"), stars(question.difficulty), place) if part
    )
    quotes = [as_quote(point.quote.text) for point in question.key_points if point.quote]
    return "\n\n".join([f"<sub>{head}</sub>", f"**{safe_markdown(question.text)}**", *quotes])


def job_html(job: Job) -> str:
    """How far a job is, and how long it will still take."""
    parts = [say(f"page.job_{job.state}")]
    if job.total:
        parts.append(f"{job.done}/{job.total}")
    left = seconds_left(job)
    if left and job.state is JobState.RUNNING:
        parts.append(time_left(left))
    parts += [job.message] if job.message else []
    return f'<div class="job">{plain_text(" · ".join(parts))}</div>'
