"""Rows of a training set and the siblings that they are changes of."""

from difflib import SequenceMatcher

SHORTEST = 2
"""Characters that count as kept when they stand in both answers in the same order."""


def kept(answer, other):
    """Share of the shorter answer that the longer one has too."""
    blocks = SequenceMatcher(None, answer, other, autojunk=False).get_matching_blocks()
    return sum(b.size for b in blocks if b.size >= SHORTEST) / min(len(answer), len(other))


def differing(row, other):
    """Number of verdicts in which two rows on the same question differ."""
    return sum(a != b for a, b in zip(row["verdicts"], other["verdicts"], strict=True))


def paired(rows):
    """Each row that names a pair, with that pair; it must be an earlier row of the same family."""
    seen = {}
    for row in rows:
        if row["pair"] is not None:
            other = seen[row["pair"]]
            assert other["family"] == row["family"], row["id"]
            yield row, other
        seen[row["id"]] = row
