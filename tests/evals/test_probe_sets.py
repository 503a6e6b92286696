"""The probe sets: what they promise in evals/sets/probes.md, and that the notes still hold it."""

import hashlib
import json
import os
import re
from collections import Counter
from difflib import SequenceMatcher
from pathlib import Path

import pytest

from bot.domain.notes import Collection
from bot.domain.search_keys import search_key
from bot.ingest import parse, read_document
from evals.cases import RefuseCase, RetrieveCase, read_set

ROOT = Path(__file__).parents[2]
SETS = ROOT / "evals" / "sets"
RETRIEVE = ("retrieve_zh.jsonl", "retrieve_seeds.jsonl", "retrieve_corpora.jsonl")
PROBES = (*RETRIEVE, "refuse_zh.jsonl")
TAKEN = ("gate_dev.jsonl", "retrieve_small.jsonl", "refuse_small.jsonl")
FOLDERS = {"retrieve_seeds.jsonl": "seeds", "retrieve_corpora.jsonl": "corpora/DeepLearning-500-questions"}
KINDS = {"paraphrase", "english", "abbreviation", "symptom", "misspelt", "follow_up"}
SPLITS = ("dev", "test")
NEAR = {"named", "detail", "neighbour"}
CHINESE = re.compile(r"[\u4e00-\u9fff]")
SHORTENED = re.compile(r"[A-Z][A-Za-z0-9-]*[A-Z0-9]")


def rows(name):
    return [json.loads(line) for line in (SETS / name).read_text("utf-8").splitlines()]


def of_kind(name, kind):
    return [row for row in rows(name) if row["kind"] == kind]


def shared_runs(query, text, length):
    """Pieces of the query of this length that the text has too."""
    return [query[i : i + length] for i in range(len(query) - length + 1) if query[i : i + length] in text]


@pytest.fixture(scope="module")
def notes():
    return {path.name: path.read_text("utf-8") for path in sorted((ROOT / "corpus").glob("*.md"))}


@pytest.fixture(scope="module")
def chunks(notes):
    """Search keys of the chunks of each note."""
    return {
        name: [
            search_key(chunk.text)
            for chunk in parse(read_document(text.encode(), name, Collection.SAMPLE)).chunks
        ]
        for name, text in notes.items()
    }


def originals(name):
    """Text of each file that a set by offsets points into."""
    given = os.environ.get("KAODIAN_SHARED")
    folder = (Path(given) if given else ROOT.parent / "shared") / FOLDERS[name]
    if not folder.is_dir():
        pytest.skip(f"../shared/{FOLDERS[name]} is absent; set KAODIAN_SHARED to the folder that holds it")
    paths = {row["passage"]["path"] for row in rows(name)}
    return {path: (folder / path).read_bytes().decode("utf-8") for path in paths}


@pytest.mark.parametrize(
    ("name", "kind", "least"),
    [
        ("retrieve_zh.jsonl", RetrieveCase, 200),
        ("retrieve_seeds.jsonl", RetrieveCase, 60),
        ("retrieve_corpora.jsonl", RetrieveCase, 100),
        ("refuse_zh.jsonl", RefuseCase, 120),
    ],
)
def test_sets_load_and_are_large_enough(name, kind, least):
    assert len(read_set(SETS / name, kind).cases) >= least


@pytest.mark.parametrize("name", PROBES)
def test_the_split_follows_from_the_id(name):
    found = rows(name)
    for row in found:
        odd = int(hashlib.sha256(f"probe:{row['id']}".encode()).hexdigest(), 16) % 2
        assert row["split"] == ("test" if odd else "dev"), row["id"]
    share = sum(row["split"] == "test" for row in found) / len(found)
    assert 0.4 <= share <= 0.6


def test_the_datasheet_counts_as_the_files_do():
    lines = (SETS / "probes.md").read_text("utf-8").splitlines()
    table = [
        [cell.strip() for cell in line.strip("|").split("|")] for line in lines if line.startswith("| re")
    ]
    told = {
        (name, kind, split): int(n) for name, kind, *ns in table for split, n in zip(SPLITS, ns, strict=True)
    }
    counted = Counter((name[:-6], row["kind"], row["split"]) for name in PROBES for row in rows(name))
    assert told == counted


def test_no_query_occurs_twice_or_in_a_set_that_something_was_tuned_on():
    taken = {search_key(row["query"]) for name in TAKEN for row in rows(name)}
    asked = Counter(search_key(row["query"]) for name in PROBES for row in rows(name))
    assert [query for query, count in asked.items() if count > 1 or query in taken] == []
    ids = Counter(row["id"] for name in PROBES for row in rows(name))
    assert max(ids.values()) == 1


def test_probes_of_the_corpus_are_of_every_kind_and_for_every_note(notes):
    found = rows("retrieve_zh.jsonl")
    kinds = Counter(row["kind"] for row in found)
    assert set(kinds) == KINDS
    assert min(kinds.values()) >= 40
    per_note = Counter(row["note"] for row in found)
    assert set(per_note) == set(notes)
    assert min(per_note.values()) >= 3
    assert len({row["must_contain"] for row in found}) == len(found)


