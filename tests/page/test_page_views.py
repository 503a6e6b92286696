import json
import re

import pytest
from fakes.library import parsed
from fakes.product import EVIL, NORM, product

from bot.domain.answers import Citation, Decider, Explanation, Hit, Outcome
from bot.domain.grades import AnswerQuote, Flag, Grade, Status, Verdict
from bot.domain.questions import KeyPoint, Quote
from bot.domain.quizzes import QuizMode, Scope
from bot.domain.spans import Span
from bot.page.answers import answer_text, conversation_messages, explanation_messages
from bot.page.grades import grade_text
from bot.page.notes_view import note_rows, notes_html
from bot.page.question_panel import PanelEvents, corrected, evidence_text
from bot.page.quiz_view import quiz_messages
from bot.page.scopes import EVERYTHING, scope_choices, scope_of
from bot.texts import say, speaking

TAG = re.compile(r"<(?!/?(?:sub|small|br|mark)>)[A-Za-z/!?]")
"""A tag that is not our own."""


def texts(messages):
    titles = [message["metadata"]["title"] for message in messages if "metadata" in message]
    return "\n".join([*(str(message["content"]) for message in messages), *titles])


def harmless(text):
    assert not TAG.search(text), text
    assert not re.search(r"(?<!\\)!\[|\]\(", text)
    return text


def asked(kaodian, *queries):
    conversation = kaodian.asking.start(queries[0])
    for query in queries:
        list(kaodian.asking.ask(conversation.id, query))
    return kaodian.store.conversations.conversation(conversation.id)


def test_an_answer_with_its_sources_opens_the_exact_text(tmp_path):
    kaodian = product(tmp_path, ("bn.md", NORM))
    messages = conversation_messages(asked(kaodian, "BN 在训练和测试时有什么区别？"))
    assert messages[0] == {"role": "user", "content": "BN 在训练和测试时有什么区别？"}
    assert "**[1]**" in messages[1]["content"]
    source = messages[2]
    assert source["metadata"]["title"].startswith("[1] bn.md › 批归一化")
    assert "训练时用当前小批量的均值和方差归一化" in source["content"]


def test_the_passage_is_marked_in_the_chunk_that_is_opened():
    words = "训练时用小批量的统计量。"
    note = parsed("bn.md", {"BN 怎样归一化？": words + "测试时用全局的统计量。"})
    (chunk,) = note.chunks
    start = note.document.raw.index(words)
    place = Span(start=start, end=start + len(words))
    hit = Hit(chunk=chunk, source="bn.md", fused=0.1, similarity=0.5, lexical=0.0, passage=place)
    cited = Citation(
        number=1, chunk_id=chunk.id, document_id="d", source="bn.md", heading_path=(), span=place, quote=words
    )
    told = dict(
        query="?", standalone="?", decided_by=Decider.EVIDENCE, evidence=0.5, sentences=(), nearest=(hit,)
    )
    refused = explanation_messages(Explanation(outcome=Outcome.REFUSED, citations=(), **told))[-1]
    answered = explanation_messages(Explanation(outcome=Outcome.ANSWERED, citations=(cited,), **told))[-1]
    for message in (refused, answered):
        assert f"<mark>{words}</mark>测试时" in message["content"]
    whole = hit.model_copy(update={"passage": Span(start=chunk.spans[0].start, end=chunk.spans[-1].end)})
    told["nearest"] = (whole,)
    plain = explanation_messages(Explanation(outcome=Outcome.REFUSED, citations=(), **told))[-1]
    assert "<mark>" not in plain["content"]


def test_a_note_full_of_attacks_is_shown_and_does_nothing(tmp_path):
    kaodian = product(tmp_path, ("<svg onload=x>.md", EVIL))
    conversation = asked(kaodian, "什么是 <script>alert(2)</script> 注入？", "<img src=x onerror=alert(9)>")
    shown = harmless(texts(conversation_messages(conversation)))
    assert "alert(9)" in shown
    quizzes = kaodian.examining.quizzes
    quiz = quizzes.start(Scope(), 1)
    quiz = quizzes.submit(quiz.id, 1, "注入 <img src=x onerror=alert(7)> | ![a](http://evil.example/)")
    quiz = quizzes.go_on(quiz.id, 1)
    shown = texts(quiz_messages(quiz, quizzes.askings(quiz), quizzes.summary(quiz)))
    harmless(shown)
    assert "alert(7)" in shown
    table = notes_html(note_rows(kaodian), "off")
    assert "<svg" not in table
    assert "<img" not in table
    for question in kaodian.examining.questions().questions_for(Scope()):
        harmless(evidence_text(question))


