"""Whether an answer only repeats its question, or a long run of the notes. All texts are in normal form."""

import re
from collections.abc import Sequence

from bot.grading.clauses import sentences
from bot.grading.fillers import contentful, remaining
from bot.grading.lexicon import words
from bot.grading.words import any_of, is_exact, tokens, unit_set

COPIED_SHARE = 0.6
"""Share of the question that an answer must repeat to count as a copy of it."""
LONG_RUN, COPIED_OF_SENTENCE = 8, 0.8
"""Tokens, and share of a sentence, from which on what stands in the question in one run is a copy of it."""
MOST_BESIDE = 12
"""Content units beside the whole question that may be filler where none of them is of the key points."""
_ALTERNATIVES = re.compile(
    r"还是|或者?|哪个|哪种|哪一|是否|吗|能不能|会不会|是不是|有没有|\bor\b|\bwhich\b|\bwhether\b"
)
_YES_NO = re.compile(
    r"吗|是否|会不会|能不能|是不是|有没有|^\s*(?:is|are|do|does|can|will|did|has|have|should)\b"
)
_CHOICE = re.compile(r"还是|或者?|\bor\b")
_SEVERAL = re.compile(r"和|与|跟|同|及|、|,|\band\b|\bamong\b")
_WHICH = re.compile(r"哪个|哪种|哪一|哪些|谁|\bwhich\b|\bwho\b")
_ASKS = re.compile(
    r"什么|为何|如何|怎么|怎样|哪些|哪个|哪种|多少|吗|还是|是否|能不能|会不会|是不是|有没有|几种|何种|分别是|[?]"
    r"|\b(?:what|why|how|which|whether|when|where|who)\b"
)
_WONDERS = re.compile(
    r"(?:什么|为何|如何|怎么|怎样|哪些|哪个|哪种|多少|\b(?:what|why|how|which|when|where|who)\b)[^?。!\n]*[?]"
)
_LINK = re.compile(r"就是|等于|即为|=|不是|并非|不能|不会|不可以|没有|无法|\bnot\b|n't\b|\bequals\b")


def longest_run(left: str, right: str) -> int:
    """Length in tokens of the longest run that two texts share."""
    first = [token.text for token in tokens(left)]
    second = [token.text for token in tokens(right)]
    best = 0
    previous = [0] * (len(second) + 1)
    for word in first:
        current = [0] * (len(second) + 1)
        for index, other in enumerate(second):
            if word == other:
                current[index + 1] = previous[index] + 1
        best = max(best, *current)
        previous = current
    return best


def offers_alternatives(question: str) -> bool:
    """Whether a question names the answers to choose from, or can be answered by yes or no."""
    return bool(_ALTERNATIVES.search(question))


def asks_yes_no(question: str) -> bool:
    """Whether a question can be answered by yes or no."""
    return bool(_YES_NO.search(question))


def is_offered(question: str, quote: str) -> bool:
    """Whether a part of a question is an answer that it offers: one of several named, or what a yes says."""
    if _CHOICE.search(quote) or _ASKS.search(quote):
        return False
    named = _CHOICE.search(question) or (_WHICH.search(question) and _SEVERAL.search(question))
    return bool(named) or asks_yes_no(question)


def repeats(question: str, answer: str, points: Sequence[str] = ()) -> bool:
    """Whether an answer says no more than its question: copied, reordered, lightly reworded, with filler.

    Args:
        question: What was asked.
        answer: What was said.
        points: The key points: beside the whole question, a few words that have none of theirs are filler.
    """
    said = unit_set(answer)
    asked = frozenset(unit for unit in _matter(question) if len(unit) > 1) or unit_set(question)
    if not asked or len(asked & said) < COPIED_SHARE * len(asked) or _asserts(question, answer):
        return False
    rest = without_runs(answer, question)
    return not _says(rest, question) or (bool(points) and _idle(rest, question, answer, points))


def only_asks(answer: str) -> bool:
    """Whether an answer is nothing but questions of its own (what, why, how)."""
    rest = _WONDERS.sub(" ", answer)
    return rest != answer and not contentful(rest)


def without_runs(answer: str, question: str) -> str:
    """An answer without the parts of at least two tokens that stand in the question."""
    asked = " ".join(token.text for token in tokens(question))
    parts = tokens(answer)
    keep = [True] * len(parts)
    for index in range(len(parts) - 1):
        if f"{parts[index].text} {parts[index + 1].text}" in asked:
            keep[index] = keep[index + 1] = False
    chars = list(answer)
    for part, kept in zip(parts, keep, strict=True):
        if not kept:
            chars[part.start : part.end] = " " * (part.end - part.start)
    return "".join(chars)


def _matter(question: str) -> frozenset[str]:
    """What a question is about, without its words for asking."""
    return unit_set(any_of(words("asking")).sub(" ", question))


def _says(rest: str, question: str) -> bool:
    """Whether what is left of an answer says anything that is not asking, and not in the question."""
    plainly = any_of(words("asking")).sub(" ", rest)
    return contentful(plainly) and bool(set(remaining(plainly)) - {token.text for token in tokens(question)})


def _idle(rest: str, question: str, answer: str, points: Sequence[str]) -> bool:
    """Whether the question stands whole in an answer, and what is beside it is short and beside the point."""
    bare = question.strip(" ?.。!")
    left = unit_set(rest)
    if bare not in answer or len(left) > MOST_BESIDE or is_exact(rest):
        return False
    return not left & (frozenset[str]().union(*map(unit_set, points)) - unit_set(question))


def _asserts(question: str, answer: str) -> bool:
    """Whether an answer made of the question's words states something: 'B is A', 'it cannot', a choice."""
    for sentence in sentences(answer):
        tail = answer[sentence.end : sentence.end + 1]
        if tail == "?" or _ASKS.search(sentence.text) or _is_copy(sentence.text, question):
            continue
        chooses = asks_yes_no(question) or unit_set(sentence.text) & unit_set(question)
        if offers_alternatives(question) and chooses and contentful(sentence.text):
            return True
        link = next((m for m in _LINK.finditer(sentence.text) if m[0] not in question), None)
        sides = (sentence.text[: link.start()], sentence.text[link.end() :]) if link else ("", "")
        if all(unit_set(side) for side in sides) and not _filler_after(sides[1], question):
            return True
    return False


def _is_copy(sentence: str, question: str) -> bool:
    """Whether a sentence stands in the question, or nearly all of a long one does ('so, in one hour …')."""
    if sentence in question:
        return True
    run = longest_run(sentence, question)
    return run >= max(LONG_RUN, COPIED_OF_SENTENCE * len(tokens(sentence)))


def _filler_after(side: str, question: str) -> bool:
    """Whether what follows the link is filler: 'X is a very important question'."""
    return not (unit_set(side) & unit_set(question)) and not contentful(side)
