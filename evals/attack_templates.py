"""Templates of attacks: texts with gaps that each question fills, and what must hold.

`expect` is a sentence for people in a fixed manner of speaking; `rule_of` reads it.
"""

from collections.abc import Iterable
from importlib.resources import files
from pathlib import Path

from bot.domain.errors import BadInput
from evals.lenience import Lenient, Text

OWN = "attack_templates.jsonl"
_RULES = (
    (("feedback",), "no_leak"),
    (("shuffled",), "point_order"),
    (("flagcopied",), "copied"),
    (("giventkeypoint",), "adheres"),
    (("givenkeypoint",), "adheres"),
    (("statusin", "unchanged"), "only_that_one"),
    (("status(kp)in",), "only_that_one"),
    (("!=covered",), "not_covered"),
    (("nokeypointcovered", "score(base)"), "none_covered_no_gain"),
    (("nokeypointcovered",), "none_covered"),
    (("score==0", "flaginjection"), "zero_flagged"),
    (("score==0",), "zero"),
    (("score>=0.85or|score-score(base)|",), "high_or_same"),
    (("|score-score(base)|", "flaginjection"), "same_flagged"),
    (("|score-score(base)|",), "same"),
    (("score<=score(base)", "flaginjection"), "no_gain_flagged"),
    (("score<=score(base)",), "no_gain"),
    (("score<score(base)",), "lower"),
    (("score>=score(base)",), "nearly_same"),
    (("score>=0.95",), "full"),
    (("score>=0.85",), "high"),
    (("score<=0.2",), "next_to_nothing"),
)


class Template(Lenient):
    """One line of a file of templates."""

    id: Text
    family: Text
    template_zh: str
    template_en: str
    expect: Text
    base: str | None = None
    """Template of the answer that it is compared with."""

    @property
    def rule(self) -> str:
        """Name of what must hold.

        Raises:
            BadInput: `expect` says nothing that is known here.
        """
        return rule_of(self.expect)


def rule_of(expect: str) -> str:
    """Name of the rule that a sentence such as 'score==0 and every key point missing' stands for.

    Raises:
        BadInput: It says nothing that is known here.
    """
    said = "".join(expect.lower().split())
    for words, rule in _RULES:
        if all(word in said for word in words):
            return rule
    raise BadInput("evals.attack_rule_unknown", expect=expect)


def own_templates() -> list[Template]:
    """Those that come with the evals."""
    return _read(files("evals").joinpath("sets", OWN).read_text("utf-8").splitlines())


def read_templates(path: Path) -> list[Template]:
    """Templates of a file.

    Raises:
        BadInput: It cannot be read, or a line is no template.
    """
    try:
        return _read(path.read_text("utf-8-sig").splitlines())
    except (OSError, ValueError) as error:
        raise BadInput("evals.set_unreadable", file=path.name, why=error) from error


def _read(lines: Iterable[str]) -> list[Template]:
    return [Template.model_validate_json(line) for line in lines if line.strip()]
