"""How far what else is read moves a probability of the embedded judge, and whether it moves a verdict.

python -m evals.adapter.steady [--answers N]

Answers of the gold set's development half are judged as the product does, and again with their key points
read in other company. Prints a Markdown table: differences of a probability before any rounding, and verdicts
and statuses that rounding did not keep the same.
"""

import argparse
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial

import numpy as np

from bot.domain.grades import Verdict
from bot.grading.gate import screen
from bot.grading.judge_embedded import EmbeddedJudge
from bot.grading.judge_features import FeatureJudge
from bot.grading.judging import GradingCase
from bot.seams import Piece, TokenEmbedder, WordReader
from evals.adapter.reads import Known, gold_dev

Pieces = Sequence[Piece]
Row = tuple[float, ...]
Read = Callable[[Pieces, Sequence[Pieces]], Iterator[Row]]


def _between(read: Read, opening: Pieces, closings: Sequence[Pieces]) -> Iterator[Row]:
    for row in read(opening, closings):
        yield row
        list(read((*opening[:-1], Piece("…", True)), closings[:1]))


FIRST = "as the product reads"
WAYS: dict[str, Callable[[Read, Pieces, Sequence[Pieces]], Iterable[Row]]] = {
    FIRST: lambda read, start, ends: read(start, ends),
    "each point alone, nothing stored": lambda read, start, ends: (next(read(start, [end])) for end in ends),
    "points in the opposite order": lambda read, start, ends: reversed(list(read(start, ends[::-1]))),
    "a second process reads after each point": _between,
    "as the product reads, after all that": lambda read, start, ends: read(start, ends),
}


@dataclass
class Reading:
    """Implements bot.seams.WordReader in one of the ways, and keeps what came of it."""

    reader: WordReader
    way: str
    rows: dict[tuple[Piece, ...], Row] = field(default_factory=dict)
    verdicts: list[Verdict] = field(default_factory=list)
    name: str = "steady"

    def word_logprobs(
        self, opening: Pieces, closings: Sequence[Pieces], words: Sequence[str]
    ) -> Iterator[Row]:
        """As bot.seams.WordReader; raises what the reader below raises."""
        read = partial(self.reader.word_logprobs, words=words)
        for closing, row in zip(closings, WAYS[self.way](read, opening, closings), strict=True):
            self.rows[*opening, *closing] = row
            yield row


def readings(reader: WordReader, embedder: TokenEmbedder, known: Sequence[Known]) -> dict[str, Reading]:
    """All answers that the gate lets through, read in each way; raises what the models raise."""
    found = {way: Reading(reader, way) for way in WAYS}
    for one in known:
        screening = screen(one.question, one.answer)
        for each in found.values() if not screening.stopped else ():
            case = GradingCase(one.question, one.points, screening)
            each.verdicts += EmbeddedJudge(each, FeatureJudge(embedder)).judge(case)
    return found


def table(found: Mapping[str, Reading]) -> str:
    """Differences to the first way, in Markdown."""
    first = found[FIRST]
    text = "| read | largest | 99th percentile | probabilities | verdicts moved | statuses moved |\n"
    text += "| --- " * 6 + "|\n"
    for way, other in list(found.items())[1:]:
        same = sorted(first.rows.keys() & other.rows.keys())
        left, right = ([each.rows[prompt] for prompt in same] for each in (first, other))
        apart = np.abs(np.exp(left) - np.exp(right))
        pairs = list(zip(first.verdicts, other.verdicts, strict=True))
        moved, turned = sum(a != b for a, b in pairs), sum(a.status is not b.status for a, b in pairs)
        text += f"| {way} | {apart.max():.1e} | {np.percentile(apart, 99):.1e} | {apart.size} "
        text += f"| {moved}/{len(pairs)} | {turned}/{len(pairs)} |\n"
    return text


def main() -> None:
    """Command line."""
    from bot.settings import load_settings
    from evals.wiring import opened_reader

    parser = argparse.ArgumentParser(prog="python -m evals.adapter.steady", description=__doc__)
    parser.add_argument("--answers", type=int, default=20, help="of the gold set's development half")
    asked = parser.parse_args()
    with opened_reader(load_settings()) as (reader, embedder):
        sys.stdout.write(table(readings(reader, embedder, gold_dev()[: asked.answers])))


if __name__ == "__main__":
    main()
