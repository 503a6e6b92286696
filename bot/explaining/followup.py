"""Understanding a follow-up question from the conversation."""

import re
from collections.abc import Sequence

from bot.domain.conversations import ConversationTurn
from bot.domain.errors import ModelUnavailable
from bot.prompts.standalone import standalone_prompt
from bot.seams import LanguageModel, is_embedded

REMEMBERED = 3
"""Earlier questions that a follow-up can refer to."""

_REFERS = re.compile(
    r"它|他们|她|这个|那个|这种|那种|这些|那些|其中|其(?!他|它|实|次|余)|(?<!应)该|前者|后者|两者|二者|上面|刚才|上述|(?<![因如由彼])此"
    r"|\b(?:it|its|they|them|their|this|these|those|the (?:former|latter|same|first|second)|both)\b",
    re.IGNORECASE,
)
_OPENS = re.compile(
    r"^(?:那么?|还有|另外|然后|所以|为什么呢|怎么说|比如|例如"
    r"|and\b|but\b|so\b|what about\b|how about\b|why\b\W*$)",
    re.IGNORECASE,
)
_TRAILS = re.compile(r"呢[？?]?$")
_SHORT = 4


def is_follow_up(query: str) -> bool:
    """Whether a query leans on what was said before: a pronoun, a connective, '…呢？', or very few words."""
    query = query.strip()
    return bool(
        _REFERS.search(query) or _OPENS.search(query) or _TRAILS.search(query) or len(query) <= _SHORT
    )


def standalone(query: str, history: Sequence[ConversationTurn], model: LanguageModel | None) -> str:
    """`query` as it would be asked without the conversation."""
    return resolved(query, [turn.explanation.standalone for turn in history if turn.explanation], model)


def resolved(query: str, asked: Sequence[str], model: LanguageModel | None) -> str:
    """`query` as it would be asked alone, after the queries `asked`, which stand alone themselves.

    Without a model (or when it does not answer, or is a small embedded one, which rewrites into another
    question) the question it leans on is put before it, which is enough for retrieval.
    """
    earlier = asked[-REMEMBERED:]
    if not earlier or not is_follow_up(query):
        return query
    joined = f"{_subject(earlier)} {query}"
    if model is None or is_embedded(model):
        return joined
    try:
        rewritten = model.reply(standalone_prompt(earlier, query), max_tokens=120).text.strip()
    except ModelUnavailable:
        return joined
    usable = 0 < len(rewritten) <= 4 * len(joined) and "\n" not in rewritten
    return rewritten if usable else joined


def _subject(earlier: Sequence[str]) -> str:
    """The latest question that stands on its own, or the latest one."""
    return next((query for query in reversed(earlier) if not is_follow_up(query)), earlier[-1])
