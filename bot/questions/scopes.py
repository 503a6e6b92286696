"""Which chunks a scope means."""

from collections.abc import Sequence

import numpy as np

from bot.domain.errors import ModelUnavailable
from bot.domain.glossary import replaced, retellings, unfolded
from bot.domain.notes import Chunk, Collection
from bot.domain.quizzes import Scope
from bot.domain.spans import digest
from bot.questions.words import content_words, share
from bot.seams import Embedder, Store, Vectors

NEAREST = 12
"""Most chunks that a topic brings in by meaning alone."""
MARGIN = 0.02
"""How far below the closest chunk's similarity another one may be."""


def chunks_in(
    scope: Scope, store: Store, embedder: Embedder, collections: Sequence[Collection]
) -> list[Chunk]:
    """Chunks of the scope, by document and place; for a topic, those that name it or come closest to it."""
    chunks = [chunk for kind in collections for chunk in store.notes.chunks(kind)]
    if scope.document_id:
        chunks = [chunk for chunk in chunks if chunk.document_id == scope.document_id]
    if scope.heading_path:
        depth = len(scope.heading_path)
        chunks = [chunk for chunk in chunks if chunk.heading_path[:depth] == scope.heading_path]
    if not scope.topic.strip() or not chunks:
        return chunks
    named = _naming(scope.topic, chunks)
    chosen = named or _nearest(scope.topic, chunks, store, embedder)
    return [chunk for chunk in chunks if chunk.id in chosen]


def title_of(chunk: Chunk) -> str:
    """What a chunk is about, in one line: its headings and its question."""
    return " ".join((*chunk.heading_path, chunk.question or ""))


def _naming(topic: str, chunks: Sequence[Chunk]) -> set[str]:
    """Chunks whose headings or question hold the topic's words; failing that, whose text does."""
    wanted = _told_twice(topic)
    for texts in ([title_of(c) for c in chunks], [c.text for c in chunks]):
        found = {
            c.id
            for c, text in zip(chunks, texts, strict=True)
            if any(share(*words) >= 0.99 for words in zip(wanted, _told_twice(text), strict=True))
        }
        if found:
            return found
    return set()


def _told_twice(text: str) -> tuple[frozenset[str], frozenset[str]]:
    """Words of a text as it stands, and with one name for each thing that has several."""
    return content_words(text), content_words(replaced(unfolded(text), lambda names: names[0]))


def _nearest(topic: str, chunks: Sequence[Chunk], store: Store, embedder: Embedder) -> set[str]:
    try:
        vectors = passage_vectors([title_of(chunk) for chunk in chunks], store, embedder)
        close = (vectors @ embedder.embed_queries([topic, *retellings(topic)]).T).max(axis=1)
    except ModelUnavailable:
        return _sharing(topic, chunks)
    order = np.argsort(-close, kind="stable")[:NEAREST]
    return {chunks[i].id for i in order if close[i] >= close[order[0]] - MARGIN}


def _sharing(topic: str, chunks: Sequence[Chunk]) -> set[str]:
    words = content_words(topic)
    return {chunk.id for chunk in chunks if share(words, content_words(title_of(chunk))) > 0}


def passage_vectors(texts: Sequence[str], store: Store, embedder: Embedder) -> Vectors:
    """Vectors (n, dimension) of texts, remembered in the store.

    Raises:
        ModelUnavailable: The embedding model cannot be loaded.
    """
    keys = [digest("question", text) for text in texts]
    known = store.embeddings.get(embedder.identity, keys)
    missing = {key: text for key, text in zip(keys, texts, strict=True) if key not in known}
    if missing:
        made = embedder.embed_passages(list(missing.values()))
        fresh = dict(zip(missing, made, strict=True))
        store.embeddings.put(embedder.identity, fresh)
        known = {**known, **fresh}
    return np.stack([known[key] for key in keys])
