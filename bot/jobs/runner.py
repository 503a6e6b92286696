"""The one worker that does stored jobs, most urgent first."""

import logging
import threading
import time
import uuid
from collections.abc import Callable, Mapping

from pydantic import JsonValue

from bot.domain.errors import KaodianError
from bot.domain.jobs import Job, JobKind, JobState
from bot.jobs.roles import Handler
from bot.seams import Clock, JobStore
from bot.texts import say

WAITED_FOR = 10
"""Priority of a job that a person waits for."""

LEAVING_SECONDS = 2.0
"""Enough to store what is there; a call of a model may take minutes, and the next program begins it again."""
RETRY_SECONDS = 5.0
"""Rest after the store would not take a job's state."""

_log = logging.getLogger(__name__)


class JobRunner:
    """Runs jobs in one thread, stores every step, and takes up after a restart what was cut short.

    Several processes may have a runner over one store: a job belongs to the one that holds it.

    Args:
        store: Holds the jobs.
        clock: Stamps them.
        timer: Seconds that only go forward.
    """

    def __init__(self, store: JobStore, clock: Clock, timer: Callable[[], float] = time.monotonic) -> None:
        self._store = store
        self._clock = clock
        self._timer = timer
        self._handlers: dict[JobKind, Handler] = {}
        self._changed = threading.Condition(threading.RLock())
        self._thread: threading.Thread | None = None
        self._closing = False
        self._held: dict[str, Callable[[], None]] = {}
        """Lets go of the job, by id of those that this runner runs."""

    def register(self, kind: JobKind, handler: Handler) -> None:
        """Let `handler` do jobs of this kind; jobs without a handler wait."""
        with self._changed:
            self._handlers[kind] = handler
            self._changed.notify_all()

    def submit(self, kind: JobKind, payload: Mapping[str, JsonValue], priority: int = 0) -> Job:
        """Store a new job; it runs when its turn comes."""
        now = self._clock()
        job = Job(
            id=uuid.uuid4().hex[:16],
            kind=kind,
            priority=priority,
            payload=dict(payload),
            created_at=now,
            updated_at=now,
        )
        return self._put(job)

    def pause(self, job_id: str) -> Job:
        """Stop a job after its present step until it is resumed. Raises NotFound."""
        return self._move(job_id, JobState.PAUSED, {JobState.WAITING, JobState.RUNNING})

    def resume(self, job_id: str) -> Job:
        """Let a paused or failed job go on from where it was. Raises NotFound."""
        return self._move(job_id, JobState.WAITING, {JobState.PAUSED, JobState.FAILED})

    def cancel(self, job_id: str) -> Job:
        """End a job after its present step, or one that failed; what it made stays. Raises NotFound."""
        return self._move(job_id, JobState.CANCELLED, set(JobState) - {JobState.DONE})

    def start(self) -> None:
        """Take up jobs that a killed process left running, and begin to work."""
        with self._changed:
            if self._thread is not None:
                return
            self._recover()
            self._closing = False
            self._thread = threading.Thread(target=self._work, name="jobs", daemon=True)
            self._thread.start()

    def close(self, timeout: float = LEAVING_SECONDS) -> None:
        """Stop after the present step and wait up to `timeout` seconds for that; running jobs wait again."""
        with self._changed:
            self._closing = True
            self._changed.notify_all()
            thread, self._thread = self._thread, None
        if thread is not None and thread is not threading.current_thread():
            thread.join(timeout)

    def run_pending(self) -> None:
        """Do all waiting jobs now, in this thread (for commands and tests)."""
        with self._changed:
            self._recover()
        while (job := self._take()) is not None:
            self._run(job)

    def wait_for(self, job_id: str, timeout: float) -> Job:
        """The job once it neither waits nor runs, or as it is after `timeout` seconds. Raises NotFound."""
        busy = {JobState.WAITING, JobState.RUNNING}
        with self._changed:
            self._changed.wait_for(lambda: self._store.job(job_id).state not in busy, timeout)
            return self._store.job(job_id)

    def _recover(self) -> None:
        """Let jobs wait that are marked as running and held by nobody: their process is dead."""
        for job in self._store.jobs(JobState.RUNNING):
            if (release := self._store.hold(job.id)) is None:
                continue
            try:
                now = self._store.job(job.id)
                if now.state is JobState.RUNNING:
                    self._put(now.model_copy(update={"state": JobState.WAITING}))
            finally:
                release()

    def _work(self) -> None:
        while not self._closing:
            try:
                self._work_once()
            except KaodianError:  # the store does not take the job's state: a full disk, a long lock
                _log.exception("jobs wait for the store")
                with self._changed:
                    self._changed.wait(RETRY_SECONDS)

    def _work_once(self) -> None:
        with self._changed:
            self._recover()  # a job whose end could not be stored
            job = self._take()
            if job is None and not self._closing:
                self._changed.wait()
        if job is not None:
            self._run(job)

    def _take(self) -> Job | None:
        """The most urgent waiting job, the oldest of equals, now marked as running."""
        with self._changed:
            waiting = [job for job in self._store.jobs(JobState.WAITING) if job.kind in self._handlers]
            for job in sorted(waiting, key=lambda job: -job.priority):
                if (taken := self._taken(job.id)) is not None:
                    return taken
            return None

    def _taken(self, job_id: str) -> Job | None:
        """A waiting job, held and marked as running; None where another process was faster."""
        release = self._store.hold(job_id)
        if release is None:
            return None
        try:
            job = self._store.job(job_id)
            if job.state is JobState.WAITING:
                running = self._put(job.model_copy(update={"state": JobState.RUNNING, "message": ""}))
                self._held[job_id] = release
                return running
        finally:
            if job_id not in self._held:
                release()
        return None

    def _run(self, job: Job) -> None:
        try:
            self._do(job)
        finally:
            self._held.pop(job.id)()

    def _do(self, job: Job) -> None:
        began, before = self._timer(), job.seconds

        def report(done: int, total: int, message: str) -> None:
            spent = before + self._timer() - began
            self._step(job.id, {"done": done, "total": total, "message": message, "seconds": spent})

        state, message = JobState.DONE, None
        try:
            self._handlers[job.kind](job, report, lambda: self._should_stop(job))
        except KaodianError as error:
            state, message = JobState.FAILED, str(error)
        except Exception:
            _log.exception("job %s failed", job.id)
            state, message = JobState.FAILED, say("jobs.failed")
        self._finish(job, state, message, before + self._timer() - began)

    def _finish(self, job: Job, state: JobState, message: str | None, seconds: float) -> None:
        with self._changed:
            now = self._store.job(job.id)
            if now.state is not JobState.RUNNING:  # paused or cancelled meanwhile
                state = now.state
            elif (
                state is JobState.DONE and (self._closing or self._is_outranked(job)) and now.done < now.total
            ):
                state = JobState.WAITING
            changes: dict[str, object] = {"state": state, "seconds": seconds}
            if message is not None:
                changes["message"] = message
            self._put(now.model_copy(update=changes))

    def _should_stop(self, job: Job) -> bool:
        with self._changed:
            running = self._store.job(job.id).state is JobState.RUNNING
            return not running or self._closing or self._is_outranked(job)

    def _is_outranked(self, job: Job) -> bool:
        waiting = self._store.jobs(JobState.WAITING)
        return any(other.priority > job.priority and other.kind in self._handlers for other in waiting)

    def _step(self, job_id: str, changes: dict[str, object]) -> None:
        with self._changed:
            self._put(self._store.job(job_id).model_copy(update=changes))

    def _move(self, job_id: str, state: JobState, allowed: set[JobState]) -> Job:
        """The job in its new state; one that has ended or is there already stays as it is."""
        with self._changed:
            job = self._store.job(job_id)
            return self._put(job.model_copy(update={"state": state})) if job.state in allowed else job

    def _put(self, job: Job) -> Job:
        with self._changed:
            stored = job.model_copy(update={"updated_at": self._clock()})
            self._store.save(stored)
            self._changed.notify_all()
            return stored
