"""Making questions ahead of need, as a job that can be paused, cancelled and taken up again."""

from collections.abc import Callable, Mapping

from pydantic import JsonValue

from bot.domain.jobs import Job
from bot.domain.quizzes import Scope
from bot.jobs import Report, ShouldStop
from bot.questions.maker import QuestionMaker
from bot.questions.scopes import title_of
from bot.texts import say

PER_CHUNK = 1
"""Questions that a model makes about one chunk, if the payload says nothing else."""


def payload_of(scope: Scope, per_chunk: int = PER_CHUNK) -> dict[str, JsonValue]:
    """What a job of JobKind.QUESTIONS carries."""
    return {"scope": scope.model_dump(mode="json"), "per_chunk": per_chunk}


class QuestionsAhead:
    """Does jobs of JobKind.QUESTIONS: chunk by chunk, each question stored as soon as it is made.

    Args:
        maker: The maker with the model that is in effect when a job runs.
    """

    def __init__(self, maker: Callable[[], QuestionMaker]) -> None:
        self._maker = maker

    def __call__(self, job: Job, report: Report, should_stop: ShouldStop) -> None:
        """Go through the chunks of the scope from where the job stands.

        Raises:
            ModelUnavailable: A model does not answer; the job can be resumed.
        """
        maker = self._maker()
        scope, per_chunk = _read(job.payload)
        chunks = maker.chunks_for(scope)
        maker.questions_for(scope)
        for done in range(min(job.done, len(chunks)), len(chunks)):
            if should_stop():
                return
            chunk = chunks[done]
            report(done, len(chunks), say("questions.making", section=title_of(chunk).strip()))
            missing = per_chunk - maker.made_about(chunk)
            if missing > 0:
                maker.make(chunk, missing)
        report(len(chunks), len(chunks), say("questions.made", count=sum(map(maker.made_about, chunks))))


def _read(payload: Mapping[str, JsonValue]) -> tuple[Scope, int]:
    per_chunk = payload.get("per_chunk", PER_CHUNK)
    return Scope.model_validate(payload.get("scope", {})), per_chunk if isinstance(
        per_chunk, int
    ) else PER_CHUNK
