"""The tab that lists reports of the evals and shows one."""

import gradio as gr

from bot.app import Kaodian
from bot.page.reports import ReportShelf, empty_html, frame_html
from bot.page.wiring import Wiring
from bot.texts import Language


def build(tab: gr.Tab, kaodian: Kaodian, lang: Language) -> None:
    """Lay out the tab and wire it; it looks into the folder each time it is opened."""
    with gr.Row(elem_classes="with-side"):
        with gr.Column(scale=1, min_width=220, elem_classes="side"):
            chosen = gr.Radio([], show_label=False, container=False, elem_id="reports", interactive=True)
        with gr.Column(scale=4, min_width=300):
            shown = gr.HTML(elem_id="report-shown")
    events = ReportEvents(ReportShelf(kaodian.settings.runs))
    wire = Wiring(lang)
    wire.on(tab.select, events.show, chosen, [chosen, shown])
    wire.on(chosen.input, events.open, chosen, shown)


class ReportEvents:
    """Handlers of the tab.

    Args:
        shelf: The reports.
    """

    def __init__(self, shelf: ReportShelf) -> None:
        self._shelf = shelf

    def show(self, chosen: str | None) -> tuple[object, ...]:
        """The list as it is now; the report stays open while it is there, else the newest is."""
        choices = [(report.label, report.name) for report in self._shelf.reports()]
        names = [name for _, name in choices]
        if not names:
            return gr.update(choices=[], value=None), empty_html(self._shelf.folder)
        name = chosen if chosen in names else names[0]
        return gr.update(choices=choices, value=name), self.open(name)

    def open(self, name: str) -> str:
        """One report."""
        return frame_html(self._shelf.read(name), name)
