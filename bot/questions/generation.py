"""Further questions from a language model, each checked before it is stored."""

import logging
from collections.abc import Sequence

from bot.domain.notes import Chunk
from bot.domain.questions import Origin, Question, QuestionKind, Rejection, RejectionReason
from bot.prompts.question import question_prompt, repair_prompt
from bot.questions.key_points import answer_spans
from bot.questions.proposals import read_reply, schema_for
from bot.questions.verify import Source, Verifier
from bot.questions.words import is_chinese
from bot.seams import LanguageModel, Message, Reply, Store

TOKENS = 600
"""Of a reply, for each question asked for."""
ATTEMPTS = 2
_KINDS: tuple[QuestionKind, ...] = (
    QuestionKind.WHY,
    QuestionKind.HOW,
    QuestionKind.DEFINE,
    QuestionKind.COMPARE,
    QuestionKind.APPLY,
    QuestionKind.DERIVE,
)
_COMPLAINTS = {
    RejectionReason.INVENTED_QUOTE: "the quote of this key point does not stand in the passage",
    RejectionReason.FOREIGN_QUOTE: "the quote of this key point does not stand in the passage",
    RejectionReason.NOT_ASKED: "the question does not ask for this key point",
    RejectionReason.LEAKS_ANSWER: "the question tells this already",
}
_log = logging.getLogger(__name__)


class Generator:
    """Asks a language model for questions about one chunk.

    Args:
        store: Where accepted questions and rejections go.
        model: Any.
        verifier: Decides what is accepted.
    """

    def __init__(self, store: Store, model: LanguageModel, verifier: Verifier) -> None:
        self._store = store
        self._model = model
        self._verifier = verifier

    def make(self, chunk: Chunk, count: int) -> list[Question]:
        """Up to `count` new questions about the chunk; what was turned down is stored with its reason.

        Raises:
            ModelUnavailable: A model does not answer; what was stored before stays.
        """
        raw = self._store.notes.document(chunk.document_id).raw
        others = tuple(other for other in self._store.notes.chunks() if other.id != chunk.id)
        source = Source(chunk, raw, others)
        about = [q for q in self._store.questions.questions() if chunk.id in q.chunk_ids]
        kinds = _wanted(about, count)
        messages, schema = _prompt(chunk, raw, kinds, about), schema_for(kinds)
        made: list[Question] = []
        for _ in range(ATTEMPTS):
            reply = self._model.reply(messages, max_tokens=TOKENS * count + 100, schema=schema)
            kept, complaint = self._take(reply, source, count - len(made))
            made.extend(kept)
            if len(made) == count or not complaint:
                break
            messages = repair_prompt(messages, reply.text, complaint)
        return made

    def _take(self, reply: Reply, source: Source, count: int) -> tuple[list[Question], str]:
        """Store what holds of the reply; also what to tell the model, empty where asking again is no use."""
        try:
            proposals = read_reply(reply.text, finished=reply.finished)[:count]
        except ValueError as error:
            _log.info("a reply with questions cannot be used: %s", error)
            self._store.questions.reject(_malformed(source.chunk, reply.text, str(error)))
            return [], str(error)
        made: list[Question] = []
        complaints: list[str] = []
        for proposal in proposals:
            checked = self._verifier.check(proposal, source, self._store.questions.questions())
            for rejection in checked.rejections:
                self._store.questions.reject(rejection)
            question = checked.question
            if question is None:
                complaints.extend(_complaint(rejection) for rejection in checked.rejections)
            elif question.id not in self._store.questions.deleted_ids():
                self._store.questions.save(question)
                made.append(question)
        return made, "; ".join(dict.fromkeys(filter(None, complaints)))


def _complaint(rejection: Rejection) -> str:
    """What to tell a model about what was turned down; empty if there is nothing to mend."""
    what = _COMPLAINTS.get(rejection.reason)
    return f"{what}: {rejection.proposal[:120]}" if what else ""


def model_questions(questions: Sequence[Question], chunk: Chunk) -> int:
    """How many questions a model has made about the chunk."""
    return sum(q.origin is Origin.MODEL and chunk.id in q.chunk_ids for q in questions)


def _wanted(about: Sequence[Question], count: int) -> list[QuestionKind]:
    """Kinds to ask for: those that the chunk has least of."""
    seen = [question.kind for question in about]
    return sorted(_KINDS, key=lambda kind: (seen.count(kind), _KINDS.index(kind)))[:count]


def _prompt(
    chunk: Chunk, raw: str, kinds: Sequence[QuestionKind], about: Sequence[Question]
) -> tuple[Message, ...]:
    passage = "\n".join(span.cut(raw).strip("\n") for span in answer_spans(chunk))
    # A small model shown the chunk's own question above the passage asks that very question again.
    language = "zh" if is_chinese(chunk.text) else "en"
    return question_prompt(
        " > ".join(chunk.heading_path) + "\n" + passage, kinds, [q.text for q in about], language
    )


def _malformed(chunk: Chunk, text: str, why: str) -> Rejection:
    return Rejection(
        chunk_id=chunk.id, proposal=text[:2000], reason=RejectionReason.MALFORMED, detail=why[:500]
    )
