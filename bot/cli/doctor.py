"""`kaodian doctor`: what is in effect, what is wrong, and how to mend it."""

from typing import Annotated

import typer

from bot.cli.findings import examine
from bot.cli.session import Session
from bot.settings import Settings
from bot.texts import say


def add_doctor(app: typer.Typer, session: Session) -> None:
    """Put `doctor` under `app`."""

    @app.command(help=say("cli.doctor_help"))
    def doctor(
        as_json: Annotated[bool, typer.Option("--json", help=say("cli.json_help"))] = False,
    ) -> None:
        console = session.console
        values = shown_settings(session.settings)
        findings = examine(session.settings)
        if as_json:
            console.json({"settings": values, "findings": findings})
        else:
            for name, value in values.items():
                console.print(f"KAODIAN_{name.upper()} = {value}")
            console.print()
            for finding in findings:
                console.print(f"{finding.mark} {finding.words}")
        if not all(finding.ok for finding in findings):
            raise typer.Exit(1)


def shown_settings(settings: Settings) -> dict[str, str]:
    """Every setting as text; keys are never shown."""
    values = settings.model_dump(mode="json")
    for name in ("llm_api_key", "judge_api_key"):
        values[name] = "********" if getattr(settings, name) else None
    return {name: "" if value is None else str(value) for name, value in values.items()}
