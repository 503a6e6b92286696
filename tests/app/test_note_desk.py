import pytest
from fakes.embedder import FakeEmbedder
from fakes.index import MemoryIndex
from fakes.store import MemoryStore

from bot.app.notes import NoteDesk, chosen, in_effect
from bot.app.sample import sample_directory, sample_files
from bot.domain.errors import BadInput
from bot.domain.notes import Collection
from bot.ingest import Ingester, NoteFile
from bot.settings import Settings

OWN, SAMPLE = Collection.OWN, Collection.SAMPLE
TEXT = "# 笔记\n\n## 什么是早停？\n\n早停监控验证集损失，连续若干轮没有改善就停止训练。\n"


def desk(sample="auto"):
    store, index = MemoryStore(), MemoryIndex()
    settings = Settings(sample=sample)
    changes = []
    ingester = Ingester(store, index, FakeEmbedder(), in_use=lambda present: chosen(settings, present))
    return NoteDesk(store, ingester, lambda: changes.append(1)), store, index, settings, changes


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
