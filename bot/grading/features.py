"""Numbers that a verifier judges one key point by."""

import math
import re
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from bot.grading import alignment, stance
from bot.grading.clauses import clauses
from bot.grading.evidence import Evidence
from bot.grading.lexicon import words
from bot.grading.words import Token, terms, tokens, unit_set

NAMES = (
    "spelling", "recall_answer", "recall_best", "recall_pair", "recall_plain", "runs", "longest_run",
    "precision",
    "close_best", "close_gain", "echo", "negation", "opposition", "numbers_wrong",
    "numbers_found", "has_numbers", "inversion", "inversion_compared", "kept", "crossed", "hedged", "shotgun",
    "glue", "glue_missing", "clause_length", "contradicts_itself", "length_ratio", "foreign_words",
    "point_length", "letter_pairs", "letter_triples", "letters_known", "negators_wanted", "negators_said",
    "negators_differ", "quote_negation", "quote_opposition", *alignment.NAMES,
)  # fmt: skip
"""Features in the order of `vector`; those of an alignment are told there. Pair: the best two sentences.

spelling                            share of the point's runs of letters that stand in the pair
recall_answer, _best, _pair         share of its units, by weight, in the answer, the best sentence, the pair
recall_plain                        in the answer, with the question's units at full weight
runs, longest_run                   share of its words in common runs, in the longest of them
precision                           share of the best sentence's units that point or question hold
close_best, close_gain, echo        closeness to the best sentence; that less the question's; the question's
negation, opposition, inversion     what bot.grading.stance says of the best sentence; kept, crossed: the pair
numbers_wrong, _found, has_numbers  the point's own numbers
hedged, shotgun                     doubt, and candidates instead of an answer, that the point does not have
contradicts_itself                  another sentence that speaks to the point denies it
glue, glue_missing                  share of words that only hold others together
quote_*, negators_*                 negation where the texts share no words to pin it to
letter_*, letters_known             common runs of characters
"""
FEATURE_DECIMALS = 4
"""Features are rounded to this: machines differ in the digits behind."""

_PIECES = re.compile(r"[、,，;；/|\n]+|(?<=[\u4e00-\u9fff])\s+(?=[\u4e00-\u9fff])")  # not around "x = 1"
_ENDS = re.compile(r"[、,，;；。]+")
_STATEMENT = 4
"""Tokens from which a key point is more than a term, and pieces from which an answer is a list."""
_TERM_CHARS = 4.5
"""Mean Chinese characters of a piece up to which the pieces are terms."""
_KEPT_TOGETHER = 0.6
"""Share of a key point in one run from which it was said, not listed."""

Features = NDArray[np.float64]


def vector(evidence: Evidence) -> Features:
    """Features of one key point, shape (len(NAMES),), in the order of NAMES."""
    values = {**_words(evidence), **_meaning(evidence), **_stance(evidence), **_shape(evidence)}
    values |= {**_letters(evidence), **_denial(evidence), **evidence.alignment.values}
    return np.round(np.array([values[name] for name in NAMES], dtype=np.float64), FEATURE_DECIMALS)


def verbatim(evidence: Evidence) -> bool:
    """Whether the key point stands in the answer word for word, punctuation aside."""
    wanted = "".join(token.text for token in tokens(evidence.point))
    return bool(wanted) and wanted in "".join(token.text for token in tokens(evidence.pair))


def strung_together(evidence: Evidence) -> bool:
    """Whether the answer lists terms, or shuffled words, where the point makes a statement."""
    parts = [tokens(piece) for piece in _PIECES.split(evidence.best.text)]
    sizes = [len(part) for part in parts if part]
    wanted = max(len(tokens(piece)) for piece in _ENDS.split(evidence.point))
    ours = [token.text for token in terms(evidence.point)]
    blocks = _blocks(ours, [token.text for token in terms(evidence.best.text)])
    longest = max(blocks, default=0) / max(1, len(ours))
    if longest >= _KEPT_TOGETHER or len(tokens(evidence.point)) < _STATEMENT:
        return False
    if evidence.is_row:
        return True
    if _chinese(evidence.best.text):
        return len(sizes) >= _STATEMENT and sum(sizes) / len(sizes) <= _TERM_CHARS and wanted > _TERM_CHARS
    idle = words("stop_en")
    said = tokens(evidence.best.text)
    bare = len(said) > _STATEMENT and sum(token.text in idle for token in said) <= 0.05 * len(said)
    in_a_row = sum(block for block in blocks if block > 1) / len(ours)
    return bare or (evidence.recall[1] > 0.7 and in_a_row < 0.3 and not _chinese(evidence.point))


def plainly_denied(evidence: Evidence) -> bool:
    """Whether the words of the answer show that it says the opposite, whatever else was learned."""
    point = evidence.point
    return any(stance.shows_conflict(point, said.text) for said in (evidence.best, evidence.quote))


def _words(evidence: Evidence) -> dict[str, float]:
    """Words that both texts hold, alone and in runs."""
    ours = [token.text for token in terms(evidence.point)]
    theirs = [token.text for token in terms(evidence.pair)]
    blocks = _blocks(ours, theirs)
    said = unit_set(evidence.best.text)
    known = unit_set(evidence.point) | unit_set(evidence.question)
    return {
        "spelling": _spelling(evidence.point, evidence.pair),
        "recall_answer": evidence.recall[0],
        "recall_best": evidence.recall[1],
        "recall_pair": evidence.recall[2],
        "recall_plain": evidence.plain_recall,
        "runs": sum(block for block in blocks if block > 1) / max(1, len(ours)),
        "longest_run": max(blocks, default=0) / max(1, len(ours)),
        "precision": len(said & known) / max(1, len(said)),
    }


