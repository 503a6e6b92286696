"""The prompt for questions as it is sent."""

from bot.prompts.question import PASSAGE_CHARS, question_prompt, repair_prompt


def test_the_request_names_kinds_and_language_and_keeps_others_text_apart() -> None:
    system, user = question_prompt("训练 > 早停\n早停省时间。", ["why", "how"], ["什么是早停？"], "zh")
    assert (system.role, user.role) == ("system", "user")
    assert "Write 2 question(s), each of another kind out of: why, how." in system.content
    assert "Write question and points in Chinese" in system.content
    assert "早停" not in system.content
    passage, known = user.content.split("\n\n")
    assert passage.startswith("<passage-") and "早停省时间。" in passage
    assert known.startswith("<known_questions-") and "什么是早停？" in known


def test_a_long_passage_ends_at_a_line() -> None:
    [_, user] = question_prompt("\n".join(["一行不长的话。"] * 1000), ["why"], [], "en")
    lines = user.content.splitlines()[1:-1]
    assert set(lines) == {"一行不长的话。"}
    assert len("\n".join(lines)) <= PASSAGE_CHARS


def test_a_repair_quotes_the_reply_and_the_reason() -> None:
    first = question_prompt("甲", ["why"], [], "zh")
    assert repair_prompt(first, "{", "cut off")[:2] == first
    assert [m.content for m in repair_prompt(first, "{", "cut off")[2:]] == [
        "{",
        "That reply cannot be used: cut off. Reply once more, with valid JSON of the same form only.",
    ]
