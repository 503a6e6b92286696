"""An exported conversation holds what the page shows of it."""

from datetime import UTC, datetime

from fakes.library import parsed

from bot.app.exporting import as_markdown
from bot.domain.answers import Citation, CitedSentence, Decider, Explanation, Hit, Outcome
from bot.domain.conversations import Conversation, ConversationTurn
from bot.domain.notes import Topic
from bot.domain.spans import Span
from bot.texts import say, speaking

NOON = datetime(2026, 1, 1, tzinfo=UTC)
CHUNK = parsed("a.md", {"什么是早停？": "早停监控验证集损失。"}).chunks[0]
HIT = Hit(chunk=CHUNK, source="a.md", fused=0.1, similarity=0.5, lexical=0.0, passage=CHUNK.spans[0])


def citation(number, quote):
    return Citation(
        number=number, chunk_id="c", document_id="d", source="a.md", heading_path=("训练", "早停"),
        span=Span(start=0, end=len(quote)), quote=quote,
    )  # fmt: skip


def explanation(outcome, **changes):
    fields = dict(
        query="问", standalone="问", outcome=outcome, decided_by=Decider.EVIDENCE, evidence=0.5,
        sentences=(), citations=(), nearest=(HIT,),
    )  # fmt: skip
    return Explanation(**(fields | changes))


def exported(*answers, error=None):
    turns = tuple(
        ConversationTurn(query=f"问 {number}", explanation=answer, error=error, asked_at=NOON)
        for number, answer in enumerate(answers, start=1)
    )
    conversation = Conversation(id="c", title="早停", turns=turns, created_at=NOON)
    with speaking("en"):
        return as_markdown(conversation)


def said(key, **params):
    return say(key, lang="en", **params)


def test_a_refusal_is_written_with_the_nearest_places_and_topics():
    topic = Topic(document_id="d", text="早停的变体", span=Span(start=0, end=5), heading_path=(), line=1)
    text = exported(explanation(Outcome.REFUSED, topics=(topic,)))
    body = text.split("## 问 1")[1]
    parts = [said("page.refused"), said("page.only_named"), "- 早停的变体", said("app.nearest")]
    parts.append("- a.md › a.md › 什么是早停？ (line 1)")
    places = [body.index(part) for part in parts]
    assert places == sorted(places)


def test_a_refusal_without_notes_says_so():
    text = exported(explanation(Outcome.REFUSED, nearest=(), decided_by=Decider.EMPTY))
    assert said("page.no_notes") in text
    assert said("app.nearest") not in text


def test_passages_are_told_from_a_models_words():
    sentences = (CitedSentence(text="早停监控损失。", citations=(1,)),)
    shown = {"sentences": sentences, "citations": (citation(1, "早停\n监控"),)}
    notice = said("page.passages")
    passages = exported(explanation(Outcome.PASSAGES, **shown))
    assert passages.index(notice) < passages.index("早停监控损失。 [1]") < passages.index("> 早停\n> 监控")
    assert "[1] a.md › 训练 › 早停" in passages
    assert notice not in exported(explanation(Outcome.ANSWERED, **shown))


def test_contradictions_problems_and_what_was_left_out_are_written():
    text = exported(
        explanation(
            Outcome.ANSWERED,
            citations=(citation(1, "增大"), citation(2, "减小")),
            conflicts=((1, 2),),
            problem="the server is gone",
            dropped=("a", "b"),
        )
    )
    assert said("page.conflict", one=1, other=2) in text
    assert said("page.problem", why="the server is gone") in text
    assert said("page.dropped", count=2) in text


def test_a_turn_that_broke_off_keeps_its_reason():
    assert "(stopped)" in exported(None, error="stopped")