def _spelling(point: str, said: str) -> float:
    """Share of the point's runs of letters (four of a word, two Chinese characters) found in `said`."""
    wanted = _runs_of_letters(point)
    return len(wanted & _runs_of_letters(said)) / len(wanted) if wanted else 0.0


def _runs_of_letters(text: str) -> set[str]:
    parts = tokens(text)
    pairs = {a.text + b.text for a, b in pairwise(parts) if a.kind == b.kind == "han"}
    latin = [part.text for part in parts if part.kind == "word"]
    return pairs | {word[start : start + 4] for word in latin for start in range(max(1, len(word) - 3))}


def _letters(evidence: Evidence) -> dict[str, float]:
    """Runs of characters that both texts hold, whatever they are parts of."""
    known = _grams(evidence.question, 2)
    pairs, said = _grams(evidence.point, 2), _grams(evidence.answer, 2)
    triples = _grams(evidence.point, 3)
    telling = pairs - known or pairs
    best = _grams(evidence.best.text, 2)
    return {
        "letter_pairs": len(telling & said) / max(1, len(telling)),
        "letter_triples": len(triples & _grams(evidence.pair, 3)) / max(1, len(triples)),
        "letters_known": len(best & (pairs | known)) / max(1, len(best)),
    }


def _grams(text: str, size: int) -> set[str]:
    letters = "".join(char for char in text if char.isalnum())
    return {letters[i : i + size] for i in range(len(letters) - size + 1)}


def _denial(evidence: Evidence) -> dict[str, float]:
    """Negation where no words are shared that it could be pinned to."""
    wanted, said = stance.negations(evidence.point), stance.negations(evidence.quote.text)
    return {
        "negators_wanted": float(min(2, wanted)),
        "negators_said": float(min(2, said)),
        "negators_differ": float(wanted % 2 != said % 2),
        "quote_negation": stance.negation_conflict(evidence.point, evidence.quote.text),
        "quote_opposition": stance.opposition(evidence.point, evidence.quote.text),
    }


def _meaning(evidence: Evidence) -> dict[str, float]:
    """Closeness of whole texts."""
    return {
        "close_best": evidence.close,
        "close_gain": evidence.close - evidence.echo,
        "echo": evidence.echo,
    }


def _stance(evidence: Evidence) -> dict[str, float]:
    """Whether the answer says the same, the opposite, or nothing for sure."""
    point, said = evidence.point, evidence.pair
    kept, crossed = stance.binding(point, said)
    wanted = stance.numbers(point) - stance.numbers(evidence.question)
    turned = stance.inversion(point, evidence.best.text)
    compared = stance.compares(point) and stance.compares(evidence.best.text)
    return {
        "negation": stance.negation_conflict(point, evidence.best.text),
        "opposition": stance.opposition(point, evidence.best.text),
        "numbers_wrong": stance.number_conflict(evidence.question, point, said),
        "numbers_found": len(wanted & stance.numbers(evidence.answer)) / len(wanted) if wanted else 1.0,
        "has_numbers": float(bool(wanted)),
        "inversion": turned,
        "inversion_compared": turned * compared,
        "kept": kept,
        "crossed": crossed,
        "hedged": float(stance.hedges(evidence.best.text) > stance.hedges(point)),
        "shotgun": float(stance.shotgun(evidence.answer) and not stance.shotgun(point)),
        "contradicts_itself": max((stance.opposed(point, other) for other in evidence.rivals), default=0.0),
    }


def _shape(evidence: Evidence) -> dict[str, float]:
    """Whether the best sentence is one, and how long it is."""
    ours, theirs = terms(evidence.point), terms(evidence.best.text)
    parts = clauses(evidence.best.text) or (evidence.best,)
    glue, wanted = _glue(ours, evidence.point), _glue(theirs, evidence.best.text)
    return {
        "glue": wanted,
        "glue_missing": max(0.0, glue - wanted),
        "clause_length": math.log1p(len(theirs) / len(parts)),
        "length_ratio": max(-2.0, min(2.0, math.log((1 + len(theirs)) / (1 + len(ours))))),
        "foreign_words": float(_chinese(evidence.point) != _chinese(evidence.best.text)),
        "point_length": math.log1p(len(ours)),
    }


def _glue(parts: list[Token], text: str) -> float:
    """Share of a text's tokens that only hold others together: particles, prepositions, copulas."""
    every = tokens(text)
    idle = words("function_chars") | words("stop_en")
    return sum(token.text in idle for token in every) / max(1, len(every)) if parts else 0.0


def _chinese(text: str) -> bool:
    parts = tokens(text)
    return sum(part.kind == "han" for part in parts) * 3 > len(parts)


def _blocks(ours: list[str], theirs: list[str]) -> list[int]:
    """Lengths of the runs that two sequences share, longest first, none used twice."""
    left = list(ours)
    right = list(theirs)
    found: list[int] = []
    for _ in range(8):
        size, i, j = _longest(left, right)
        if size == 0:
            break
        found.append(size)
        left[i : i + size] = [f"\0{len(found)}"] * size
        right[j : j + size] = [f"\1{len(found)}"] * size
    return found


def _longest(left: list[str], right: list[str]) -> tuple[int, int, int]:
    """(length, start in left, start in right) of the first longest common run."""
    places: dict[str, list[int]] = {}
    for j, word in enumerate(right):
        places.setdefault(word, []).append(j)
    best = (0, 0, 0)
    previous: dict[int, int] = {}
    for i, word in enumerate(left):
        current: dict[int, int] = {}
        for j in places.get(word, ()):
            size = current[j] = previous.get(j - 1, 0) + 1
            if size > best[0]:
                best = (size, i - size + 1, j - size + 1)
        previous = current
    return best
