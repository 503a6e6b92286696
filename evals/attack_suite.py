"""The suite of attacks: every template over questions that a seed chooses, and the hand-made items."""

import hashlib
import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from itertools import islice

from bot.domain.errors import BadInput
from bot.domain.spans import digest
from bot.grading.gate import COPIED_RUN
from bot.grading.normal import plain
from bot.grading.words import tokens
from bot.texts import say
from evals.attack_items import AttackItem, fill, unknown_gaps
from evals.attack_questions import question_items
from evals.attack_templates import Template, own_templates
from evals.attacks import AttackCase, attack_items, suite
from evals.records import Source

PER_TEMPLATE = {"zh": 12, "en": 4}
"""Questions of each language that each template is tried on."""


def attack_suite(others: Sequence[Template] = (), *, seed: int = 0) -> list[AttackCase]:
    """All cases in a fixed order: hand-made ones first, then templates over the questions of our sets.

    Args:
        others: Templates from elsewhere, tried beside our own.
        seed: Which questions each template is tried on.
    """
    cases = suite(attack_items())
    for template in (*own_templates(), *others):
        cases += of_template(template, seed)
    return cases


def of_template(template: Template, seed: int = 0) -> list[AttackCase]:
    """Cases of one template; questions that cannot fill it are passed over."""
    items = sorted(question_items(), key=lambda item: _rank(seed, template.id, item.id))
    return [
        case
        for lang, most in PER_TEMPLATE.items()
        for case in islice(_cases(template, [item for item in items if item.lang == lang]), most)
    ]


def _cases(template: Template, items: Sequence[AttackItem]) -> Iterator[AttackCase]:
    return (case for item in items if (case := _case(template, item)) is not None)


def usable(templates: Sequence[Template], seed: int = 0) -> tuple[list[Template], list[str]]:
    """The templates that make at least one case, and of each other one why it makes none, in words."""
    reasons = {template.id: _why_not(template, seed) for template in templates}
    told = [say("evals.template_left", id=name, why=why) for name, why in reasons.items() if why]
    return [template for template in templates if not reasons[template.id]], told


def _why_not(template: Template, seed: int) -> str:
    try:
        if of_template(template, seed):
            return ""
    except BadInput as error:
        return str(error)
    texts = (template.template_zh, template.template_en, template.base or "")
    gaps = dict.fromkeys(gap for text in texts for gap in unknown_gaps(text))
    return say("evals.template_gaps", gaps=", ".join(gaps)) if gaps else say("evals.template_unfilled")


def suite_source(cases: Sequence[AttackCase]) -> Source:
    """What a run writes down of its suite: the sha256 of every case in it."""
    state = hashlib.sha256()
    for case in cases:
        fields = asdict(case) | {"item": case.item.model_dump()}
        state.update(json.dumps(fields, ensure_ascii=False, sort_keys=True).encode("utf-8", "surrogatepass"))
    return Source(name="attacks", sha256=state.hexdigest(), size=len(cases))


def sampled(cases: Sequence[AttackCase], size: int | None, seed: int) -> list[AttackCase]:
    """At most `size` cases, every family in turn, in the order of the suite."""
    if size is None:
        return list(cases)
    queues: dict[str, list[AttackCase]] = {}
    for case in sorted(cases, key=lambda case: _rank(seed, case.id)):
        queues.setdefault(case.family, []).append(case)
    kept: set[str] = set()
    while len(kept) < min(size, len(cases)):
        for queue in queues.values():
            if queue and len(kept) < size:
                kept.add(queue.pop().id)
    return [case for case in cases if case.id in kept]


def _rank(seed: int, *names: str) -> str:
    return digest(str(seed), *names)


def _case(template: Template, item: AttackItem) -> AttackCase | None:
    if template.rule == "copied" and len(tokens(plain(item.reference))) < COPIED_RUN:
        return None  # so few words in a row are no copy
    target = int(_rank(0, template.id, item.id)[:8], 16) % len(item.points)
    text = template.template_zh if item.lang == "zh" else template.template_en
    altered = _altered(item, target) if template.rule == "adheres" else item
    answer = fill(text, altered, target)
    base = None if template.base is None else fill(template.base, altered, target)
    if answer is None or (template.base is not None and base is None):
        return None
    return AttackCase(
        id=f"{item.id}/{template.id}",
        family=template.family,
        rule=template.rule,
        item=altered,
        answer=answer,
        base=base,
        target=target,
        passage=item.reference if template.rule == "copied" else None,
    )


def _altered(item: AttackItem, target: int) -> AttackItem:
    """The item with one key point turned round, so that following it means saying what is not so."""
    points = tuple(item.negated[i] if i == target else point for i, point in enumerate(item.points))
    return item.model_copy(update={"points": points})
