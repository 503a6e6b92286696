"""The notes that are in, as a table."""

from collections import Counter
from collections.abc import Sequence

from bot.app import Kaodian, in_effect
from bot.domain.notes import ChunkKind, Collection, Document
from bot.domain.spans import Frozen
from bot.page.markup import plain_text
from bot.texts import say


class NoteRow(Frozen):
    """One document in figures."""

    document: Document
    in_use: bool
    chunks: int
    questions: int
    """With an answer in the notes."""
    open: int
    duplicates: int


def note_rows(kaodian: Kaodian) -> list[NoteRow]:
    """All documents, the learner's own first."""
    notes = kaodian.store.notes
    chunks = notes.chunks(active_only=False)
    per_document = Counter(chunk.document_id for chunk in chunks)
    questions = Counter(chunk.document_id for chunk in chunks if chunk.kind is ChunkKind.QA)
    unanswered = Counter(question.document_id for question in notes.open_questions())
    duplicates = Counter(duplicate.document_id for duplicate in notes.duplicates())
    used = in_effect(kaodian.settings, kaodian.store)
    rows = [
        NoteRow(
            document=document,
            in_use=document.collection in used,
            chunks=per_document[document.id],
            questions=questions[document.id],
            open=unanswered[document.id],
            duplicates=duplicates[document.id],
        )
        for document in notes.documents()
    ]
    return sorted(rows, key=lambda row: (row.document.collection is not Collection.OWN, row.document.source))


def notes_html(rows: Sequence[NoteRow], sample: str) -> str:
    """The table, and what the sample switch does.

    Args:
        rows: Documents.
        sample: The setting: 'auto', 'on' or 'off'.
    """
    switch = f'<p class="hint">{plain_text(say(f"page.sample_{sample}"))}</p>'
    used = [row for row in rows if row.in_use]
    unused = [row for row in rows if not row.in_use]
    parts = [switch]
    if used:
        parts.append(_table(used))
    else:
        parts.append(f'<div class="empty">{plain_text(say("page.no_notes_yet"))}</div>')
    if unused:
        title = plain_text(say("page.unused", count=len(unused)))
        parts.append(f'<details class="unused"><summary>{title}</summary>{_table(unused)}</details>')
    return "".join(parts)


def _table(rows: Sequence[NoteRow]) -> str:
    names = ("note", "whose", "chunks", "questions_found", "open", "duplicates")
    head = "".join(f"<th>{plain_text(say(f'page.column_{name}'))}</th>" for name in names)
    body = "".join(_row(row) for row in rows)
    table = f'<table class="notes"><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>'
    return f'<div class="scroll">{table}</div>'


def _row(row: NoteRow) -> str:
    whose = say(f"page.whose_{row.document.collection}")
    figures = "".join(
        f'<td class="figure">{figure or "–"}</td>'
        for figure in (row.chunks, row.questions, row.open, row.duplicates)
    )
    return (
        f"<tr><td><b>{plain_text(row.document.title)}</b>"
        f"<small>{plain_text(row.document.source)}</small></td><td>{plain_text(whose)}</td>{figures}</tr>"
    )
