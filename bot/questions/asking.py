"""Whether a question asks for a key point."""

from collections.abc import Callable, Sequence

from bot.questions.words import content_words, likeness, share
from bot.seams import Vectors

ASKED_WORDS = 0.1
"""From this share of the question's words inside a key point or its quote, the point is asked for."""
ASKED_DEVIATIONS = 0.25
"""A point with fewer must be closer to its question than to the others by so many deviations.

Measured with multilingual-e5-small on 347 points of 80 questions: keeps 85 to 90 % of the points that
belong to their question, and 40 % of those that belong to another question of the same notes.
"""
ALIKE = 0.75
"""From this likeness of their words on, another question asks the same and tells nothing."""
MOST_OTHERS = 50
"""Other questions that a point is compared with."""
FEWEST_OTHERS = 5
"""Other questions that are needed for that comparison; with fewer the point has the benefit of the doubt."""

VectorsOf = Callable[[Sequence[str]], Vectors]


def is_asked(question: str, point: tuple[str, str], others: Sequence[str], vectors: VectorsOf) -> bool:
    """Whether the point shares words with its question, or is closer to it than to most others.

    Args:
        question: As it is asked.
        point: Its text and its quote.
        others: Further questions about the same notes, nearest last.
        vectors: Of texts, of length 1, in order.

    Raises:
        ModelUnavailable: The embedding model cannot be loaded.
    """
    words = content_words(question)
    if share(words, content_words(point[0]) | content_words(point[1])) >= ASKED_WORDS:
        return True
    telling = [other for other in others if likeness(content_words(other), words) < ALIKE]
    if len(telling) < FEWEST_OTHERS:
        return True
    found = vectors([point[0], question, *telling[-MOST_OTHERS:]])
    close = found[1:] @ found[0]
    return float(close[0] - close[1:].mean()) >= ASKED_DEVIATIONS * float(close[1:].std())
