"""The embedding cache in SQL."""

from collections.abc import Iterator, Mapping, Sequence

from sqlalchemy import delete, select
from sqlalchemy.dialects.sqlite import insert

from bot.adapters.sql.database import SLICE, Database
from bot.adapters.sql.note_tables import EmbeddingRow
from bot.seams import Vectors


def sliced(keys: Sequence[str]) -> Iterator[Sequence[str]]:
    """The keys in pieces that one statement can take."""
    for start in range(0, len(keys), SLICE):
        yield keys[start : start + SLICE]


class SqlEmbeddings:
    """seams.EmbeddingCache over a database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def get(self, embedder: str, keys: Sequence[str]) -> dict[str, Vectors]:
        """Known vectors, each of shape (dimension,), by key."""
        known: dict[str, Vectors] = {}
        with self._database.reading() as session:
            for some in sliced(keys):
                query = select(EmbeddingRow.key, EmbeddingRow.vector).where(
                    EmbeddingRow.embedder == embedder, EmbeddingRow.key.in_(some)
                )
                known.update((key, vector) for key, vector in session.execute(query))
        return known

    def put(self, embedder: str, vectors: Mapping[str, Vectors]) -> None:
        """Remember vectors, in one transaction."""
        if not vectors:
            return
        new = insert(EmbeddingRow)
        replacing = new.on_conflict_do_update(
            index_elements=[EmbeddingRow.embedder, EmbeddingRow.key], set_={"vector": new.excluded.vector}
        )
        rows = [{"embedder": embedder, "key": key, "vector": vector} for key, vector in vectors.items()]
        with self._database.changing() as session:
            session.execute(replacing, rows)

    def prune(self, embedder: str, keep: Sequence[str]) -> None:
        """Forget the vectors of this embedder that are not in `keep`."""
        with self._database.changing() as session:
            stored = session.scalars(select(EmbeddingRow.key).where(EmbeddingRow.embedder == embedder))
            stale = sorted(set(stored) - set(keep))
            for some in sliced(stale):
                session.execute(
                    delete(EmbeddingRow).where(EmbeddingRow.embedder == embedder, EmbeddingRow.key.in_(some))
                )
