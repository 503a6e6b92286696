"""What was asked before a follow-up, and what the product makes of it."""

from collections.abc import Sequence

from bot.explaining.followup import resolved


def queries_of(conversation: object) -> list[str]:
    """The learner's queries, oldest first, of a list of texts, messages or pairs; empty for anything else."""
    found = [_query_of(item) for item in conversation] if isinstance(conversation, list) else []
    return [query for query in found if query.strip()]


def standing_alone(query: str, conversation: Sequence[str]) -> str:
    """`query` as the product understands it after the earlier queries, without a language model."""
    asked: list[str] = []
    for earlier in conversation:
        asked.append(resolved(earlier, asked, None))
    return resolved(query, asked, None)


def _query_of(item: object) -> str:
    """A text, a message of the learner's or the first of a pair; blank for anything else."""
    if isinstance(item, dict) and item.get("role", "user") == "user":
        item = next((item[name] for name in ("query", "content", "text") if name in item), "")
    elif isinstance(item, list) and item:
        item = item[0]
    return item if isinstance(item, str) else ""
