import time

import pytest
from fakes.notes import note_file
from fakes.product import NORM, product

from bot.app import Stage
from bot.domain.errors import BadInput, KaodianError, ModelUnavailable
from bot.domain.notes import Collection
from bot.page.ask_events import AskEvents
from bot.page.notes_tab import NotesEvents
from bot.page.quiz_events import QuizEvents
from bot.page.readiness import before_asking, before_quiz, while_asking
from bot.page.scopes import EVERYTHING
from bot.page.settings_tab import CHANGED, KEYS, SettingsEvents, effect_html
from bot.settings import load_settings
from bot.texts import say


@pytest.fixture
def kaodian(tmp_path):
    return product(tmp_path, ("bn.md", NORM))


def last(steps):
    return list(steps)[-1]


def test_an_answer_streams_and_leaves_the_page_as_it_was(kaodian):
    steps = list(AskEvents(kaodian).ask("BN 在训练和测试时有什么区别？", None))
    first, final = steps[0], steps[-1]
    assert first[1][-1]["content"] == say("page.searching")
    assert first[0]["interactive"] is False
    assert first[6]["visible"] is True
    assert final[0]["interactive"] is True
    assert final[6]["visible"] is False
    assert "**[1]**" in final[1][1]["content"]
    assert final[3] == "BN 在训练和测试时有什么区别？"


def test_a_failure_in_the_middle_leaves_no_page_busy(kaodian, monkeypatch):
    def fail(*_):
        raise ModelUnavailable("models.missing", name="e5", file="x")
        yield

    monkeypatch.setattr(kaodian.asking, "ask", fail)
    kept = []
    steps = AskEvents(kaodian).ask("BN？", None)
    with pytest.raises(KaodianError):
        for step in steps:
            kept.append(step)
    assert kept[-1][6]["visible"] is False


def test_closing_the_stream_stores_that_the_answer_was_stopped(kaodian):
    steps = AskEvents(kaodian).ask("BN 在训练和测试时有什么区别？", None)
    next(steps)
    next(steps)
    steps.close()
    (conversation,) = kaodian.store.conversations.conversations()
    assert conversation.turns[0].error == say("explaining.stopped")
    assert len(conversation.turns[0].explanation.sentences) == 1
    shown = AskEvents(kaodian).newest()[1]
    assert "**[1]**" in shown[1]["content"]
    assert shown[-1]["content"] == say("explaining.stopped")


def test_a_stop_takes_the_cursor_away(kaodian):
    events = AskEvents(kaodian)
    for content in ("早停 ▍", [{"type": "text", "text": "早停 ▍"}]):
        shown = events.stop(None, [{"role": "assistant", "content": content}], None)[1]
        assert [message["content"] for message in shown] == ["早停", say("explaining.stopped")]


def test_before_the_notes_are_indexed_nothing_is_asked_and_the_words_are_kept(tmp_path):
    kaodian = product(tmp_path, ready=False)
    kaodian.board.set(Stage.ENCODER, "running")
    final = last(AskEvents(kaodian).ask("BN？", None))
    assert say("page.stage_encoder") in final[1][-1]["content"]
    assert final[4] == "BN？"
    assert kaodian.store.conversations.conversations() == []
    kaodian.board.set(Stage.ENCODER, "failed", "没有网络")
    assert before_asking(kaodian) == "没有网络"


def test_while_the_notes_or_the_model_are_coming_the_learner_is_told(kaodian, monkeypatch):
    assert while_asking(kaodian) == ""
    kaodian.board.set(Stage.NOTES, "running")
    assert say("page.stage_notes") in while_asking(kaodian)
    kaodian.board.set(Stage.NOTES, "done")
    kaodian.board.set(Stage.MODEL, "running")
    assert say("page.stage_model") in while_asking(kaodian)
    assert before_asking(kaodian) == ""


def test_uploads_of_one_name_are_both_kept_and_the_report_says_so(tmp_path):
    kaodian = product(tmp_path)
    for folder, subject in (("a", "早停"), ("b", "卷积")):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "README.md").write_text(
            f"## 什么是{subject}？\n\n{subject}先计算梯度，再更新参数。\n"
        )
    paths = [str(tmp_path / folder / "README.md") for folder in ("a", "b")]
    final = last(NotesEvents(kaodian).upload(paths, 0))
    assert {note.source for note in kaodian.notes.documents()} == {"README.md", "README #2.md"}
    assert "README #2.md" in final[0]


def test_deleting_a_note_tells_how_far_it_is(tmp_path):
    kaodian = product(tmp_path, ("bn.md", NORM), ("stop.md", "## 什么是早停？\n\n早停监控验证集损失。\n"))
    finish = kaodian.index.finish

    def slowly(build, texts):
        time.sleep(0.5)
        finish(build, texts)

    kaodian.index.finish = slowly
    events = NotesEvents(kaodian)
    note = kaodian.notes.documents()[0]
    *steps, final = list(events.delete(note.id, 0))
    assert any(say("ingest.finishing") in step[0] for step in steps)
    assert note.title in final[0]
    *steps, final = list(events.delete_all(1))
    assert any(say("ingest.finishing") in step[0] for step in steps)
    assert final[3] == 2


def test_a_quiz_waits_for_the_first_notes(tmp_path):
    kaodian = product(tmp_path, ready=False)
    kaodian.board.set(Stage.NOTES, "running")
    assert before_quiz(kaodian)


