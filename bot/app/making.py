"""Having the language model make questions: for a quiz that runs short, and since a person asked for them."""

import threading
from collections.abc import Callable

from bot.app.examining import ExaminingDesk
from bot.domain.errors import NotFound
from bot.domain.jobs import Job, JobKind, JobState
from bot.domain.quizzes import Quiz, Scope
from bot.jobs import WAITED_FOR, JobRunner, Report, ShouldStop
from bot.questions.ahead import QuestionsAhead, order_of, payload_for
from bot.seams import Store
from bot.texts import say

GOING = (JobState.WAITING, JobState.RUNNING)
HELD = (*GOING, JobState.PAUSED)
OPEN = (*HELD, JobState.FAILED)


class MakingDesk:
    """Begins, names and ends the jobs that make questions.

    A job for a quiz ends with it: whoever does such a job, or looks at those that are open, ends it where
    its quiz is finished or gone.

    Args:
        store: Holds jobs, quizzes and notes.
        jobs: Does them.
        examining: Makes questions, and tells how many a quiz lacks.
        model_is_here: Whether a language model can be called at once.
    """

    def __init__(
        self, store: Store, jobs: JobRunner, examining: ExaminingDesk, model_is_here: Callable[[], bool]
    ) -> None:
        self._store = store
        self._jobs = jobs
        self._examining = examining
        self._model_is_here = model_is_here
        self._work = QuestionsAhead(examining.questions)
        self._beginning = threading.Lock()
        jobs.register(JobKind.QUESTIONS, self._do)

    def ahead(self, quiz: Quiz) -> None:
        """Have as many questions made as the quiz will lack, while its learner types.

        Not where its learner has paused or cancelled that, or where everything was tried.
        """
        with self._beginning:
            begun = self.open()
            if quiz.finished or not self._model_is_here() or self._is_seen_to(quiz):
                return
            wanted = self._examining.shortage(quiz)
            failed = next((job for job in begun if order_of(job).quiz_id == quiz.id), None)
            if wanted and failed:
                self._jobs.resume(failed.id)
            elif wanted:
                self._jobs.submit(
                    JobKind.QUESTIONS,
                    payload_for(self._examining.questions(), quiz.scope, wanted, quiz_id=quiz.id),
                )

    def open(self) -> list[Job]:
        """Jobs that have not come to their end and can go on, the oldest first."""
        return [job for job in self._of_questions() if job.state in OPEN and not self._is_ended(job)]

    def title(self, job: Job) -> str:
        """What a job is for, in words."""
        key = "jobs.asked_for" if is_asked_for(job) else "jobs.ahead"
        return say(key, scope=self._name(order_of(job).scope))

    def _of_questions(self) -> list[Job]:
        return [job for job in self._store.jobs.jobs() if job.kind is JobKind.QUESTIONS]

    def _do(self, job: Job, report: Report, should_stop: ShouldStop) -> None:
        if not self._is_ended(job):
            self._work(job, report, lambda: should_stop() or self._is_ended(job))

    def _is_ended(self, job: Job) -> bool:
        """Whether the job was for a quiz that is over; it is cancelled then."""
        if is_asked_for(job) or self._lasts(order_of(job).quiz_id):
            return False
        self._jobs.cancel(job.id)
        return True

    def _lasts(self, quiz_id: str) -> bool:
        try:
            return not self._store.quizzes.quiz(quiz_id).finished
        except NotFound:
            return False

    def _is_seen_to(self, quiz: Quiz) -> bool:
        """Whether a job works or rests for the quiz, was cancelled meanwhile, or has tried everything."""
        about = [job for job in self._of_questions() if order_of(job).scope == quiz.scope]
        own = [job for job in about if order_of(job).quiz_id == quiz.id]
        asked_for = [job for job in about if is_asked_for(job) and job.updated_at >= quiz.created_at]
        return (
            any(job.state in HELD for job in about)
            or any(job.state is JobState.CANCELLED for job in (*own, *asked_for))
            or any(job.state is JobState.DONE and job.done < job.total for job in own)
        )

    def _name(self, scope: Scope) -> str:
        title = ""
        if scope.document_id:
            titles = {document.id: document.title for document in self._store.notes.documents()}
            title = titles.get(scope.document_id, "")
        path = scope.heading_path[1:] if scope.heading_path[:1] == (title,) else scope.heading_path
        return " › ".join(filter(None, (title, *path, scope.topic))) or say("jobs.everything")


def is_asked_for(job: Job) -> bool:
    """Whether a person asked for what a job makes; otherwise it is made ahead."""
    return job.priority >= WAITED_FOR
