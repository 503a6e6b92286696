"""Chunks and documents that say the same, found by shared runs of characters."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from zlib import crc32

from bot.domain.notes import Chunk, ChunkKind, Collection, Duplicate, Format, ParsedDocument
from bot.domain.search_keys import search_key
from bot.ingest.differences import differ_in_meaning

SHINGLE = 6
"""Characters of a shingle."""
SAMPLE = 4
"""One shingle in so many is looked up; all of them decide."""
CROWD = 60
"""Chunks that may share a shingle; more only say that the words are common."""
SAME = 0.85
"""Containment from which a chunk is a duplicate."""
SAME_DOCUMENT = 0.75
"""Containment from which a document is another form of a second one."""
COVERED = 0.8
"""Containment in a whole document from which a chunk of its other form is left out."""
SHARED = 0.3
"""Share of shingles from which a chunk of the richer form belongs to the place that is compared."""
SHORT = 24
"""Characters of a search key below which only equal keys are duplicates."""

_LIST_MARK = re.compile(r"^[ \t]*(?:[-*_]{3,}[ \t]*$|(?:\d{1,3}[.、)）]|[-*+•]|#+)[ \t]*)", re.MULTILINE)


@dataclass(slots=True)
class _Entry:
    chunk: Chunk
    rank: int
    """Of its document, the richest first."""
    key: str
    question: str
    shingles: frozenset[int] = field(default_factory=frozenset[int])

    @property
    def place(self) -> tuple[str, str]:
        return self.chunk.document_id, self.chunk.id


Found = dict[tuple[str, str], Duplicate]
"""Duplicates by document and chunk."""


def find_duplicates(parsed: Sequence[ParsedDocument]) -> list[Duplicate]:
    """Chunks to leave out of the index, each with the one that stays for it.

    Of two forms of one article the richer stays: the user's own before samples, Markdown before
    plain text, more text before less. The result depends on the set of documents, not on their order.
    """
    ranked = sorted(parsed, key=_richness)
    entries = [_entry(chunk, rank) for rank, document in enumerate(ranked) for chunk in document.chunks]
    found = _whole_documents(ranked, entries)
    _near([entry for entry in entries if entry.place not in found], found)
    return [_resolved(duplicate, found) for duplicate in found.values()]


def _richness(parsed: ParsedDocument) -> tuple[bool, bool, int, str, str]:
    document = parsed.document
    length = sum(len(chunk.text) for chunk in parsed.chunks)
    sample = document.collection is not Collection.OWN
    return sample, document.format is not Format.MARKDOWN, -length, document.source, document.id


def _entry(chunk: Chunk, rank: int) -> _Entry:
    key = search_key(_LIST_MARK.sub("", chunk.text))
    question = search_key(chunk.question) if chunk.question else ""
    return _Entry(chunk, rank, key, question, shingles_of(key))


def shingles_of(key: str) -> frozenset[int]:
    """Hashes of all runs of SHINGLE characters of a search key; of a shorter key, its own."""
    if len(key) <= SHINGLE:
        return frozenset([crc32(key.encode())])
    return frozenset(crc32(key[i : i + SHINGLE].encode()) for i in range(len(key) - SHINGLE + 1))


def containment(poorer: frozenset[int], richer: frozenset[int]) -> float:
    """Share of the first's shingles that the second has, 0..1."""
    return len(poorer & richer) / len(poorer) if poorer else 0.0


def _near(entries: Sequence[_Entry], found: Found) -> None:
    """Add duplicates chunk by chunk."""
    for low, high in _candidates(entries):
        kept, left = _better(entries[low], entries[high])
        if left.place in found or _root(kept.place, found) == left.place:
            continue
        similarity = containment(left.shingles, kept.shingles)
        if left.key == kept.key and left.question == kept.question:
            found[left.place] = _duplicate(left, kept, 1.0)
        elif kept.place not in found and similarity >= SAME and _same_matter(left, kept):
            found[left.place] = _duplicate(left, kept, similarity)


def _better(first: _Entry, second: _Entry) -> tuple[_Entry, _Entry]:
    """The chunk to keep and the one to leave out.

    The longer stays; of about equal ones a question, then that of the richer document, then the first.
    """
    short, long = sorted((first, second), key=lambda entry: len(entry.shingles))
    alike = len(short.shingles) >= SAME * len(long.shingles)
    question = [entry for entry in (first, second) if entry.chunk.kind is ChunkKind.QA]
    if alike and len(question) == 1:
        long, short = question[0], second if question[0] is first else first
    elif alike and first.rank != second.rank:
        long, short = sorted((first, second), key=lambda entry: entry.rank)
    elif alike:
        long, short = sorted((first, second), key=lambda entry: entry.chunk.spans[0].start)
    return long, short


