"""The program dies before and after every call through a seam; nothing is lost or half done."""

from collections.abc import Sequence

import pytest
from fakes.embedder import FakeEmbedder
from fakes.index import MemoryIndex
from fakes.notes import note, note_file
from fakes.store import MemoryStore
from fakes.tripwire import Fuse, Killed, Tripwire

from bot.ingest import Ingester
from bot.ingest.indexing import BATCH
from bot.retrieval import calibrate
from bot.seams import Vectors

OLD = "## 卷积\n\n核在输入上滑动，逐点相乘再求和。\n\n## 池化\n\n池化取窗口里的最大值。\n"
NEW = OLD + "".join(f"\n## 方法{n}\n\n第{n}种方法把输入变换 {n} 次，再求和。\n" for n in range(20))
GONE = "## 旧事\n\n这个文件会被删去，里面的话不再被找到。\n"
COPY = "卷积\n\n核在输入上滑动,逐点相乘再求和。\n"
BEFORE = [note_file(OLD, "a.md"), note_file(GONE, "gone.md")]
AFTER = [note_file(NEW, "a.md"), note_file(COPY, "copy.txt")]
GONE_ID = note(GONE, "gone.md").id


class Counting(FakeEmbedder):
    """Counts the passages, which are remembered; the queries of a calibration are asked each time."""

    passages = 0

    def embed_passages(self, texts: Sequence[str]) -> Vectors:
        self.passages += len(texts)
        return super().embed_passages(texts)

    def embed_queries(self, texts: Sequence[str]) -> Vectors:
        return super().embed_passages(texts)


class World:
    def __init__(self) -> None:
        self.store = MemoryStore()
        self.index = MemoryIndex()
        self.embedder = Counting()
        Ingester(self.store, self.index, self.embedder, calibrate).ingest(BEFORE)

    def run(self, fuse: Fuse) -> None:
        seams = (("store", self.store), ("index", self.index), ("embedder", self.embedder))
        store, index, embedder = (Tripwire(seam, fuse, name) for name, seam in seams)
        Ingester(store, index, embedder, calibrate).ingest(AFTER, gone=[GONE_ID])  # type: ignore[arg-type]

    def state(self) -> tuple[object, ...]:
        notes = self.store.notes
        return (
            [notes.parsed(document.id) for document in notes.documents()],
            set(notes.duplicates()),
            self.index.current(),
            self.index.vectors().count(),
        )

    def readable(self) -> bool:
        """Whether readers have a complete build."""
        build = self.index.current()
        return (
            build is not None
            and self.index.vectors().count() == len(build.windows)
            and bool(self.index.words().search("卷积", 1))
        )


def undisturbed() -> tuple[World, list[str]]:
    world, fuse = World(), Fuse()
    world.run(fuse)
    return world, fuse.calls


EXPECTED, CALLS = undisturbed()


@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
@pytest.mark.parametrize("at", range(1, len(CALLS) + 1))
def test_a_kill_loses_nothing(at: int, after: bool):
    world = World()
    old = world.index.current()
    with pytest.raises(Killed):
        world.run(Fuse(at, after=after))
    assert world.readable()
    current = world.index.current()
    assert current is old or current == EXPECTED.index.current()
    world.run(Fuse())
    assert world.state() == EXPECTED.state()
    assert world.embedder.passages <= EXPECTED.embedder.passages + BATCH


def test_every_seam_is_on_the_way():
    for name in (
        "store.writing",
        "store.notes.save",
        "store.notes.delete",
        "store.notes.set_duplicates",
        "store.embeddings.put",
        "store.embeddings.prune",
        "index.start",
        "index.start.add",
        "index.finish",
        "embedder.count_tokens",
        "embedder.embed_passages",
        "embedder.embed_queries",
    ):
        assert name in CALLS


def test_nothing_is_stored_before_the_new_build_is_prepared():
    assert CALLS.index("index.start.add") < CALLS.index("store.notes.save") < CALLS.index("index.finish")
