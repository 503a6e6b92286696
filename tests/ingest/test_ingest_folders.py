"""Which files of a folder are notes, and which notes have lost their file."""

import pytest

from bot.cli.notes import note_paths
from bot.domain.notes import Collection, Document, Format
from bot.ingest.folders import gone_from, notes_below, origin_of
from evals.corpora import note_files


@pytest.fixture
def folder(tmp_path):
    folder = tmp_path.resolve() / "notes"
    for name in ("a.md", "sub/b.TXT", ".trash/c.md", ".obsidian/d.md", "sub/.old/e.md", ".f.md", "g.png"):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text("x")
    return folder


def stored(source, place):
    return Document(
        id=source,
        source=source,
        collection=Collection.OWN,
        format=Format.MARKDOWN,
        title=source,
        raw="x",
        sha256="0" * 64,
        origin=place and origin_of(place),
    )


def test_what_is_hidden_is_no_note(folder):
    assert notes_below(folder) == [folder / "a.md", folder / "sub/b.TXT"]


def test_a_hidden_folder_is_searched_when_it_is_named(folder):
    assert notes_below(folder / ".trash") == [folder / ".trash/c.md"]


def test_an_eval_searches_the_notes_that_an_ingest_brings_in(folder):
    assert list(note_files(folder).items()) == [(name, path) for path, name in note_paths([folder])]
    assert list(note_files(folder)) == ["a.md", "sub/b.TXT"]


def test_notes_whose_files_are_gone_are_found_however_they_were_named(folder):
    gone = [
        stored("x.md", folder / "x.md"),
        stored("x #2.md", folder / "sub/x.md"),  # named from its own folder, where the name was taken
        stored("notes/lost/y.md", folder / "lost/y.md"),  # named from the folder above, its own is gone too
    ]
    there = [
        stored("a.md", folder / "a.md"),
        stored("g.png", folder / "g.png"),
        stored("z.md", folder.parent / "z.md"),
        stored("paste: x", None),
    ]
    assert gone_from(folder, [*there, *gone]) == gone
    assert gone_from(folder / "sub", [*there, *gone]) == gone[1:2]
