"""Two notes of one name are two notes, whichever door they come in by."""

import pytest
from fakes.embedder import FakeEmbedder
from fakes.index import MemoryIndex
from fakes.store import MemoryStore

from bot.domain.notes import Collection
from bot.ingest import Ingester, NoteFile, describe


def text(subject: str) -> str:
    return f"## 什么是{subject}？\n\n{subject}是一种常用的方法，先计算梯度，再更新参数。\n"


def file(subject: str, source: str = "README.md", origin: str | None = None) -> NoteFile:
    return NoteFile(data=text(subject).encode(), source=source, collection=Collection.OWN, origin=origin)


class Room:
    def __init__(self):
        self.store, self.embedder = MemoryStore(), FakeEmbedder()
        self.ingester = Ingester(self.store, MemoryIndex(), self.embedder)

    def add(self, *files):
        return self.ingester.ingest(files)

    def held(self):
        """Names of the notes and what each is about."""
        return {one.source: one.raw.split("？")[0][6:] for one in self.store.notes.documents()}


def test_two_uploads_of_one_name_are_both_kept_and_keep_their_names():
    room = Room()
    report = room.add(file("早停"), file("卷积"))
    assert room.held() == {"README.md": "早停", "README #2.md": "卷积"}
    assert (report.files, report.renamed, report.replaced) == (2, ("README #2.md",), ())
    assert "README #2.md" in describe(report)
    again = room.add(file("卷积"), file("早停"))
    assert (again.embedded, again.unchanged, again.renamed, again.replaced) == (0, 2, (), ())
    assert len(room.held()) == 2


def test_a_new_version_replaces_the_one_that_no_other_file_of_the_call_is():
    room = Room()
    room.add(file("早停"), file("卷积"))
    report = room.add(file("预热"), file("卷积"))
    assert room.held() == {"README.md": "预热", "README #2.md": "卷积"}
    assert report.replaced == ("README.md",)
    assert "README.md" in describe(report)


def test_where_two_notes_share_a_name_a_third_text_replaces_neither():
    room = Room()
    room.add(file("早停"), file("卷积"))
    assert room.add(file("预热")).renamed == ("README #3.md",)
    assert set(room.held().values()) == {"早停", "卷积", "预热"}


def test_files_from_two_places_are_two_notes_though_they_come_in_two_calls():
    room = Room()
    room.add(file("早停", origin="a"))
    assert room.add(file("卷积", origin="b")).renamed == ("README #2.md",)
    assert room.add(file("预热", origin="b")).replaced == ("README #2.md",)
    assert room.held() == {"README.md": "早停", "README #2.md": "预热"}
    assert room.add(file("早停", origin="a"), file("预热", origin="b")).embedded == 0


def test_a_file_that_is_in_keeps_its_name_however_it_is_named_later():
    room = Room()
    room.add(file("早停", origin="a"))
    report = room.add(file("早停", "a/README.md", "a"), file("卷积", "b/README.md", "b"))
    assert room.held() == {"README.md": "早停", "b/README.md": "卷积"}
    assert report.unchanged == 1


def test_a_note_of_a_release_that_kept_no_places_is_taken_over_by_its_file():
    room = Room()
    room.add(file("早停"))
    room.add(file("早停", "a/README.md", "a"))
    assert room.held() == {"README.md": "早停"}
    assert room.add(file("预热", origin="a")).replaced == ("README.md",)
    assert room.add(file("卷积", origin="b")).renamed == ("README #2.md",)


def test_a_changed_note_of_a_release_that_kept_no_places_is_replaced():
    room = Room()
    room.add(file("早停"))
    assert room.add(file("预热", origin="a")).replaced == ("README.md",)
    assert room.held() == {"README.md": "预热"}


def test_one_text_twice_in_one_call_is_one_note():
    room = Room()
    room.add(file("早停"), file("早停"))
    assert room.held() == {"README.md": "早停"}


def test_equal_texts_of_two_folders_keep_their_own_names():
    room = Room()
    room.add(file("早停", "x.md"), file("早停", "a/x.md"))
    again = room.add(file("早停", "a/x.md", "a"), file("早停", "x.md", "b"))
    assert set(room.held()) == {"x.md", "a/x.md"}
    assert again.renamed == ()


@pytest.mark.parametrize(
    ("name", "second"), [("笔记", "笔记 #2"), ("paste: 0.1 是多少", "paste: 0.1 是多少 #2")]
)
def test_a_name_without_a_suffix_gets_its_number_at_the_end(name, second):
    room = Room()
    room.add(file("早停", name), file("卷积", name))
    assert set(room.held()) == {name, second}
