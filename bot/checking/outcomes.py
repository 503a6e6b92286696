"""What a judge made of each probe, on disk as it comes."""

from pathlib import Path

from pydantic import Field, ValidationError

from bot.domain.grades import Status
from bot.domain.spans import Frozen


class Outcome(Frozen):
    """What a judge made of one probe."""

    id: str
    statuses: tuple[Status, ...] = ()
    values: tuple[float, ...] = ()
    """Share of each key point that is earned."""
    error: str | None = None
    timed_out: bool = False
    calls: int = Field(default=0, ge=0)
    valid: int = Field(default=0, ge=0)
    """Calls whose reply kept to the form."""
    seconds: float = Field(default=0.0, ge=0)


def stored(file: Path) -> dict[str, Outcome]:
    """Outcomes by probe; a line that a kill cut off is asked again."""
    outcomes: dict[str, Outcome] = {}
    if file.exists():
        for line in file.read_text("utf-8").splitlines():
            try:
                outcome = Outcome.model_validate_json(line)
            except ValidationError:
                continue
            outcomes[outcome.id] = outcome
    return outcomes


def keep(file: Path, outcome: Outcome) -> None:
    """Add an outcome to a file, on a line of its own whatever stands before."""
    file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with file.open("a", encoding="utf-8") as out:
        out.write(f"\n{outcome.model_dump_json()}\n")
