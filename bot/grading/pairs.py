"""Statements that are a key point's but for a word: said of another thing, or the other way round.

All texts are in normal form (bot.grading.normal).
"""

from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher

from bot.grading.clauses import clauses
from bot.grading.words import Token, terms

SAME_SHARE = 0.7
"""Share of the tokens of a key point's clause that stand in the same order in a clause that turns it."""
FEWEST_SAME = 3
"""Tokens that they have in common at least; with fewer, two clauses are alike by chance."""
MOST_TURNED = 2
_NAMED = ("term", "word")


def turned(point: str, said: str, known: Sequence[str]) -> bool:
    """Whether a clause of `said` is a clause of the key point with one or two terms replaced.

    Only a term that the question or a key point uses takes another one's place: of other things people
    speak in words of their own.

    Args:
        point: The key point.
        said: What is taken as evidence for it.
        known: Question and key points.
    """
    names = {token.text for text in known for token in terms(text) if token.kind in _NAMED}
    return any(
        0 < len(found := list(_replaced(terms(ours.text), terms(theirs.text)))) <= MOST_TURNED
        and all(other in names for other in found)
        for ours in clauses(point)
        for theirs in clauses(said)
    )


def _replaced(ours: Sequence[Token], theirs: Sequence[Token]) -> Iterator[str]:
    """The terms that stand in the place of others, where nothing else differs; none where more does."""
    matcher = SequenceMatcher(None, [one.text for one in ours], [one.text for one in theirs], autojunk=False)
    changes = [change for change in matcher.get_opcodes() if change[0] != "equal"]
    same = sum(block.size for block in matcher.get_matching_blocks())
    if same < max(FEWEST_SAME, SAME_SHARE * len(ours)):
        return
    pairs = [(ours[a:b], theirs[c:d]) for kind, a, b, c, d in changes if kind == "replace"]
    plain = len(pairs) == len(changes) and all(len(one) == len(other) == 1 for one, other in pairs)
    if plain and all(one[0].kind in _NAMED and other[0].kind in _NAMED for one, other in pairs):
        yield from (other[0].text for _, other in pairs)