def point(text, quote="笔记 | 原文", weight=1.0, vital=True):
    place = Quote(text=quote, document_id="d", chunk_id="c", span=Span(start=0, end=len(quote)))
    return KeyPoint(text=text, weight=weight, vital=vital, quote=place)


def grade(verdicts, points, flags=(), **changes):
    fields = dict(
        id="g", question_id="q", question="什么是 BN？", key_points=points, key_points_hash="h",
        answer="我说 | 这样", verdicts=verdicts, flags=flags, path="features", seconds=0.25,
    )  # fmt: skip
    return Grade(**(fields | changes))


COVERED = Verdict(
    status=Status.COVERED, confidence=0.9, quote=AnswerQuote(text="我说 | 这样", span=Span(start=0, end=7))
)
MISSING = Verdict(status=Status.MISSING, confidence=0.8)


def test_a_grade_shows_both_quotes_in_one_row_and_bars_do_not_break_it():
    with speaking("zh"):
        text = grade_text(grade((COVERED, MISSING), (point("要点|一"), point("要点二")), trust="high"))
        assert say("grading.trust_high") in text
    rows = [line for line in text.splitlines() if line.startswith("|")]
    assert [len(re.split(r"(?<!\\)\|", row)) for row in rows] == [6, 6, 6, 6]
    assert "答到了" in rows[2]
    assert "我说 \\| 这样" in rows[2]
    assert "笔记 \\| 原文" in rows[2]
    assert "没有答到" in rows[3]
    assert "得分 50" in text


def test_a_grade_that_failed_shows_no_score_and_no_table():
    with speaking("zh"):
        text = grade_text(grade((), (point("要点"),), error="模型没有回答", path="llm:x"))
    assert "模型没有回答" in text
    assert "|" not in text


def test_who_gave_up_is_not_asked_on():
    with speaking("zh"):
        said = grade_text(grade((MISSING,), (point("要点"),)))
        gave_up = grade_text(grade((MISSING,), (point("要点"),), flags=(Flag.GAVE_UP,)))
    assert "追问" in said
    assert "追问" not in gave_up
    assert "⚠" in gave_up


def test_formulas_keep_their_form_in_a_table():
    with speaking("en"):
        text = grade_text(grade((MISSING,), (point(r"公式 $y=\gamma x$", quote=r"$\frac{a}{b}$"),)))
    assert r"$y=\gamma x$" in text
    assert r"$\frac{a}{b}$" in text


def test_a_quiz_is_told_from_the_store_alone(tmp_path):
    kaodian = product(tmp_path, ("bn.md", NORM))
    quizzes = kaodian.examining.quizzes
    with speaking("en"):
        quiz = quizzes.start(Scope(), 2)
        quizzes.note_hint(quiz.id, 1)
        quiz = quizzes.give_up(quiz.id, 1)
        quiz = quizzes.skip(quizzes.go_on(quiz.id, 1).id, 2)
        quiz = quizzes.go_on(quiz.id, 2)
        messages = quiz_messages(quiz, quizzes.askings(quiz), quizzes.summary(quiz))
    shown = texts(messages)
    assert [message["content"] for message in messages if message["role"] == "user"] == ["I don't know"]
    assert "Question 1 of 2" in shown
    assert "Question 2 of 2" in shown
    assert "Hint" in shown
    assert "Skipped." in shown
    assert "2 asked, 1 graded, 1 skipped" in shown


