"""What a learner is told while models and notes are still on their way."""

from bot.app import Kaodian, Stage
from bot.page.status import stage_text
from bot.texts import say


def before_asking(kaodian: Kaodian) -> str:
    """Why nothing can be asked yet; blank when it can."""
    if kaodian.mend_index():
        return say("store.index_lost")
    encoder, notes = kaodian.board.stage(Stage.ENCODER), kaodian.board.stage(Stage.NOTES)
    waited_for = encoder if encoder.state not in ("done", "off") else notes
    if encoder.state == "failed":
        return encoder.message
    indexed = kaodian.index.current() is not None
    if waited_for is encoder or not indexed:
        if waited_for.state == "failed":
            return waited_for.message
        if waited_for.state == "done":
            return ""
        return say("page.not_yet", how_far=stage_text(waited_for))
    return ""


def while_asking(kaodian: Kaodian) -> str:
    """What would make the answer better in a while; blank when nothing would."""
    lines: list[str] = []
    notes, model = kaodian.board.stage(Stage.NOTES), kaodian.board.stage(Stage.MODEL)
    if notes.state in ("waiting", "running"):
        lines.append(say("page.notes_coming", how_far=stage_text(notes)))
    if model.state in ("waiting", "running") and not kaodian.model_is_here():
        lines.append(say("page.model_coming", how_far=stage_text(model)))
    return "\n\n".join(lines)


def before_quiz(kaodian: Kaodian) -> str:
    """Why no quiz can begin yet; blank when one can."""
    notes = kaodian.board.stage(Stage.NOTES)
    if notes.state in ("waiting", "running") and not kaodian.store.notes.documents():
        return say("page.not_yet", how_far=stage_text(notes))
    return ""
