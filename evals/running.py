"""From a request on the command line to a finished run."""

from collections.abc import Generator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from pydantic import JsonValue
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn, TimeRemainingColumn

from bot import seams
from bot.domain.errors import BadInput, ModelUnavailable
from bot.texts import Language, say
from evals.attack_suite import attack_suite, sampled, suite_source, usable
from evals.attack_task import AttackTask
from evals.attack_templates import Template, read_templates
from evals.cases import C, CaseSet, GradeCase, RefuseCase, RetrieveCase, read_set
from evals.corpora import source_of
from evals.grading import GradeTask
from evals.matching import check_passages
from evals.product import Facts, Products
from evals.records import RunRecord, Source
from evals.refusing import RefuseTask
from evals.report import figures_table, write_report
from evals.retrieving import RetrieveTask
from evals.runs import Plan, Task, run
from evals.sampling import sample


@dataclass(frozen=True)
class Request:
    """What was asked for on the command line."""

    kind: str
    cases: Path | None
    """The set; for attacks templates from elsewhere, or None."""
    out: Path
    corpus: Path | None
    llm: str | None
    """None: as the settings say."""
    fresh: bool
    retry: bool
    feedback: bool
    sample: int | None
    seed: int
    parallel: int = 1
    """Rows that are made at once."""
    points_llm: bool = False
    """Whether the language model makes the key points of references, and not structure."""


def measure(request: Request, products: Products, lang: Language) -> str:
    """Run what is left to run, write record and report; returns the figures as text.

    Raises:
        BadInput: The set or the corpus cannot be used; nothing was run. A grading looks at no corpus.
        Refused: A stored run under this name is of another set or other settings.
        ModelUnavailable: A model cannot be had, or every row failed.
    """
    with progress_bar() as progress:
        measuring = _MEASURES[request.kind]
        record = measuring(request, products, progress)
    if record.metrics is None:
        return ""
    path = write_report(request.out, request.cases, lang)
    if record.metrics.counts.get("failed") == record.total:
        raise ModelUnavailable("evals.all_failed", file=request.out.name)
    return f"{figures_table(record.metrics, lang)}\n\n{say('evals.written', report=path)}"


def _attacks(request: Request, products: Products, progress: seams.Progress) -> RunRecord:
    others = [] if request.cases is None else _templates(request.cases, request.seed)
    every = attack_suite(others, seed=request.seed)
    cases = sampled(every, request.sample, request.seed)
    with products.grading(request.llm, progress, feedback=False) as product:
        plan = _plan(request, suite_source(every), None, product.facts)
        return run(AttackTask(product.grade), cases, plan, progress)


def _templates(path: Path, seed: int) -> list[Template]:
    """Those of the file that can be used; says how many cannot, and why."""
    found, left = usable(read_templates(path), seed)
    lines = "\n".join(left)
    if left and not found:
        raise BadInput("evals.no_template", file=path.name, lines=lines)
    if left:
        _say_aside(say("evals.templates_left", file=path.name, count=len(left), lines=lines))
    return found


def _say_aside(text: str) -> None:
    Console(stderr=True, highlight=False, soft_wrap=True, emoji=False).print(text, markup=False)


def _grade(request: Request, products: Products, progress: seams.Progress) -> RunRecord:
    read = read_set(_set(request), GradeCase)
    for remark in _remarks(read):
        _say_aside(remark)
    cases = _sampled(read, request)
    by_model = {"points_llm": True} if request.points_llm else {}
    with products.grading(request.llm, progress, feedback=request.feedback, **by_model) as product:
        return _run(GradeTask(product), cases, _of_set(request, cases, None, product.facts), progress)


def _remarks(read: CaseSet[GradeCase]) -> list[str]:
    """What of the scores is taken another way than it stands there, in words."""
    above = sum(case.score is not None and case.score > case.max_score for case in read.cases)
    absent = sum(case.score is None for case in read.cases)
    told = (("evals.scores_above", above), ("evals.scores_absent", absent))
    return [say(key, file=read.name, count=count) for key, count in told if count]


def _retrieve(request: Request, products: Products, progress: seams.Progress) -> RunRecord:
    cases = _sampled(read_set(_set(request), RetrieveCase), request)
    corpus = _corpus(request)
    source = source_of(corpus)
    with products.retrieval(corpus, progress) as product:
        check_passages(cases.cases, product.raw)
        task = RetrieveTask(product, cases.raw)
        return _run(task, cases, _of_set(request, cases, source, product.facts), progress)


def _refuse(request: Request, products: Products, progress: seams.Progress) -> RunRecord:
    cases = _sampled(read_set(_set(request), RefuseCase), request)
    corpus = _corpus(request)
    source = source_of(corpus)
    with products.answering(corpus, request.llm, progress) as product:
        return _run(RefuseTask(product), cases, _of_set(request, cases, source, product.facts), progress)


def _corpus(request: Request) -> Path:
    from bot.app.sample import sample_directory  # draws in the whole product, which --help can do without

    return request.corpus or sample_directory()


def _run(task: Task[C], cases: CaseSet[C], plan: Plan, progress: seams.Progress) -> RunRecord:
    return run(task, cases.cases, plan, progress)


def _sampled(cases: CaseSet[C], request: Request) -> CaseSet[C]:
    if request.sample is None:
        return cases
    return replace(cases, cases=sample(cases.cases, request.sample, request.seed))


def _set(request: Request) -> Path:
    if request.cases is None:
        raise ValueError(f"{request.kind} needs a set")
    return request.cases


def _of_set(request: Request, cases: CaseSet[C], corpus: Source | None, facts: Facts) -> Plan:
    source = Source(name=cases.name, sha256=cases.sha256, size=len(cases.raw))
    return _plan(request, source, corpus, facts)


def _plan(request: Request, cases: Source, corpus: Source | None, facts: Facts) -> Plan:
    chosen: Mapping[str, JsonValue] = {
        "sample": request.sample,
        "sample_seed": None if request.sample is None else request.seed,
    }
    return Plan(
        out=request.out,
        set=cases,
        corpus=corpus,
        facts=Facts({**facts.settings, **chosen}, facts.notes),
        cases=request.cases,
        fresh=request.fresh,
        retry=request.retry,
        parallel=request.parallel,
    )


_MEASURES = {"grade": _grade, "retrieve": _retrieve, "refuse": _refuse, "attacks": _attacks}


@contextmanager
def progress_bar() -> Generator[seams.Progress]:
    """A bar on stderr with the count and the time left."""
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True)) as bar:
        task: TaskID | None = None
        last = 0

        def watch(done: int, total: int, what: str) -> None:
            nonlocal task, last
            if task is None or done < last:  # the next stage has begun
                task = bar.add_task(what, total=total or None)
            bar.update(task, completed=done, total=total or None, description=what)
            last = done

        yield watch
