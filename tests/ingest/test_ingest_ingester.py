import pytest
from fakes.embedder import FakeEmbedder
from fakes.index import MemoryIndex
from fakes.notes import note, note_file, read
from fakes.store import MemoryStore

from bot.domain.errors import ModelUnavailable, NotFound, StorageFull
from bot.domain.notes import Collection, CutReason
from bot.ingest import Ingester
from bot.ingest.indexing import BATCH
from bot.texts import say

CONV = "## 什么是卷积？\n\n核在输入上滑动，逐点相乘再求和，得到一张特征图。\n\n## 步长\n\n步长是核每次移动的距离，越大输出越小。\n"
POOL = "## 池化\n\n池化取窗口里的最大值，缩小特征图，减少后面的计算。\n\n## 为什么要池化？\n"
FILES = [note_file(CONV, "conv.md"), note_file(POOL, "pool.md")]


class Room:
    def __init__(self, embedder: FakeEmbedder | None = None, **more):
        self.store = MemoryStore()
        self.index = MemoryIndex()
        self.embedder = embedder or FakeEmbedder()
        self.ingester = Ingester(self.store, self.index, self.embedder, **more)

    def found(self, query: str) -> str:
        """Text of the chunk that is nearest to a query."""
        build = self.index.current()
        assert build is not None
        hit = self.index.vectors().nearest(self.embedder.embed_queries([query]), 1)[0]
        chunk_id = next(window.chunk_id for window in build.windows if window.id == hit.id)
        return self.store.notes.chunk(chunk_id).text


def test_notes_can_be_found_and_are_reported():
    room = Room()
    report = room.ingester.ingest(FILES)
    assert "特征图" in room.found("核在输入上滑动，逐点相乘再求和")
    assert (report.files, report.chunks, report.questions, report.paired, report.open) == (2, 3, 2, 1, 1)
    assert report.embedded == 3
    assert room.index.words().search("步长", 1)


def test_a_second_ingest_of_unchanged_files_embeds_nothing_and_builds_nothing():
    room = Room()
    room.ingester.ingest(FILES)
    calls, build = room.embedder.calls, room.index.current()
    report = room.ingester.ingest(FILES)
    assert (report.embedded, report.unchanged) == (0, 2)
    assert room.embedder.calls == calls
    assert room.index.current() is build


def test_an_index_that_is_not_about_the_stored_notes_is_noticed():
    room = Room()
    assert room.ingester.is_indexed()
    room.store.notes.save(read(POOL, "pool.md"))
    assert not room.ingester.is_indexed()
    room.ingester.ingest(FILES)
    assert room.ingester.is_indexed()
    room.store.notes.delete(note(CONV, "conv.md").id)
    assert not room.ingester.is_indexed()
    room.ingester.ingest([])
    assert room.ingester.is_indexed()


def test_only_what_changed_is_embedded():
    room = Room()
    room.ingester.ingest(FILES)
    report = room.ingester.ingest(
        [note_file(CONV + "\n## 填充\n\n填充在边缘补零，让输出不变小。\n", "conv.md")]
    )
    assert (report.embedded, report.unchanged) == (1, 0)
    assert "补零" in room.found("填充在边缘补零")


def test_a_bad_file_stops_no_other():
    room = Room()
    bad = note_file("", "empty.md")
    report = room.ingester.ingest([bad, *FILES])
    assert report.chunks == 3
    assert len(report.problems) == 1 and "empty.md" in report.problems[0]


def test_a_removed_note_is_found_no_more():
    room = Room()
    room.ingester.ingest(FILES)
    pool = note(POOL, "pool.md").id
    room.ingester.remove(pool)
    assert [document.source for document in room.store.notes.documents()] == ["conv.md"]
    build = room.index.current()
    assert build is not None and len(build.windows) == 2 == room.index.vectors().count()
    with pytest.raises(NotFound):
        room.ingester.remove(pool)


