"""Making questions from the command line is the page's own job: watched, paused, taken up, cancelled."""

import io
import json
import threading
import time
from contextlib import contextmanager

import pytest
import typer
from fakes.llm import ScriptedModel
from fakes.product import NORM, product
from fakes.question_maker import examiner
from fakes.terminal import called

from bot.cli.console import INTERRUPTED, Console
from bot.cli.making import LIVE, begun, told, watched
from bot.cli.questions import add_questions
from bot.cli.quizzing import add_quiz
from bot.cli.session import Session
from bot.domain.errors import ModelUnavailable
from bot.domain.jobs import JobKind, JobState
from bot.domain.questions import Origin
from bot.domain.quizzes import Scope
from bot.jobs import WAITED_FOR
from bot.questions.ahead import order_of, payload_of
from bot.texts import say, speaking


class Held:
    """Answers as the examiner does, the second time only once it is let go."""

    def __init__(self):
        self.calls = 0
        self.waits, self.goes_on = threading.Event(), threading.Event()

    def __call__(self, messages):
        self.calls += 1
        if self.calls == 2:
            self.waits.set()
            assert self.goes_on.wait(20)
        return examiner(messages)


class Impatient(Console):
    """A terminal at which Ctrl+C is pressed while the model is at its second question."""

    def __init__(self, held):
        super().__init__()
        self._held = held

    @contextmanager
    def progress(self, unit=None):
        def watch(done, total, what):
            if self._held.waits.is_set():
                raise KeyboardInterrupt

        yield watch


@pytest.fixture
def kaodian(tmp_path):
    kaodian = product(tmp_path, ("bn.md", NORM), model=ScriptedModel(examiner))
    kaodian.fetch_encoder = kaodian.fetch_reader = lambda progress: None
    kaodian.index_notes = lambda progress: None
    yield kaodian
    kaodian.close()


@pytest.fixture
def run(kaodian, capsys):
    """Runs `kaodian questions`; gives its exit code, stdout and stderr."""

    def call(*arguments):
        code = called(kaodian.settings, [add_questions], arguments, lang="zh", opening=lambda _: kaodian)
        return code, *capsys.readouterr()

    return call


def made(kaodian):
    return [q.text for q in kaodian.store.questions.questions() if q.origin is Origin.MODEL]


def test_as_many_as_wanted_are_made_and_listed(run, kaodian):
    code, out, err = run("--make", "1", "--json")
    assert code == 0
    assert len(made(kaodian)) == 1
    assert made(kaodian)[0] in [question["text"] for question in json.loads(out)]
    assert say("questions.made_of", count=1, wanted=1, lang="zh") in err
    (job,) = kaodian.store.jobs.jobs()
    assert (job.kind, job.state, job.priority) == (JobKind.QUESTIONS, JobState.DONE, WAITED_FOR)


def test_new_ones_are_wanted_each_time_and_where_there_are_fewest(run, kaodian):
    run("--make", "1")
    code, _, err = run("--make", "3")
    assert (code, len(made(kaodian))) == (0, 2)
    assert say("questions.made_of", count=1, wanted=3, lang="zh") in err


def test_an_interrupt_pauses_and_the_same_command_goes_on(run, kaodian, capsys):
    held = Held()
    kaodian._model = ScriptedModel(held)
    job = begun(kaodian, Scope(), 2)
    with speaking("zh"), pytest.raises(typer.Exit) as left:
        watched(Impatient(held), kaodian, job)
    assert left.value.exit_code == INTERRUPTED
    assert say("cli.make_paused", lang="zh") in capsys.readouterr().err
    held.goes_on.set()
    kaodian.jobs.close()
    assert kaodian.store.jobs.job(job.id).state is JobState.PAUSED
    code, _, _ = run("--make", "2")
    assert (code, kaodian.store.jobs.job(job.id).state, len(made(kaodian))) == (0, JobState.DONE, 2)
    assert len(kaodian.store.jobs.jobs()) == 1


def test_a_job_of_the_page_is_gone_on_with_and_cancelled(run, kaodian):
    of_page = kaodian.jobs.submit(JobKind.QUESTIONS, payload_of(Scope(topic="收敛")), priority=WAITED_FOR)
    kaodian.jobs.pause(of_page.id)
    code, out, _ = run("--resume", "--json")
    assert (code, kaodian.store.jobs.job(of_page.id).state) == (0, JobState.DONE)
    assert [question["text"] for question in json.loads(out)] == ["为什么 BN 能加快收敛？", *made(kaodian)]
    other = kaodian.jobs.submit(JobKind.QUESTIONS, payload_of(Scope()), priority=WAITED_FOR)
    kaodian.jobs.pause(other.id)
    code, out, err = run("--cancel", "--json")
    assert (code, json.loads(out)["state"], err) == (0, "cancelled", "")
    third = kaodian.jobs.submit(JobKind.QUESTIONS, payload_of(Scope()), priority=WAITED_FOR)
    kaodian.jobs.pause(third.id)
    assert run("--cancel") == (0, say("cli.make_cancelled", lang="zh") + "\n", "")
    assert run("--cancel")[0] == run("--resume")[0] == 2


