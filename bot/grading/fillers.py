"""Talk without content: openers, politeness, announcements, and ways to say 'I do not know'."""

import re
from functools import cache

from bot.grading.clauses import clauses
from bot.grading.lexicon import longest_first, words
from bot.grading.words import any_of, is_exact, tokens

_NUMBERING = re.compile(r"(?m)^[ \t]*\(?\d{1,2}[.)、:][ \t]*$|^[ \t]*\(?\d{1,2}[.)、:]\s")
_ONLY_NUMBERING = re.compile(
    r"(?:\s{0,9}[(\[]?(?:\d{1,2}|[一二三四五六七八九十a-f])[.)、:\]]+){2,}\s{0,9}\d{0,2}\s{0,9}|\s{0,9}(?:\d{1,2}\s{0,9}\n\s{0,9}){2,}\d{0,2}\s{0,9}"
)
_UNSPACED = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\u0e00-\u0e7f]")
_MARKUP = re.compile(r"</?(?:br|hr|p|div|span|b|i|em|strong|u|a|ul|ol|li|h[1-6]|table|tr|td)\b[^<>]{0,80}>")
_BABBLE = 4
"""Times that one and the same letter is repeated without anything else to count as babble."""
_NODS = re.compile(r"\b(?:yes|no|look|looks|looked)\b|是的|不是|对的|会的|不会|能|因为")
_STAGE = (
    r"(?:read|understand|think|reflect|plan|analy[sz]e|reason|solve|check|verify|conclude|respond|answer)"
)
_STAGES = re.compile(
    rf"\W{{0,9}}{_STAGE}(?:\W{{1,9}}(?:(?:and|then)\W{{1,9}}){{0,2}}{_STAGE}){{1,20}}\W{{0,9}}"
)
_LAUGHTER = re.compile(r"(\w{1,3}?)\1{3,}\w?")
_SYMBOL = re.compile(r"\\[a-z]+|[α-ω]")


def contentful(text: str) -> bool:
    """Whether normalised text says anything once openers, stop words and filler are taken away.

    Short is not empty: a number, a formula or a single term says something.
    """
    bare = _without_numbering(_MARKUP.sub(" ", text))
    if _babbles(bare) or _STAGES.fullmatch(bare):
        return False
    if (is_exact(bare) or _SYMBOL.search(bare)) and any(char.isalnum() for char in bare):
        return True
    return bool(remaining(bare)) or _predicates(bare)


def gives_up(text: str, question: str = "") -> bool:
    """Whether normalised text says 'I do not know' and nothing else, however politely."""
    asked = frozenset(token.text for token in tokens(question))
    said_so = False
    for clause in clauses(text):
        if _surrenders(clause.text, asked) and not _asked_with(clause.text, question):
            said_so = True
        elif contentful(clause.text) and not (set(remaining(clause.text)) <= asked):
            return False
    return said_so


def _surrenders(clause: str, asked: frozenset[str]) -> bool:
    match = _gave_up().search(clause)
    if match is None:
        return False
    rest = clause[: match.start()] + "\n" + clause[match.end() :]
    left = " ".join(
        word for word in re.findall(r"[a-z']+|[^a-z']+", rest) if word not in words("gave_up_fill_en")
    )
    return not (set(_units_left(left)) - asked)


def _asked_with(clause: str, question: str) -> bool:
    """Whether the words that would give up are the question's own: '过' of '过拟合', not a '过' alone."""
    match = _gave_up().search(clause)
    if match is None:
        return False
    start, end = max(0, match.start() - 1), match.end() + 1
    around = (clause[start : match.end()], clause[match.start() : end])
    return any(len(part) > len(match[0]) and part in question for part in around)


def remaining(text: str) -> list[str]:
    """Tokens that are neither filler nor stop words; text in other scripts counts unless it is an opener."""
    stripped = _openers().sub(" ", text)
    return _units_left(stripped)


def _predicates(text: str) -> bool:
    """Whether fillers that can carry an answer ('different', '方法') stand without any that cannot.

    So 'yes, because they are different' is one, and 'an important question from different angles' is none.
    """
    if text.rstrip().endswith(":"):
        return False
    bearing = any_of(words("bearing"))
    rest = _NODS.sub(" ", bearing.sub(" ", text))
    left = [token.text for token in tokens(any_of(words("stop_zh")).sub(" ", rest))]
    idle = words("stop_en") | words("function_chars")
    return bearing.search(text) is not None and all(word in idle for word in left)


def _units_left(text: str) -> list[str]:
    left = _fillers_zh().sub(" ", text)
    idle = words("filler_en") | words("stop_en")
    return [
        token.text
        for token in tokens(left)
        if token.text not in idle and token.text not in words("function_chars")
    ]


def _without_numbering(text: str) -> str:
    """Text without the numbers of a list, and without all numbers where there is nothing but numbering."""
    if _ONLY_NUMBERING.fullmatch(text):
        return " "
    return _NUMBERING.sub(" ", text)


def _babbles(text: str) -> bool:
    """Whether one character or syllable is all there is, again and again: 'aaaa', '哈哈哈', 'hahahaha'."""
    if any(char.isdigit() for char in text):
        return False
    said = "".join(char for char in text if char.isalpha())
    return len(said) >= _BABBLE and (len(set(said)) == 1 or _LAUGHTER.fullmatch(said) is not None)


@cache
def _gave_up() -> re.Pattern[str]:
    return any_of(words("gave_up_zh") | words("gave_up_en"))


@cache
def _fillers_zh() -> re.Pattern[str]:
    return any_of(words("filler_zh") | words("stop_zh"))


@cache
def _openers() -> re.Pattern[str]:
    """Openers as whole words; those of scripts without spaces between words wherever they stand."""
    spaced = "|".join(re.escape(word) for word in longest_first("openers") if not _UNSPACED.match(word))
    joined = "|".join(re.escape(word) for word in longest_first("openers") if _UNSPACED.match(word))
    return re.compile(rf"{joined}|(?<!\w)(?:{spaced})(?!\w)")