def test_what_was_typed_is_found_again_after_a_reload(kaodian):
    events = QuizEvents(kaodian)
    place = last(events.start(EVERYTHING, "", 2, "practice"))[0]
    events.typed(place, "写到一半")
    assert events.found_again()[5]["value"] == "写到一半"
    last(events.submit(place, "写完了"))
    last(events.go_on(place))
    assert events.found_again()[5]["value"] == ""


def test_an_interview_has_no_hint_and_no_list_of_questions_before_its_end(kaodian):
    events = QuizEvents(kaodian)
    running = last(events.start(EVERYTHING, "", 1, "interview"))
    assert [part["visible"] for part in running[-2:]] == [False, False]
    over = events.stop(running[0])
    assert over[-1]["visible"] is True


def test_a_quiz_is_found_again_and_a_double_click_grades_once(kaodian):
    events = QuizEvents(kaodian)
    place = last(events.start(EVERYTHING, "", 2))[0]
    assert events.found_again()[0] == place
    once = last(events.submit(place, "训练用小批量统计量"))
    twice = last(events.submit(place, "别的"))
    assert once[3] == twice[3]
    assert len(kaodian.store.grades.grades()) == 1
    other = last(events.go_on(place))[0]
    assert other == (place[0], 2)
    assert last(events.go_on(place))[0] == other


def test_an_answer_that_is_too_long_stays_in_its_box(kaodian):
    events = QuizEvents(kaodian)
    place = last(events.start(EVERYTHING, "", 1))[0]
    steps, seen = events.submit(place, "长" * 9000), []
    with pytest.raises(BadInput):
        for step in steps:
            seen.append(step)
    assert seen[-1][4]["visible"] is True
    assert "value" not in seen[-1][5]


def test_a_stopped_quiz_is_finished_and_not_found_again(kaodian):
    events = QuizEvents(kaodian)
    place = last(events.start(EVERYTHING, "", 3))[0]
    ended = events.stop(place)
    assert "测验结束" in ended[3][-1]["content"]
    assert events.found_again()[0] is None


def test_a_scope_without_questions_is_told(kaodian):
    with pytest.raises(BadInput):
        list(QuizEvents(kaodian).start('{"document_id": "nowhere"}', "", 3))


def test_a_sample_note_is_not_deleted_since_it_would_come_back(tmp_path):
    kaodian = product(tmp_path)
    kaodian.notes.add([note_file(NORM, "bn.md", Collection.SAMPLE)])
    (document,) = kaodian.notes.documents()
    with pytest.raises(BadInput):
        list(NotesEvents(kaodian).delete(document.id, 0))
    assert len(kaodian.notes.documents()) == 1


def test_uploaded_files_are_read_and_their_report_is_shown(tmp_path, kaodian):
    files = [tmp_path / "cnn.md", tmp_path / "photo.txt"]
    files[0].write_text("# 卷积\n\n## 什么是卷积？\n\n卷积用同一个核扫过整张图。", "utf-8")
    files[1].write_bytes(b"\x00\xff\x00")
    report, table, choice, changed = last(NotesEvents(kaodian).upload([str(file) for file in files], 4))
    assert "photo.txt" in report
    assert "cnn.md" in table
    assert len(choice["choices"]) == 2
    assert changed == 5
    (document,) = (each for each in kaodian.notes.documents() if each.source == "cnn.md")
    assert document.collection is Collection.OWN
    assert "同一个核" in NotesEvents(kaodian).look(document.id)


def test_an_upload_of_nothing_changes_nothing_and_says_so(kaodian):
    steps, seen = NotesEvents(kaodian).upload(None, 4), []
    with pytest.raises(BadInput):
        for step in steps:
            seen.append(step)
    assert seen[-1][0] == ""
    assert len(kaodian.notes.documents()) == 1


def test_all_notes_of_ones_own_are_deleted_once_it_is_confirmed_and_the_sample_stays(kaodian):
    kaodian.notes.add(
        [note_file("# 样例\n\n## 什么是梯度？\n\n梯度是偏导数的向量。", "s.md", Collection.SAMPLE)]
    )
    events = NotesEvents(kaodian)
    assert list(events.delete_all(None)) == []
    assert len(kaodian.notes.documents(Collection.OWN)) == 1
    report, *_, changed = last(events.delete_all(0))
    assert say("page.all_deleted", count=1) in report
    assert changed == 1
    assert [document.source for document in kaodian.notes.documents()] == ["s.md"]


def test_settings_name_the_judge_and_keys_are_written_but_never_shown(kaodian, monkeypatch):
    for name in (*CHANGED, *KEYS):
        monkeypatch.delenv(f"KAODIAN_{name}".upper(), raising=False)
    fields = dict.fromkeys(CHANGED, "") | {
        "lang": "en",
        "judge": "systemone:m",
        "judge_base_url": "http://127.0.0.1:9",
    }
    events = SettingsEvents(kaodian)
    assert events.save(*fields.values(), "sk-one", "sk-two") == ("", "")
    assert events.save(*fields.values(), "", " ") == ("", "")
    file = kaodian.settings.config_file
    assert {"sk-one", "sk-two", "systemone:m"} <= set(file.read_text("utf-8").replace('"', "\n").split("\n"))
    assert "sk-" not in "".join(map(str, events.show()))
    assert "sk-" not in effect_html(load_settings(home=kaodian.settings.home))
    assert events.forget_keys() == ("", "")
    assert "sk-" not in file.read_text("utf-8")
