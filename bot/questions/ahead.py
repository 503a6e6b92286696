"""Making questions on demand and ahead of need, as a job that is paused, cancelled and taken up again."""

from collections.abc import Callable

from pydantic import Field, JsonValue

from bot.domain.jobs import Job
from bot.domain.quizzes import Scope
from bot.domain.spans import Frozen
from bot.jobs import Report, ShouldStop
from bot.questions.maker import QuestionMaker
from bot.questions.scopes import title_of
from bot.texts import say


class Order(Frozen):
    """What a job of JobKind.QUESTIONS carries."""

    scope: Scope = Scope()
    per_chunk: int = Field(default=1, ge=1)
    """Questions of a model that each chunk shall have, where no number of new ones is wanted."""
    wanted: int | None = Field(default=None, ge=1)
    """New questions, wherever in the scope they can be made; None: `per_chunk` everywhere."""
    before: int = Field(default=0, ge=0)
    """Questions that a model had made in the scope when `wanted` new ones were."""
    quiz_id: str = ""
    """The quiz that runs short of them; blank where a person asked for them."""


def order_of(job: Job) -> Order:
    """What a job was told to make."""
    return Order.model_validate(job.payload)


def payload_of(scope: Scope) -> dict[str, JsonValue]:
    """Carried by a job that makes questions about every chunk of a scope."""
    return Order(scope=scope).model_dump(mode="json")


def payload_for(maker: QuestionMaker, scope: Scope, wanted: int, quiz_id: str = "") -> dict[str, JsonValue]:
    """Carried by a job that makes `wanted` new questions, about chunks with few of them first."""
    before = sum(map(maker.made_about, maker.chunks_for(scope)))
    return Order(scope=scope, wanted=wanted, before=before, quiz_id=quiz_id).model_dump(mode="json")


class QuestionsAhead:
    """Does jobs of JobKind.QUESTIONS: chunk by chunk, each question stored as soon as it is made.

    Args:
        maker: The maker with the model that is in effect when a job runs.
    """

    def __init__(self, maker: Callable[[], QuestionMaker]) -> None:
        self._maker = maker

    def __call__(self, job: Job, report: Report, should_stop: ShouldStop) -> None:
        """Do what the order says, from where the job stands.

        Raises:
            ModelUnavailable: A model does not answer; the job can be resumed.
        """
        maker, order = self._maker(), order_of(job)
        maker.questions_for(order.scope)
        if order.wanted is None:
            _everywhere(maker, order, job.done, report, should_stop)
        else:
            _some(maker, order, order.wanted, report, should_stop)


def _everywhere(
    maker: QuestionMaker, order: Order, begun: int, report: Report, should_stop: ShouldStop
) -> None:
    """Go through the chunks in order; a unit of work is a chunk."""
    chunks = maker.chunks_for(order.scope)
    for done in range(min(begun, len(chunks)), len(chunks)):
        if should_stop():
            return
        chunk = chunks[done]
        report(done, len(chunks), say("questions.making", section=title_of(chunk).strip()))
        missing = order.per_chunk - maker.made_about(chunk)
        if missing > 0:
            maker.make(chunk, missing)
    report(len(chunks), len(chunks), say("questions.made", count=sum(map(maker.made_about, chunks))))


def _some(maker: QuestionMaker, order: Order, wanted: int, report: Report, should_stop: ShouldStop) -> None:
    """Make what is still wanted; a unit of work is a question, counted by what is stored."""
    chunks = maker.neediest(order.scope)
    made = max(0, sum(map(maker.made_about, chunks)) - order.before)
    for chunk in chunks:
        if made >= wanted:
            break
        if should_stop():
            return
        report(made, wanted, say("questions.making", section=title_of(chunk).strip()))
        made += len(maker.make(chunk, 1))
    report(made, wanted, say("questions.made_of", count=made, wanted=wanted))
