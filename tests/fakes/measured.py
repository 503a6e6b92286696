"""What the evals measure, without models."""

from contextlib import contextmanager

from fakes.embedder import FakeEmbedder
from fakes.library import library_of

from bot.domain.answers import Decider, Explanation, Outcome
from bot.domain.errors import ModelUnavailable
from bot.domain.grades import AnswerQuote, Grade, Status, Verdict
from bot.domain.questions import KeyPoint
from bot.domain.spans import Span
from evals.product import AnsweringProduct, Facts, GradingProduct, RetrievalProduct


class FakeProducts:
    """Grades by length, finds by a fake embedder, refuses what mentions no note."""

    def __init__(self, broken=False):
        self.broken = broken
        self.opened = []

    @contextmanager
    def grading(self, llm, progress, *, feedback):
        self.opened.append(("grading", llm, feedback))
        points = lambda question, reference: (KeyPoint(text=reference, quote=None),)  # noqa: E731
        yield GradingProduct(self._grade, points, Facts({"llm": llm, "feedback": feedback}))

    def _grade(self, question_id, question, key_points, answer, passage=None):
        if self.broken:
            raise ModelUnavailable("evals.no_key_points")
        quote = AnswerQuote(text=answer[:1], span=Span(start=0, end=1))
        status = Status.COVERED if len(answer) > 2 else Status.PARTIAL
        return Grade(
            id="g",
            question_id=question_id,
            question=question,
            key_points=key_points,
            key_points_hash="h",
            answer=answer,
            verdicts=tuple(Verdict(status=status, confidence=0.5, quote=quote) for _ in key_points),
            path="fake",
            seconds=0.0,
        )

    @contextmanager
    def retrieval(self, corpus, progress):
        files = {path.name: path.read_text("utf-8") for path in sorted(corpus.glob("*.md"))}
        library = library_of({name: {"问": text} for name, text in files.items()}, FakeEmbedder())
        yield RetrievalProduct(
            library.retriever.search, library.store.notes.chunks(), files, Facts({"embedding": "fake"})
        )

    @contextmanager
    def answering(self, corpus, llm, progress):
        yield AnsweringProduct(self._explain, lambda query, on_piece: iter(()), Facts({"llm": llm}))

    def _explain(self, query):
        known = "早停" in query
        return Explanation(
            query=query,
            standalone=query,
            outcome=Outcome.PASSAGES if known else Outcome.REFUSED,
            decided_by=Decider.EVIDENCE,
            evidence=0.9 if known else 0.1,
            sentences=(),
            citations=(),
            nearest=(),
        )
