"""A part of a set that anybody can draw again."""

import hashlib

from evals.cases import C

PER_QUESTION = 10


def sample(cases: tuple[C, ...], size: int, seed: int) -> tuple[C, ...]:
    """At most `size` cases by a rule that anybody can repeat, in the order of the set.

    Questions in the order of sha256("seed:question"), of each the first 10 answers in the order of
    sha256("seed:id"), until there are `size`.
    """

    def rank(name: str) -> str:
        return hashlib.sha256(f"{seed}:{name}".encode()).hexdigest()

    by_group: dict[str, list[C]] = {}
    for case in cases:
        by_group.setdefault(case.group, []).append(case)
    chosen: list[str] = []
    for group in sorted(by_group, key=rank):
        ids = sorted((str(case.id) for case in by_group[group]), key=rank)
        chosen += ids[:PER_QUESTION]
    kept = set(chosen[:size])
    return tuple(case for case in cases if str(case.id) in kept)