@pytest.mark.parametrize("name", ["retrieve_zh.jsonl", "refuse_zh.jsonl"])
def test_what_is_looked_for_stands_once_in_its_note_and_in_no_other(name, notes, chunks):
    """When an edit of a note breaks this, take another sentence that answers the query."""
    keys = {note: search_key(text) for note, text in notes.items()}
    wanted = [row for row in rows(name) if "must_contain" in row]
    assert len(wanted) >= 40
    for row in wanted:
        text, key = row["must_contain"], search_key(row["must_contain"])
        assert len(text) >= 12, row["id"]
        assert notes[row["note"]].count(text) == 1, row["id"]
        assert [note for note, has in keys.items() if key in has] == [row["note"]], row["id"]
        assert sum(key in chunk for chunk in chunks[row["note"]]) >= 1, row["id"]


def test_paraphrases_share_no_long_term_with_what_they_look_for():
    for row in of_kind("retrieve_zh.jsonl", "paraphrase"):
        assert not shared_runs(row["query"], row["must_contain"], 4), row["id"]


def test_english_probes_are_english_and_abbreviations_are_short_forms():
    assert not [row["id"] for row in of_kind("retrieve_zh.jsonl", "english") if CHINESE.search(row["query"])]
    short = of_kind("retrieve_zh.jsonl", "abbreviation")
    assert not [row["id"] for row in short if not SHORTENED.search(row["query"])]


def test_misspelt_probes_say_what_was_meant():
    for row in of_kind("retrieve_zh.jsonl", "misspelt"):
        alike = SequenceMatcher(None, row["query"], row["meant"]).ratio()
        assert 0.7 <= alike < 1, row["id"]


def test_follow_ups_carry_their_conversation():
    """`query` is what the conversation makes of the raw words, so that a harness without one can run it."""
    for row in of_kind("retrieve_zh.jsonl", "follow_up"):
        assert row["history"]
        assert all(CHINESE.search(earlier) for earlier in row["history"]), row["id"]
        assert len(row["follow_up"]) < len(row["query"]), row["id"]


def test_refusal_probes_are_mostly_near_the_topic():
    found = rows("refuse_zh.jsonl")
    kinds = Counter(row["kind"] for row in found)
    assert set(kinds) == NEAR | {"answerable", "far"}
    assert kinds["answerable"] >= 40
    assert sum(not row["answerable"] for row in found) >= 80
    assert all(kinds[kind] >= 20 for kind in NEAR)
    assert sum(kinds[kind] for kind in NEAR) * 2 >= sum(not row["answerable"] for row in found)
    assert all(row["answerable"] == (row["kind"] == "answerable") for row in found)


def test_what_the_notes_do_not_answer_is_not_in_them(notes):
    """When a note comes to explain one of these, its probe must become answerable or go."""
    everything = "\n".join(search_key(text) for text in notes.values())
    absent = [row for row in rows("refuse_zh.jsonl") if not row["answerable"]]
    assert [row["id"] for row in absent if search_key(row["absent"]) in everything] == []


def test_what_is_only_named_is_in_its_note_and_in_no_heading(notes):
    headings = "\n".join(line for text in notes.values() for line in text.splitlines() if line[:1] == "#")
    for row in rows("refuse_zh.jsonl"):
        if row["kind"] in {"named", "detail"}:
            assert row["named"] in notes[row["note"]], row["id"]
        if row["kind"] == "named":
            assert row["named"] not in headings, row["id"]


@pytest.mark.parametrize("name", FOLDERS)
def test_probes_by_offset_hold_no_text_of_their_source(name):
    for row in rows(name):
        assert set(row) == {"id", "kind", "query", "passage", "text_sha256", "split"}
        assert set(row["passage"]) == {"path", "start", "end"}
    kinds = Counter(row["kind"] for row in rows(name))
    assert set(kinds) == {"paraphrase", "direct", "english"}


@pytest.mark.parametrize("name", FOLDERS)
def test_offsets_still_point_at_the_same_characters(name):
    files = originals(name)
    for row in rows(name):
        place = row["passage"]
        text = files[place["path"]][place["start"] : place["end"]]
        assert len(text) == place["end"] - place["start"], row["id"]
        assert hashlib.sha256(text.encode()).hexdigest()[:16] == row["text_sha256"], row["id"]
        assert len(search_key(text)) >= 8, row["id"]


@pytest.mark.parametrize("name", FOLDERS)
def test_queries_by_offset_are_in_our_own_words(name):
    files = originals(name)
    for row in rows(name):
        place = row["passage"]
        text = files[place["path"]][place["start"] : place["end"]]
        long = [run for run in shared_runs(row["query"], text, 8) if len(CHINESE.findall(run)) == len(run)]
        assert not long, row["id"]
        if row["kind"] == "paraphrase":
            assert not shared_runs(row["query"], text, 4), row["id"]


def test_the_datasheet_counts_what_is_there():
    table = re.findall(
        r"^\| (\w+) \| (\w+) \| (\d+) \| (\d+) \|$", (SETS / "probes.md").read_text("utf-8"), re.M
    )
    counted = Counter((name, row["kind"], row["split"]) for name in PROBES for row in rows(name))
    said = {(f"{name}.jsonl", kind): (int(dev), int(test)) for name, kind, dev, test in table}
    assert said == {
        (name, kind): (counted[name, kind, "dev"], counted[name, kind, "test"]) for name, kind, _ in counted
    }
