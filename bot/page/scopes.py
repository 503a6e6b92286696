"""Parts of the notes that a learner can choose."""

from bot.app import Kaodian, in_effect
from bot.domain.notes import Document
from bot.domain.quizzes import Scope
from bot.page.markup import one_line
from bot.texts import say

EVERYTHING = Scope().model_dump_json()

Choice = tuple[str, str]
"""What is shown, and the scope it stands for as JSON."""


def scope_choices(kaodian: Kaodian) -> list[Choice]:
    """Everything, every note in use, and every section at the top of a note."""
    choices = [(say("page.everything"), EVERYTHING)]
    notes = kaodian.store.notes
    for collection in in_effect(kaodian.settings, kaodian.store):
        sections: dict[str, dict[tuple[str, ...], None]] = {}
        for chunk in notes.chunks(collection):
            paths = sections.setdefault(chunk.document_id, {})
            for depth in range(1, min(2, len(chunk.heading_path)) + 1):
                paths.setdefault(chunk.heading_path[:depth])
        for document in notes.documents(collection):
            if document.id in sections:
                choices.append((one_line(document.title), _json(document, ())))
                choices += [
                    (_label(document.title, path), _json(document, path))
                    for path in sections[document.id]
                    if path != (document.title,)
                ]
    return choices


def scope_of(chosen: str | None, topic: str) -> Scope:
    """The scope of a choice, narrowed down to a topic where one is given."""
    scope = Scope.model_validate_json(chosen or EVERYTHING)
    return scope.model_copy(update={"topic": " ".join((topic or "").split())})


def _json(document: Document, path: tuple[str, ...]) -> str:
    return Scope(document_id=document.id, heading_path=path).model_dump_json()


def _label(title: str, path: tuple[str, ...]) -> str:
    names = path[1:] if path[0] == title else path
    return "　› ".join(one_line(part) for part in (title, *names))