def test_files_and_removals_go_in_one_step():
    room = Room()
    room.ingester.ingest(FILES[:1])
    report = room.ingester.ingest(FILES[1:], gone=[note(CONV, "conv.md").id, "never there"])
    assert report.removed == 1
    assert [document.source for document in room.store.notes.documents()] == ["pool.md"]


def test_the_other_form_takes_over_when_the_kept_one_goes():
    room = Room()
    poor = note_file(CONV.replace("## ", "").replace("，", ","), "copy.txt")
    room.ingester.ingest([*FILES, poor])
    chunk = next(c for c in room.store.notes.chunks() if c.question)
    assert room.store.notes.sources(chunk.id) == ["conv.md", "copy.txt"]
    room.ingester.remove(note(CONV, "conv.md").id)
    assert {room.store.notes.document(c.document_id).source for c in room.store.notes.chunks()} == {
        "copy.txt",
        "pool.md",
    }
    assert "特征图" in room.found("核在输入上滑动，逐点相乘再求和")


def test_duplicates_are_reported_once():
    report = Room().ingester.ingest([*FILES, note_file(CONV, "copy.md")])
    assert (report.duplicate_documents, report.duplicate_chunks, report.chunks) == (1, 2, 3)


def test_vectors_of_two_encoders_never_mix():
    room = Room(FakeEmbedder(dimension=64))
    room.ingester.ingest(FILES)
    other = FakeEmbedder(dimension=32)
    second = Ingester(room.store, room.index, other)
    assert second.ingest(FILES).embedded == 3
    build = room.index.current()
    assert build is not None and build.embedder == other.identity
    assert room.index.vectors().dimension == 32
    assert room.ingester.ingest(FILES).embedded == 0


def test_an_index_that_was_lost_is_made_anew_from_the_cache():
    room = Room()
    room.ingester.ingest(FILES)
    before, calls = room.index.current(), room.embedder.calls
    room.index.lose()
    assert not room.ingester.is_indexed()
    room.ingester.ingest([])
    after = room.index.current()
    assert before is not None and after is not None
    assert after.windows == before.windows
    assert room.index.vectors().count() == len(before.windows)
    assert room.embedder.calls == calls


def embedded_anew(room: Room, *files) -> int:
    before = room.embedder.calls
    room.ingester.ingest(files)
    return room.embedder.calls - before


def test_vectors_of_notes_that_are_long_gone_are_forgotten_and_those_of_the_last_are_not():
    room = Room()
    room.ingester.ingest(FILES)
    room.ingester.remove(note(POOL, "pool.md").id)
    assert embedded_anew(room, FILES[1]) == 0
    room.ingester.remove(note(POOL, "pool.md").id)
    assert embedded_anew(room, note_file("## 填充\n\n填充在边缘补零，让输出不变小。\n", "pad.md")) == 1
    assert embedded_anew(room, FILES[1]) == 1


def test_vectors_of_stored_notes_that_are_not_in_use_are_kept():
    sample = note_file(POOL, "sample.md").model_copy(update={"collection": Collection.SAMPLE})

    def own(present):
        return frozenset({Collection.OWN}) if Collection.OWN in present else present

    room = Room(in_use=own)
    room.ingester.ingest([sample])
    room.ingester.ingest(FILES[:1])
    room.ingester.ingest([note_file("## 填充\n\n填充在边缘补零，让输出不变小。\n", "pad.md")])
    calls = room.embedder.calls
    room.ingester.ingest([], gone=[d.id for d in room.store.notes.documents(Collection.OWN)])
    assert "特征图" in room.found("池化取窗口里的最大值")
    assert room.embedder.calls == calls + 1, "the query"


def test_a_cache_that_cannot_be_pruned_fails_no_ingest():
    room = Room()

    def full(embedder, keep):
        raise StorageFull("store.full", folder="x", why="full")

    room.store.embeddings.prune = full
    assert room.ingester.ingest(FILES).chunks == 3


def steps_of(work) -> list[tuple[int, int, str]]:
    told: list[tuple[int, int, str]] = []
    work(lambda *step: told.append(step))
    return told


