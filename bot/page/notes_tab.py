"""The tab where notes come in and go out."""

from collections.abc import Callable, Generator, Sequence
from dataclasses import dataclass
from pathlib import Path

import gradio as gr

from bot.app import Kaodian
from bot.domain.errors import BadInput, KaodianError
from bot.domain.notes import Collection
from bot.ingest import NoteFile, describe, outline
from bot.page.handling import inform
from bot.page.markup import one_line, plain_text
from bot.page.notes_view import note_rows, notes_html
from bot.page.watching import watched
from bot.page.wiring import Blocks, Wiring, confirm
from bot.seams import Progress
from bot.texts import Language, say

SUFFIXES = [".md", ".markdown", ".txt"]


@dataclass(frozen=True, slots=True)
class NotesTab:
    """The tab, for the parts of the page that follow it or that it follows."""

    lang: Language
    events: "NotesEvents"
    shown: list[Blocks]
    changed: gr.State
    """Counts the changes that this page made."""

    def follow(self, changed: gr.State) -> None:
        """Show the notes anew whenever `changed` does."""
        Wiring(self.lang).on(changed.change, self.events.show, None, self.shown)


def build(page: gr.Blocks, kaodian: Kaodian, lang: Language) -> NotesTab:
    """Lay out the tab and wire it."""
    with gr.Row(elem_classes="two"):
        with gr.Column(scale=3, min_width=320, elem_classes="card"):
            table = gr.HTML(elem_id="notes-table")
            chosen = gr.Dropdown([], label=say("page.choose_note"), elem_id="note", interactive=True)
            with gr.Row():
                look = gr.Button(say("page.look"), min_width=140, elem_id="look")
                delete = gr.Button(
                    say("page.delete_note"), variant="stop", min_width=100, elem_id="delete-note"
                )
                delete_all = gr.Button(
                    say("page.delete_all"), variant="stop", min_width=100, elem_id="delete-all"
                )
        with gr.Column(scale=2, min_width=300, elem_classes="card"):
            gr.Markdown(say("page.add_intro"), elem_classes="intro")
            upload = gr.UploadButton(
                say("page.upload"), file_count="multiple", file_types=SUFFIXES, variant="primary",
                elem_id="upload",
            )  # fmt: skip
            title = gr.Textbox(label=say("page.paste_title"), max_lines=1, elem_id="paste-title")
            text = gr.Textbox(
                label=say("page.paste_text"), lines=6, max_lines=14, elem_id="paste-text",
                placeholder=say("page.paste_hint"),
            )  # fmt: skip
            paste = gr.Button(say("page.paste"), elem_id="paste")
            report = gr.HTML(elem_id="report")
    outlined = gr.HTML(elem_id="outline")
    changed = gr.State(0)
    events = NotesEvents(kaodian)
    wire = Wiring(lang)
    shown: list[Blocks] = [table, chosen]
    after = [report, table, chosen, changed]
    wire.on(page.load, events.show, None, shown)
    wire.stream(
        upload.upload, events.upload, [upload, changed], after, concurrency_id="ingest", concurrency_limit=2
    )
    wire.stream(
        paste.click,
        events.paste,
        [title, text, changed],
        [*after, title, text],
        concurrency_id="ingest",
        concurrency_limit=2,
    )
    wire.stream(
        delete.click,
        events.delete,
        [chosen, changed],
        after,
        js=confirm("page.sure_note"),
        concurrency_id="ingest",
        concurrency_limit=2,
    )
    wire.stream(
        delete_all.click,
        events.delete_all,
        changed,
        after,
        js=confirm("page.sure_all"),
        concurrency_id="ingest",
        concurrency_limit=2,
    )
    wire.on(look.click, events.look, chosen, outlined)
    return NotesTab(lang, events, shown, changed)


class NotesEvents:
    """Handlers of the tab.

    Args:
        kaodian: The product.
    """

    def __init__(self, kaodian: Kaodian) -> None:
        self._kaodian = kaodian

    def show(self) -> tuple[object, ...]:
        """The table, and the notes to choose from."""
        rows = note_rows(self._kaodian)
        choices = [(one_line(row.document.title), row.document.id) for row in rows]
        table = notes_html(rows, self._kaodian.settings.sample)
        return (table, gr.update(choices=choices, value=choices[0][1] if choices else None))

    def upload(self, paths: Sequence[str] | None, changed: int) -> Generator[tuple[object, ...]]:
        """Read uploaded files."""
        files = [
            NoteFile(data=Path(path).read_bytes(), source=Path(path).name, collection=Collection.OWN)
            for path in paths or ()
        ]
        yield from self._work(lambda progress: describe(self._kaodian.notes.add(files, progress)), changed)

    def paste(self, title: str, text: str, changed: int) -> Generator[tuple[object, ...]]:
        """Read a pasted text; the boxes are emptied once it is in."""
        steps = self._work(
            lambda progress: describe(self._kaodian.notes.paste(title, text, progress)), changed
        )
        for step in steps:
            is_in = isinstance(step[-1], int)
            yield (*step, *(("", "") if is_in else (gr.skip(), gr.skip())))

    def delete(self, document_id: str | None, changed: int) -> Generator[tuple[object, ...]]:
        """Remove one document, once the learner has confirmed it."""
        if document_id:
            yield from self._work(lambda progress: self._deleted(document_id, progress), changed)

    def delete_all(self, changed: int | None) -> Generator[tuple[object, ...]]:
        """Remove every note of the learner's own, once that is confirmed."""
        if changed is not None:
            yield from self._work(self._all_deleted, changed)

    def look(self, document_id: str | None) -> str:
        """What was read of a document and what was cut."""
        if not document_id:
            return ""
        parsed = self._kaodian.notes.parsed(document_id)
        standing = self._kaodian.notes.standing(parsed)
        return f'<pre class="outline">{plain_text(outline(parsed, standing))}</pre>'

    def _deleted(self, document_id: str, progress: Progress) -> str:
        document = self._kaodian.store.notes.document(document_id)
        if document.collection is Collection.SAMPLE:  # the next start would bring it back
            raise BadInput("page.sample_stays")
        self._kaodian.notes.delete(document_id, progress)
        return say("page.note_deleted", title=document.title)

    def _all_deleted(self, progress: Progress) -> str:
        return say("page.all_deleted", count=self._kaodian.notes.delete_all(progress))

    def _work(self, work: Callable[[Progress], str], changed: int) -> Generator[tuple[object, ...]]:
        """Progress while it works, then its report and the notes as they are now."""
        steps = watched(work)
        try:
            while True:
                try:
                    step = next(steps)
                except StopIteration as end:
                    report = str(end.value)
                    break
                yield (report_html(step.text, busy=True), gr.skip(), gr.skip(), gr.skip())
        except KaodianError:
            yield ("", *self.show(), gr.skip())
            raise
        inform(say("page.done"))
        yield (report_html(report), *self.show(), changed + 1)


def report_html(text: str, *, busy: bool = False) -> str:
    """A report, or how far the work is."""
    lines = "".join(f"<p>{plain_text(line)}</p>" for line in text.splitlines())
    return f'<div class="report{" busy" if busy else ""}">{lines}</div>'
