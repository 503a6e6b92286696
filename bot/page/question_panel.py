"""The questions of a part of the notes: looked at, corrected and deleted."""

from dataclasses import dataclass

import gradio as gr

from bot.app import Kaodian
from bot.domain.errors import BadInput
from bot.domain.questions import KeyPoint, Question
from bot.page.handling import inform
from bot.page.markup import LATEX, as_quote, one_line, safe_markdown
from bot.page.quiz_view import stars
from bot.page.scopes import scope_of
from bot.page.wiring import Wiring, confirm
from bot.questions.upkeep import correct, delete
from bot.texts import Language, say

LABEL_CHARS = 90


@dataclass(frozen=True, slots=True)
class QuestionPanel:
    """The panel, for the tab that it stands in."""

    accordion: gr.Accordion
    """What shows or hides it."""
    more: gr.Button
    """Pressed for more questions."""


def build(kaodian: Kaodian, lang: Language, scope: gr.Dropdown, topic: gr.Textbox) -> QuestionPanel:
    """Lay out the panel below a quiz and wire it, but for the making of more."""
    events = PanelEvents(kaodian)
    with gr.Accordion(
        say("page.questions"), open=False, elem_id="questions-panel", elem_classes="quiet"
    ) as accordion:
        with gr.Row():
            show = gr.Button(say("page.show_questions"), elem_id="show-questions", min_width=160)
            more = gr.Button(say("page.make_questions"), elem_id="make-questions", min_width=160)
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
    wire.on(show.click, events.show, [scope, topic], panel, show_progress="minimal")
    wire.on(chosen.input, events.open, chosen, panel[1:])
    wire.on(save.click, events.save, [chosen, text, points, scope, topic], panel)
    wire.on(drop.click, events.drop, [chosen, scope, topic], panel, js=confirm("page.sure_question"))
    return QuestionPanel(accordion, more)


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
