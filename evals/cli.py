"""The command line: `python -m evals grade|retrieve|refuse|attacks|key-points|report|track|figures|bench`.

Results go to files and stdout, progress and errors to stderr. Exit code 2: what was given cannot be
used and nothing was run; 1: the product failed.
"""

import json
import sys
from collections.abc import Callable, Sequence
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from bot.cli.usage import run, worded
from bot.domain.errors import BadInput, Busy, KaodianError, Refused, SettingWrong
from bot.settings import load_settings
from bot.texts import current_language, say, set_default_language
from evals.records import record_path
from evals.running import Request
from evals.told import Told

PROGRAM = "python -m evals"
MAX_NAME = 100
"""Characters of the name that a report gets by itself."""


UNUSED = {
    "grade": ("--corpus",),
    "retrieve": ("--llm", "--feedback", "--points-llm"),
    "refuse": ("--feedback", "--points-llm"),
}
"""Options that every measurement takes, so that all are called alike, and that change nothing in this one."""


class BenchPart(StrEnum):
    """What is timed."""

    PRODUCT = "product"
    JUDGES = "judges"


def main() -> None:
    """Run one command and end the process with its exit code."""
    try:
        set_default_language(load_settings().lang)
        sys.exit(run(worded(app()), sys.argv[1:], PROGRAM))
    except KaodianError as error:
        _tell(str(error))
        sys.exit(2 if isinstance(error, BadInput | Refused | Busy | SettingWrong) else 1)
    except KeyboardInterrupt:
        _tell(say("evals.stopped"))
        sys.exit(130)


def app() -> typer.Typer:
    """The commands, with help in the current language."""
    program = typer.Typer(help=say("evals.help"), no_args_is_help=True, add_completion=False)
    for kind in ("grade", "retrieve", "refuse"):
        program.command(kind, help=say(f"evals.help_{kind}"))(_measuring(kind))
    program.command("attacks", help=say("evals.help_attacks"))(_attacking())
    program.command("key-points", help=say("evals.help_key_points"))(_key_points())
    program.command("report", help=say("evals.help_report"))(_report())
    program.command("track", help=say("evals.help_track"))(_track())
    program.command("figures", help=say("evals.help_figures"))(_figures())
    program.command("bench", help=say("evals.help_bench"))(_benching())
    return program


def _measuring(kind: str) -> Callable[..., None]:
    def measure(  # noqa: PLR0913 — a command line has as many options as it has
        cases: Annotated[Path, typer.Argument(metavar="SET.jsonl", help=say("evals.help_set"))],
        out: Annotated[Path, typer.Option("--out", metavar="OUT.jsonl", help=say("evals.help_out"))],
        corpus: Annotated[Path | None, typer.Option(help=say("evals.help_corpus"))] = None,
        llm: Annotated[str | None, typer.Option(help=say("evals.help_llm"))] = None,
        fresh: Annotated[bool, typer.Option("--fresh", help=say("evals.help_fresh"))] = False,
        retry: Annotated[bool, typer.Option("--retry", help=say("evals.help_retry"))] = False,
        feedback: Annotated[bool, typer.Option("--feedback", help=say("evals.help_feedback"))] = False,
        sample: Annotated[int | None, typer.Option(min=1, help=say("evals.help_sample"))] = None,
        seed: Annotated[int, typer.Option(help=say("evals.help_seed"))] = 0,
        as_json: Annotated[bool, typer.Option("--json", help=say("evals.help_json"))] = False,
        parallel: Annotated[int, typer.Option(min=1, max=256, help=say("evals.help_parallel"))] = 1,
        points_llm: Annotated[bool, typer.Option("--points-llm", help=say("evals.help_points_llm"))] = False,
    ) -> None:
        from evals.running import measure as run_it
        from evals.wiring import users_products

        if out.suffix != ".jsonl":
            raise BadInput("evals.out_suffix", file=out.name)
        if out.resolve() == cases.resolve():
            raise BadInput("evals.out_is_set", file=out.name)
        given = {"--corpus": corpus, "--llm": llm, "--feedback": feedback, "--points-llm": points_llm}
        for option in UNUSED[kind]:
            if given[option]:
                _tell(say("evals.unused", kind=kind, option=option))
        request = Request(
            kind, cases, out, corpus, llm, fresh, retry, feedback, sample, seed, parallel, points_llm
        )
        told = run_it(request, users_products(parallel), current_language())
        _give(told, _record(out), as_json)

    return measure


def _attacking() -> Callable[..., None]:
    def attacking(  # noqa: PLR0913 — a command line has as many options as it has
        out: Annotated[Path, typer.Option("--out", metavar="OUT.jsonl", help=say("evals.help_out"))],
        templates: Annotated[Path | None, typer.Option(help=say("evals.help_templates"))] = None,
        llm: Annotated[str | None, typer.Option(help=say("evals.help_llm"))] = None,
        fresh: Annotated[bool, typer.Option("--fresh", help=say("evals.help_fresh"))] = False,
        retry: Annotated[bool, typer.Option("--retry", help=say("evals.help_retry"))] = False,
        sample: Annotated[int | None, typer.Option(min=1, help=say("evals.help_sample"))] = None,
        seed: Annotated[int, typer.Option(help=say("evals.help_seed"))] = 0,
        as_json: Annotated[bool, typer.Option("--json", help=say("evals.help_json"))] = False,
    ) -> None:
        from evals.running import measure as run_it
        from evals.wiring import users_products

        if out.suffix != ".jsonl":
            raise BadInput("evals.out_suffix", file=out.name)
        request = Request("attacks", templates, out, None, llm, fresh, retry, False, sample, seed)
        _give(run_it(request, users_products(), current_language()), _record(out), as_json)

    return attacking