def _same_matter(left: _Entry, kept: _Entry) -> bool:
    """Whether two similar chunks really say the same, and answer the same question."""
    if min(len(left.key), len(kept.key)) < SHORT or differ_in_meaning(left.key, kept.key):
        return False
    return _same_question(left, kept)


def _same_question(left: _Entry, kept: _Entry) -> bool:
    """Whether leaving out the first for the second loses no question."""
    if not left.question or left.question == kept.question:
        return True
    alike = containment(shingles_of(left.question), shingles_of(kept.question)) >= SAME
    return alike and not differ_in_meaning(left.question, kept.question)


def _candidates(entries: Sequence[_Entry]) -> list[tuple[int, int]]:
    """Pairs that share enough of a sample of their shingles, most alike first."""
    holders: dict[int, list[int]] = defaultdict(list)
    equal: dict[str, list[int]] = defaultdict(list)
    for index, entry in enumerate(entries):
        equal[entry.key].append(index)
        for shingle in entry.shingles:
            if shingle % SAMPLE == 0:
                holders[shingle].append(index)
    shared: Counter[tuple[int, int]] = Counter()
    for group in holders.values():
        if len(group) <= CROWD:
            shared.update((low, high) for at, low in enumerate(group) for high in group[at + 1 :])
    pairs = {pair for pair, count in shared.items() if _enough(entries, pair, count)}
    pairs |= {(group[0], other) for group in equal.values() for other in group[1:]}
    return sorted(pairs, key=lambda pair: (-shared[pair], pair))


def _enough(entries: Sequence[_Entry], pair: tuple[int, int], count: int) -> bool:
    smaller = min(len(entries[index].shingles) for index in pair)
    return count * SAMPLE >= 0.5 * smaller


def _whole_documents(ranked: Sequence[ParsedDocument], entries: Sequence[_Entry]) -> Found:
    """Chunks of documents that are another form of a richer one, which has its own for them."""
    found: Found = {}
    by_rank: dict[int, list[_Entry]] = defaultdict(list)
    for entry in entries:
        by_rank[entry.rank].append(entry)
    wholes = [_union(by_rank[rank]) for rank in range(len(ranked))]
    for poor in range(len(ranked)):
        rich = _same_article(poor, wholes)
        if rich is None:
            continue
        raw = ranked[rich].document.raw
        for entry in by_rank[poor]:
            covered = _covered(entry, by_rank[rich], wholes[rich], raw)
            if covered:
                found[entry.place] = covered
    return found


def _union(entries: Iterable[_Entry]) -> frozenset[int]:
    return frozenset(shingle for entry in entries for shingle in entry.shingles)


def _same_article(poor: int, wholes: Sequence[frozenset[int]]) -> int | None:
    """Rank of the richest document that contains this one, if any."""
    for rich in range(poor):
        if containment(wholes[poor], wholes[rich]) >= SAME_DOCUMENT:
            return rich
    return None


def _covered(entry: _Entry, others: Sequence[_Entry], whole: frozenset[int], raw: str) -> Duplicate | None:
    """The chunk of the richer form that says most of this one, if that form as a whole says the same.

    Args:
        entry: Of the poorer form.
        others: All of the richer one.
        whole: All shingles of the richer one.
        raw: Its file.
    """
    asked = [other for other in others if _same_question(entry, other)]
    similarity = containment(entry.shingles, whole)
    if similarity < COVERED or not asked:
        return None
    region = search_key(_LIST_MARK.sub("", _region(entry, others, raw)))
    if differ_in_meaning(entry.key, region):
        return None
    nearest = max(asked, key=lambda other: len(entry.shingles & other.shingles))
    return _duplicate(entry, nearest, similarity)


def _region(entry: _Entry, others: Sequence[_Entry], raw: str) -> str:
    """The part of a file that holds the chunks which share something with this one."""
    sharing = [
        o
        for o in others
        if len(entry.shingles & o.shingles) >= SHARED * min(len(entry.shingles), len(o.shingles))
    ]
    spans = [span for other in sharing for span in other.chunk.spans]
    if not spans:
        return ""
    return raw[min(span.start for span in spans) : max(span.end for span in spans)]


def _duplicate(left: _Entry, kept: _Entry, similarity: float) -> Duplicate:
    return Duplicate(
        chunk_id=left.chunk.id,
        document_id=left.chunk.document_id,
        kept_chunk_id=kept.chunk.id,
        kept_document_id=kept.chunk.document_id,
        similarity=min(1.0, similarity),
    )


def _root(place: tuple[str, str], found: Found) -> tuple[str, str]:
    """Document and chunk that stay in the end for a place."""
    while place in found:
        place = (found[place].kept_document_id, found[place].kept_chunk_id)
    return place


def _resolved(duplicate: Duplicate, found: Found) -> Duplicate:
    document_id, chunk_id = _root((duplicate.document_id, duplicate.chunk_id), found)
    return duplicate.model_copy(update={"kept_document_id": document_id, "kept_chunk_id": chunk_id})