def test_removing_a_note_tells_every_step():
    room = Room(calibrator=lambda chunks, parts, vectors, words, embedder: _asks(embedder))
    room.ingester.ingest(FILES)
    told = steps_of(lambda progress: room.ingester.remove(note(POOL, "pool.md").id, progress))
    names = ("comparing", "dividing", "adding", "words", "calibrating", "finishing")
    assert list(dict.fromkeys(what for _, _, what in told)) == [say(f"ingest.{name}") for name in names]
    assert [step[:2] for step in told if step[2] == say("ingest.calibrating")] == [(0, 40), (32, 40)]


def _asks(embedder) -> dict[str, float]:
    queries = [f"{'问' * (n % 7)}{n}" for n in range(40)]
    vectors = embedder.embed_queries(queries)
    assert all((vectors[n] == FakeEmbedder().embed_queries([queries[n]])[0]).all() for n in range(40))
    return {}


def test_progress_counts_texts():
    text = "".join(f"## 方法{n}\n\n第{n}种方法把输入变换 {n} 次，再求和。\n\n" for n in range(40))
    told = steps_of(lambda progress: Room().ingester.ingest([note_file(text)], progress))
    embedding = [step[:2] for step in told if step[2] == say("ingest.embedding")]
    assert embedding[0] == (0, 40) and embedding[-1] == (40, 40)
    assert [done for done, _ in embedding] == sorted(done for done, _ in embedding)


def test_calibration_sees_the_build_and_is_stored_with_it():
    def calibrate(chunks, parts, vectors, words, embedder):
        assert {part.id for part in parts} == set(vectors)
        assert words.search("步长", 1)[0].id in {chunk.id for chunk in chunks}
        return {"slope": 2.0, "chunks": float(len(chunks))}

    room = Room(calibrator=calibrate)
    room.ingester.ingest(FILES)
    build = room.index.current()
    assert build is not None and build.calibration == {"slope": 2.0, "chunks": 3.0}


class Unavailable(FakeEmbedder):
    def embed_passages(self, texts):
        raise ModelUnavailable("ingest.not_found", what="model")


def test_without_an_encoder_the_old_index_and_notes_stay():
    room = Room()
    room.ingester.ingest(FILES)
    build = room.index.current()
    broken = Ingester(room.store, room.index, Unavailable(identity="other"))
    with pytest.raises(ModelUnavailable):
        broken.ingest([note_file("## 填充\n\n填充在边缘补零，让输出不变小。\n", "pad.md")])
    assert room.index.current() is build
    assert len(room.store.notes.documents()) == 2


def test_samples_and_own_notes_are_kept_apart():
    room = Room()
    room.ingester.ingest([FILES[0], note_file(POOL, "pool.md", Collection.SAMPLE)])
    assert [c.heading_path for c in room.store.notes.chunks(Collection.SAMPLE)] == [("池化",)]
    assert len(room.store.notes.chunks(Collection.OWN)) == 2


def test_notes_that_are_not_in_use_are_stored_but_not_indexed():
    def own_if_any(present):
        return present & {Collection.OWN} or present

    room = Room(in_use=own_if_any)
    sample = note_file(POOL, "pool.md", Collection.SAMPLE)
    assert room.ingester.ingest([sample]).embedded == 1
    room.ingester.ingest(FILES[:1])
    build = room.index.current()
    assert build is not None and len(build.windows) == 2
    calls = room.embedder.calls
    room.ingester.remove(note(CONV, "conv.md").id)
    assert "最大值" in room.found("池化取窗口里的最大值")
    assert room.embedder.calls == calls + 1, "only the query"


def test_what_was_cut_is_counted_by_reason():
    report = Room().ingester.ingest([note_file(CONV + "\n觉得有用就点个赞吧，谢谢支持！\n")])
    assert report.cuts == {CutReason.SHARE: 15}


def test_a_batch_is_small_enough_to_lose():
    assert 8 <= BATCH <= 16
