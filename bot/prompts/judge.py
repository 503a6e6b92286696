"""The prompt that has a language model judge an answer, key point by key point."""

from collections.abc import Mapping

from bot.prompts import as_data, load
from bot.seams import Message


def judge_prompt(
    question: str, points: Mapping[int, str], answer: str, note: str = ""
) -> tuple[Message, ...]:
    """Messages that ask for a verdict on each of `points`, in their order.

    Args:
        question: As asked.
        points: Texts of key points by number.
        answer: The learner's words; they enter as data only.
        note: What was wrong with the last reply, or what this reading is for; empty the first time.
    """
    numbered = "\n".join(f"{number}. {' '.join(text.split())}" for number, text in points.items())
    blocks = [as_data("question", question), as_data("key_points", numbered), as_data("answer", answer)]
    if note:
        blocks.append(note)
    return (
        Message(role="system", content=load("judge")),
        Message(role="user", content="\n\n".join(blocks)),
    )