def test_an_interview_shows_ideal_answers_only_when_it_is_over(tmp_path):
    kaodian = product(tmp_path, ("bn.md", NORM))
    quizzes = kaodian.examining.quizzes
    points = [
        point.text for q in kaodian.examining.questions().questions_for(Scope()) for point in q.key_points
    ]
    quiz = quizzes.start(Scope(), 2, QuizMode.INTERVIEW)
    with speaking("en"):

        def shown(quiz):
            return texts(quiz_messages(quiz, quizzes.askings(quiz), quizzes.summary(quiz)))

        quiz = quizzes.submit(quiz.id, 1, "和学习率有关")
        assert say("page.revealed_later") in shown(quiz)
        quiz = quizzes.skip(quizzes.go_on(quiz.id, 1).id, 2)
        assert not [point for point in points if point in shown(quiz)]
        over = shown(quizzes.go_on(quiz.id, 2))
    assert [point for point in points if point not in over] == []
    assert say("page.revealed_later", lang="en") not in over


def test_a_deleted_question_leaves_its_quiz_readable(tmp_path):
    kaodian = product(tmp_path, ("bn.md", NORM))
    quiz = kaodian.examining.quizzes.start(Scope(), 2)
    kaodian.store.questions.delete(quiz.turns[0].question_id)
    quizzes = kaodian.examining.quizzes
    store_has_it = any(asking.question for asking in quizzes.askings(quiz))
    with speaking("zh"):
        shown = texts(quiz_messages(quiz, quizzes.askings(quiz), quizzes.summary(quiz)))
    assert store_has_it or "已经被删除" in shown


def test_every_note_and_section_can_be_chosen(tmp_path):
    kaodian = product(
        tmp_path, ("bn.md", NORM), ("svm.md", "# SVM\n\n## 核\n\n### 常用核\n\n高斯核和多项式核。\n")
    )
    with speaking("zh"):
        choices = scope_choices(kaodian)
    assert choices[0] == ("全部笔记", EVERYTHING)
    labels = [label for label, _ in choices]
    assert "批归一化" in labels
    assert "SVM　› 核" in labels
    scope = scope_of(dict(choices)["SVM　› 核"], " 核  函数 ")
    assert scope.heading_path == ("SVM", "核")
    assert scope.topic == "核 函数"


def test_notes_are_counted_and_unused_ones_fold_away(tmp_path):
    kaodian = product(tmp_path, ("bn.md", NORM))
    (row,) = note_rows(kaodian)
    assert (row.chunks, row.questions, row.open, row.duplicates) == (2, 2, 0, 0)
    with speaking("zh"):
        html = notes_html([row, row.model_copy(update={"in_use": False})], "auto")
    assert html.count("<table") == 2
    assert html.index("<details") < html.rindex("<table")


def test_corrected_key_points_keep_quotes_where_they_can():
    old = (point("一"), point("二", weight=0.5, vital=False))
    assert corrected(old, "一\n二") == list(old)
    reworded = corrected(old, "一\n第二点")
    assert reworded[1].quote == old[1].quote
    assert reworded[1].weight == 0.5
    assert corrected(old, "\n一\n\n") == [old[0]]
    added = corrected(old, "一\n二\n三")
    assert added[2].quote is None


def test_a_question_is_corrected_and_deleted(tmp_path, monkeypatch):
    monkeypatch.setattr("bot.page.question_panel.inform", lambda text: None)
    kaodian = product(tmp_path, ("bn.md", NORM))
    panel = PanelEvents(kaodian)
    shown = panel.show(EVERYTHING, "")
    question_id = shown[0]["value"]
    panel.save(question_id, "新的问法？", "我的要点", EVERYTHING, "")
    stored = kaodian.store.questions.question(question_id)
    assert stored.text == "新的问法？"
    assert [p.text for p in stored.key_points] == ["我的要点"]
    panel.drop(question_id, EVERYTHING, "")
    assert question_id not in {q.id for q in kaodian.examining.questions().questions_for(Scope())}


def test_without_sentences_there_is_no_text():
    assert answer_text([]) == ""


def test_scope_choices_are_json_that_can_be_read_again(tmp_path):
    kaodian = product(tmp_path, ("bn.md", NORM))
    for _, value in scope_choices(kaodian):
        assert Scope(**json.loads(value))


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_page_can_be_built_in_both_languages(tmp_path, lang):
    from bot.page.layout import build_page

    page = build_page(product(tmp_path, ("bn.md", NORM)), lang)
    config = page.get_config_file()
    assert config["title"]
    assert all(event["api_visibility"] == "private" for event in config["dependencies"])
