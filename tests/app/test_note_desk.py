import threading
from contextlib import contextmanager

import pytest
from fakes.embedder import FakeEmbedder
from fakes.index import MemoryIndex
from fakes.store import MemoryStore

from bot.app.notes import NoteDesk, chosen, in_effect
from bot.app.sample import sample_directory, sample_files
from bot.domain.errors import BadInput, Busy
from bot.domain.notes import Collection
from bot.ingest import Ingester, NoteFile
from bot.settings import Settings
from bot.texts import say

OWN, SAMPLE = Collection.OWN, Collection.SAMPLE
TEXT = "# 笔记\n\n## 什么是早停？\n\n早停监控验证集损失，连续若干轮没有改善就停止训练。\n"


def desk(sample="auto", patience=60.0):
    store, index = MemoryStore(), MemoryIndex()
    settings = Settings(sample=sample)
    changes = []
    ingester = Ingester(store, index, FakeEmbedder(), in_use=lambda present: chosen(settings, present))
    notes = NoteDesk(store, ingester, lambda: changes.append(1), patience)
    return notes, store, index, settings, changes


@contextmanager
def another_task(store):
    """Somebody else who is writing; gives an event that ends it."""
    held, end = threading.Event(), threading.Event()

    def work():
        with store.writing():
            held.set()
            end.wait(60)

    thread = threading.Thread(target=work)
    thread.start()
    held.wait(60)
    yield end
    end.set()
    thread.join()


def file(source, text=TEXT, collection=OWN):
    return NoteFile(data=text.encode(), source=source, collection=collection)


def indexed(index, store):
    build = index.current()
    return {store.notes.chunk(window.chunk_id).text for window in build.windows} if build else set()


@pytest.mark.parametrize(
    ("setting", "present", "used"),
    [
        ("auto", {SAMPLE}, {SAMPLE}),
        ("auto", {SAMPLE, OWN}, {OWN}),
        ("on", {SAMPLE, OWN}, {SAMPLE, OWN}),
        ("off", {SAMPLE, OWN}, {OWN}),
        ("off", {SAMPLE}, set()),
    ],
)
def test_which_notes_are_in_use(setting, present, used):
    assert chosen(Settings(sample=setting), frozenset(present)) == used


def test_own_notes_take_the_place_of_the_sample_and_give_it_back():
    notes, store, index, settings, changes = desk()
    notes.sync_sample([file("s.md", TEXT.replace("早停", "样例"), SAMPLE)])
    assert in_effect(settings, store) == (SAMPLE,)
    notes.add([file("mine.md")])
    assert in_effect(settings, store) == (OWN,)
    assert all("样例" not in text for text in indexed(index, store))
    assert notes.delete_all() == 1
    assert in_effect(settings, store) == (SAMPLE,)
    assert any("样例" in text for text in indexed(index, store))
    assert len(changes) == 3


CHANGES = {
    "add": lambda notes, progress: notes.add([file("new.md", TEXT.replace("早停", "新"))], progress),
    "paste": lambda notes, progress: notes.paste("x", TEXT.replace("早停", "新"), progress),
    "delete": lambda notes, progress: notes.delete(notes.documents()[0].id, progress),
    "delete_all": lambda notes, progress: notes.delete_all(progress),
    "sync_sample": lambda notes, progress: notes.sync_sample([file("s.md", TEXT, SAMPLE)], progress),
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=list(CHANGES))
def test_a_change_waits_for_the_one_before_it_and_says_so(change):
    notes, store, *_ = desk()
    notes.add([file("old.md")])
    told = []
    with another_task(store) as end:

        def progress(done, total, what):
            told.append(what)
            end.set()

        change(notes, progress)
    assert told[0] == say("ingest.waiting")
    assert len(told) > 1, "and how far it is, once it has its turn"


def test_a_change_does_not_wait_for_ever():
    notes, store, *_ = desk(patience=0.1)
    with another_task(store), pytest.raises(Busy):
        notes.add([file("mine.md")])


def test_a_sample_note_that_no_longer_ships_goes():
    notes, store, *_ = desk()
    notes.sync_sample([file("a.md", TEXT, SAMPLE), file("b.md", TEXT.replace("早停", "乙"), SAMPLE)])
    notes.sync_sample([file("a.md", TEXT, SAMPLE)])
    assert [document.source for document in store.notes.documents()] == ["a.md"]


def test_a_paste_is_named_and_replaced_by_its_title():
    notes, store, *_ = desk()
    notes.paste("训练技巧", TEXT)
    report = notes.paste("训练技巧", TEXT + "\n## 什么是预热？\n\n学习率先线性上升再下降，训练初期更稳定。\n")
    (document,) = store.notes.documents(OWN)
    assert report.replaced == ("paste: 训练技巧",)
    assert document.source == "paste: 训练技巧"
    assert "预热" in document.raw


def test_pastes_without_a_title_that_begin_alike_are_both_kept():
    notes, store, *_ = desk()
    begin = "早停监控验证集损失，连续若干轮没有改善就停止训练，并恢复验证损失最低的那份参数，这是常用的做法。"
    notes.paste("", begin + "它防止过拟合。")
    report = notes.paste("", begin + "它需要留出验证集。")
    assert len(store.notes.documents(OWN)) == 2
    assert len(report.renamed) == 1
    notes.paste("", begin + "它防止过拟合。")
    assert len(store.notes.documents(OWN)) == 2


@pytest.mark.parametrize("text", ["", "  \n ", "长" * 2_000_001])
def test_a_paste_that_cannot_be_used_says_so(text):
    with pytest.raises(BadInput):
        desk()[0].paste("x", text)


def test_no_file_says_so():
    with pytest.raises(BadInput):
        desk()[0].add([])


def test_the_sample_ships():
    assert (sample_directory() / "regularization.md").exists()
    assert len(sample_files()) >= 3
    assert {sample.collection for sample in sample_files()} == {SAMPLE}