def _key_points() -> Callable[..., None]:
    def key_points(  # noqa: PLR0913 — a command line has as many options as it has
        out: Annotated[Path, typer.Option("--out", metavar="OUT.jsonl", help=say("evals.help_out"))],
        part: Annotated[str, typer.Option(help=say("evals.help_part"))] = "test",
        llm: Annotated[str, typer.Option(help=say("evals.help_llm_points"))] = "none",
        fresh: Annotated[bool, typer.Option("--fresh", help=say("evals.help_fresh"))] = False,
        sample: Annotated[int | None, typer.Option(min=1, help=say("evals.help_sample"))] = None,
        as_json: Annotated[bool, typer.Option("--json", help=say("evals.help_json"))] = False,
    ) -> None:
        from evals.measuring_points import PointsRequest, measure_points
        from evals.wiring import users_products

        if out.suffix != ".jsonl":
            raise BadInput("evals.out_suffix", file=out.name)
        request = PointsRequest(out=out, part=part, llm=llm, fresh=fresh, sample=sample)
        _give(measure_points(request, users_products(), current_language()), _record(out), as_json)

    return key_points


def _report() -> Callable[..., None]:
    def report(
        runs: Annotated[list[Path], typer.Argument(metavar="RUN…", help=say("evals.help_report_runs"))],
        out: Annotated[
            Path | None, typer.Option("--out", metavar="FILE.html", help=say("evals.help_report_out"))
        ] = None,
        sets: Annotated[list[Path] | None, typer.Option("--set", help=say("evals.help_report_set"))] = None,
        as_json: Annotated[bool, typer.Option("--json", help=say("cli.json_help"))] = False,
    ) -> None:
        from evals.report import write_reports

        file = out or _shelf(runs)
        if file.suffix != ".html":
            raise BadInput("evals.report_suffix", file=file.name)
        beside = write_reports(runs, file, current_language(), sets=sets or ())
        files = {"html": str(file), "md": str(beside)}
        _give(say("evals.report_written", html=file, md=beside), lambda: files, as_json)

    return report


def _shelf(runs: Sequence[Path]) -> Path:
    """Where the page finds the report: in the folder of runs, under the names of the runs."""
    names = [run.name.removesuffix(".run.json").removesuffix(".jsonl") for run in runs]
    return load_settings().runs / f"{'+'.join(names)[:MAX_NAME]}.html"


def _track() -> Callable[..., None]:
    def track(
        again: Annotated[bool, typer.Option("--record", help=say("evals.help_track_record"))] = False,
        file: Annotated[Path | None, typer.Option(help=say("evals.help_track_file"))] = None,
        as_json: Annotated[bool, typer.Option("--json", help=say("cli.json_help"))] = False,
    ) -> None:
        from evals.tracking import FILE, check, record
        from evals.wiring import users_products

        told = (record if again else check)(users_products(), file or FILE)
        _give(told.words, lambda: told.value, as_json)

    return track


def _figures() -> Callable[..., None]:
    def figures(
        document: Annotated[Path, typer.Option(help=say("evals.help_document"))] = Path("docs/evals.md"),
        runs: Annotated[Path, typer.Option(help=say("evals.help_runs"))] = Path("evals/runs"),
        check: Annotated[bool, typer.Option("--check", help=say("evals.help_check"))] = False,
        as_json: Annotated[bool, typer.Option("--json", help=say("cli.json_help"))] = False,
    ) -> None:
        from evals.figures import update

        update(document, runs, check=check)
        _give(say("evals.figures_current", file=document), lambda: {"document": str(document)}, as_json)

    return figures


def _benching() -> Callable[..., None]:
    def bench(
        what: Annotated[BenchPart, typer.Argument(help=say("evals.help_bench_what"))] = BenchPart.PRODUCT,
        as_json: Annotated[bool, typer.Option("--json", help=say("cli.json_help"))] = False,
    ) -> None:
        told = _judges_timed() if what is BenchPart.JUDGES else _product_timed()
        _give(told.words, lambda: told.value, as_json)

    return bench


def _judges_timed() -> Told:
    from evals.bench_judges import bench_judges

    return bench_judges()


def _product_timed() -> Told:
    from evals.bench import bench
    from evals.wiring import users_products

    return bench(users_products())


def _record(out: Path) -> Callable[[], object]:
    return lambda: json.loads(record_path(out).read_text("utf-8"))


def _give(words: str, value: Callable[[], object], as_json: bool) -> None:
    """The result on stdout, in words or as JSON."""
    typer.echo(json.dumps(value(), ensure_ascii=False, indent=2) if as_json else words)


def _tell(words: str) -> None:
    """A message on stderr."""
    Console(stderr=True, highlight=False, soft_wrap=True, emoji=False).print(words, markup=False)
