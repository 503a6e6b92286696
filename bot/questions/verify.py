"""Checking in code what a model proposed; what fails is turned down with its reason."""

from collections.abc import Sequence
from dataclasses import dataclass

from bot.domain.notes import Chunk
from bot.domain.questions import (
    BONUS_WEIGHT,
    VITAL_WEIGHT,
    KeyPoint,
    Origin,
    Question,
    Quote,
    Rejection,
    RejectionReason,
)
from bot.domain.spans import Frozen
from bot.questions.asking import is_asked
from bot.questions.key_points import answer_spans
from bot.questions.own import question_id
from bot.questions.point_checks import faithful, say_same, told_by
from bot.questions.proposals import Proposal, ProposedPoint
from bot.questions.quoting import find_quote
from bot.questions.scopes import passage_vectors
from bot.questions.words import content_words, likeness
from bot.seams import Embedder, Store, Vectors

DUPLICATE_WORDS = 0.75
"""From this likeness of their words on two questions are near duplicates."""
DUPLICATE_COSINE = 0.97
"""From this similarity on, too, if they share DUPLICATE_SOME of their words."""
DUPLICATE_SOME = 0.4


@dataclass(frozen=True, slots=True)
class Source:
    """What a proposal was made from, and what stands beside it."""

    chunk: Chunk
    raw: str
    """Text of the chunk's document."""
    others: tuple[Chunk, ...] = ()
    """Other chunks, to tell a quote from elsewhere from an invented one."""


class Checked(Frozen):
    """What became of one proposal."""

    question: Question | None
    """None when it was turned down as a whole."""
    rejections: tuple[Rejection, ...]
    """Of the whole proposal or of single key points."""


class Verifier:
    """Lets a proposal through only as far as code can vouch for it.

    Args:
        store: Remembers vectors.
        embedder: Compares questions and key points by meaning.
    """

    def __init__(self, store: Store, embedder: Embedder) -> None:
        self._store = store
        self._embedder = embedder

    def check(self, proposal: Proposal, source: Source, existing: Sequence[Question]) -> Checked:
        """The question with those key points that hold, or nothing; each thing turned down has its reason.

        Raises:
            ModelUnavailable: The embedding model cannot be loaded.
        """
        chunk_id = source.chunk.id
        if twin := self._twin(proposal.question, existing):
            return _refused(chunk_id, proposal.question, RejectionReason.NEAR_DUPLICATE, twin)
        kept: list[KeyPoint] = []
        rejections: list[Rejection] = []
        for point in proposal.points:
            checked = self._point(point, proposal, source, existing)
            if isinstance(checked, Rejection):
                rejections.append(checked)
            elif not any(say_same(checked.text, other.text) for other in kept):
                kept.append(checked)
        leaks = [r for r in rejections if r.reason is RejectionReason.LEAKS_ANSWER]
        if leaks and len(leaks) * 2 >= len(proposal.points):
            refused = _refused(chunk_id, proposal.question, RejectionReason.LEAKS_ANSWER, leaks[0].proposal)
            return Checked(question=None, rejections=(*rejections, *refused.rejections))
        if not any(point.vital for point in kept):
            kept = [p.model_copy(update={"vital": True, "weight": VITAL_WEIGHT}) for p in kept]
        if not kept:
            refused = _refused(chunk_id, proposal.question, RejectionReason.NO_KEY_POINT, "")
            return Checked(question=None, rejections=(*rejections, *refused.rejections))
        return Checked(question=_question(proposal, source.chunk, kept), rejections=tuple(rejections))

    def asks_for(self, question: str, point: str, quote: str, existing: Sequence[Question]) -> bool:
        """Whether the point shares words with its question, or is closer to it than to most others.

        Raises:
            ModelUnavailable: The embedding model cannot be loaded.
        """
        return is_asked(question, (point, quote), [other.text for other in existing], self._vectors)

    def _point(
        self, point: ProposedPoint, proposal: Proposal, source: Source, existing: Sequence[Question]
    ) -> KeyPoint | Rejection:
        """The key point with its quote's place, or why not."""
        chunk = source.chunk
        place = find_quote(point.quote, source.raw, answer_spans(chunk))
        if place is None:
            elsewhere = _elsewhere(point.quote, source.others)
            reason = RejectionReason.FOREIGN_QUOTE if elsewhere else RejectionReason.INVENTED_QUOTE
            return _rejection(chunk.id, point, reason, point.quote)
        quote = Quote(
            text=place.cut(source.raw), document_id=chunk.document_id, chunk_id=chunk.id, span=place
        )
        text = faithful(point.text, quote.text, proposal.question)
        if text is None:
            return _rejection(chunk.id, point, RejectionReason.INVENTED_QUOTE, quote.text)
        if told_by(proposal.question, text):
            return _rejection(chunk.id, point, RejectionReason.LEAKS_ANSWER, proposal.question)
        if not self.asks_for(proposal.question, text, quote.text, existing):
            return _rejection(chunk.id, point, RejectionReason.NOT_ASKED, proposal.question)
        weight = BONUS_WEIGHT if point.bonus else VITAL_WEIGHT
        return KeyPoint(text=text, weight=weight, vital=not point.bonus, quote=quote)

    def _twin(self, text: str, existing: Sequence[Question]) -> str | None:
        """A question that asks the same."""
        words = content_words(text)
        likely = [(q, likeness(words, content_words(q.text))) for q in existing]
        for question, like in likely:
            if like >= DUPLICATE_WORDS:
                return question.text
        close = [question for question, like in likely if like >= DUPLICATE_SOME]
        if not close:
            return None
        vectors = self._vectors([text, *(question.text for question in close)])
        similar = vectors[1:] @ vectors[0]
        best = int(similar.argmax())
        return close[best].text if float(similar[best]) >= DUPLICATE_COSINE else None

    def _vectors(self, texts: Sequence[str]) -> Vectors:
        return passage_vectors(texts, self._store, self._embedder)


def _elsewhere(quote: str, chunks: Sequence[Chunk]) -> bool:
    wanted = "".join(quote.split())
    return any(wanted in "".join(chunk.text.split()) for chunk in chunks)


def _rejection(chunk_id: str, point: ProposedPoint, reason: RejectionReason, detail: str) -> Rejection:
    return Rejection(chunk_id=chunk_id, proposal=point.text, reason=reason, detail=detail)


def _refused(chunk_id: str, proposal: str, reason: RejectionReason, detail: str) -> Checked:
    rejection = Rejection(chunk_id=chunk_id, proposal=proposal, reason=reason, detail=detail)
    return Checked(question=None, rejections=(rejection,))


def _question(proposal: Proposal, chunk: Chunk, points: Sequence[KeyPoint]) -> Question:
    return Question(
        id=question_id(chunk.id, proposal.question),
        text=proposal.question,
        kind=proposal.kind,
        difficulty=proposal.difficulty,
        origin=Origin.MODEL,
        chunk_ids=(chunk.id,),
        heading_path=chunk.heading_path,
        key_points=tuple(points[:7]),
    )
