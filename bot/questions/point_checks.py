"""What code holds a proposed key point to."""

from bot.questions.context import named, topic_of
from bot.questions.words import content_words, likeness, plain, share

LEAK = 0.7
"""From this share of a key point's words inside the question, the question tells the answer."""
SUPPORTED = 0.1
"""Least share of a key point's words that its quote must hold."""
FAITHFUL = 0.7
"""Below this share the model has added something: the key point then says what its quote says."""
LONGEST_QUOTE = 160
"""Most characters of a quote that can stand as a key point's text."""
SAME = 0.85
"""From this likeness of their words on two key points say the same."""


def faithful(text: str, quote: str, question: str) -> str | None:
    """The key point's text, or the quote's words where it says more than they; None when unsupported."""
    supported = share(content_words(text), content_words(quote))
    if supported >= FAITHFUL:
        return text
    own = named(plain(quote).strip("；;，,。 "), topic_of(question))
    return own if supported >= SUPPORTED and len(own) <= LONGEST_QUOTE else None


def told_by(question: str, point: str) -> bool:
    """Whether the question says what the key point says."""
    words = content_words(point)
    return len(words) > 1 and share(words, content_words(question)) >= LEAK


def say_same(one: str, other: str) -> bool:
    """Whether two key points say the same."""
    return likeness(content_words(one), content_words(other)) >= SAME