def test_a_quiz_goes_on_with_what_was_made_while_its_learner_typed(kaodian, capsys, monkeypatch):
    class Typing(io.StringIO):
        """A learner who types each answer until the worker has nothing to do."""

        def __next__(self):
            until = time.monotonic() + 20
            while any(job.state in LIVE for job in kaodian.store.jobs.jobs()) and time.monotonic() < until:
                time.sleep(0.01)
            return super().__next__()

    monkeypatch.setattr("sys.stdin", Typing("/n\n" * 4))
    with speaking("zh"):
        app = typer.Typer(pretty_exceptions_enable=False)
        add_quiz(app, Session(kaodian.settings, Console(), lambda _: kaodian))
        with pytest.raises(SystemExit):
            app(args=["-n", "4", "--json"])
    asked = [turn["question"]["text"] for turn in json.loads(capsys.readouterr().out)["turns"]]
    assert len(asked) == 4
    assert set(made(kaodian)) <= set(asked)
    assert {job.priority for job in kaodian.store.jobs.jobs()} == {0}


def ahead(kaodian, topic=""):
    """A job for a quiz that runs short."""
    kaodian.making.ahead(kaodian.examining.quizzes.start(Scope(topic=topic), 5))
    return kaodian.making.open()[-1]


def test_what_is_made_ahead_is_not_what_somebody_asks_for(kaodian):
    job = ahead(kaodian)
    assert begun(kaodian, Scope(), order_of(job).wanted).id != job.id


def test_everything_that_is_made_is_listed_as_what_it_is(run, kaodian):
    first = ahead(kaodian)
    mine = begun(kaodian, Scope(topic="收敛"), 2)
    kaodian.jobs.pause(mine.id)
    code, out, err = run("--jobs")
    waits, rests = (say(f"page.job_{state}", lang="zh") for state in ("waiting", "paused"))
    everything = say("jobs.everything", lang="zh")
    assert (code, out.splitlines()) == (0, [
        f"{first.id}  {say('jobs.ahead', scope=everything, lang='zh')} · {waits}",
        f"{mine.id}  {say('jobs.asked_for', scope='收敛', lang='zh')} · {rests}",
    ])  # fmt: skip
    assert say("cli.jobs_count", count=2, lang="zh") in err
    listed = json.loads(run("--jobs", "--json")[1])
    assert [(job["id"], job["ahead"], job["state"]) for job in listed] == [
        (first.id, True, "waiting"),
        (mine.id, False, "paused"),
    ]


def test_the_one_that_is_named_is_paused_and_cancelled_else_the_one_asked_for(run, kaodian):
    first = ahead(kaodian)
    mine = begun(kaodian, Scope(topic="收敛"), 2)
    state = kaodian.store.jobs.job
    assert run("--pause", "--job", first.id)[0] == 0
    assert (state(first.id).state, state(mine.id).state) == (JobState.PAUSED, JobState.WAITING)
    run("--cancel")
    assert (state(first.id).state, state(mine.id).state) == (JobState.PAUSED, JobState.CANCELLED)
    run("--cancel")
    assert state(first.id).state is JobState.CANCELLED
    code, _, err = run("--cancel", "--job", first.id)
    assert (code, say("cli.no_such_job", id=first.id, lang="zh") in err) == (2, True)


def test_what_is_made_ahead_can_be_gone_on_with_here(run, kaodian):
    job = ahead(kaodian)
    kaodian.jobs.pause(job.id)
    assert run("--resume", "--job", job.id)[0] == 0
    assert (kaodian.store.jobs.job(job.id).state, len(made(kaodian))) == (JobState.DONE, 2)


def test_a_failure_says_how_to_go_on_and_can_be_gone_on_with(run, kaodian):
    replies = [ModelUnavailable("llm.key", model="m")]
    kaodian._model = ScriptedModel(lambda messages: replies.pop() if replies else examiner(messages))
    code, out, err = run("--make", "1")
    assert (code, out) == (1, "")
    assert say("llm.key", model="m", lang="zh") in err
    assert "--resume" in err
    assert run("--resume")[0] == 0
    assert len(made(kaodian)) == 1


def test_the_estimate_is_told_as_soon_as_there_is_one(kaodian):
    job = begun(kaodian, Scope(), 4)
    assert told(job) == say("cli.make_waiting")
    with speaking("en"):
        running = job.model_copy(update={"state": JobState.RUNNING, "done": 1, "total": 4, "seconds": 20})
        assert told(running.model_copy(update={"message": "Making"})) == "Making · about 60 s left"
