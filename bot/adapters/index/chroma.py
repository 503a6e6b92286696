"""Vectors in Chroma, embedded or on a server; cosine distance, vectors of our own."""

from collections.abc import Callable, Generator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol
from urllib.parse import urlsplit

import numpy as np

from bot.domain.errors import KaodianError, ServerSilent, SettingWrong, StorageBroken, StorageFull
from bot.seams import VectorHit, Vectors

if TYPE_CHECKING:
    from chromadb.api import ClientAPI
    from chromadb.api.models.Collection import Collection

BATCH = 1000
"""Vectors sent at once: Chroma takes 5461 rows, its server 40 MB."""

NEAREST: dict[str, Any] = {
    "hnsw": {"space": "cosine", "ef_construction": 200, "max_neighbors": 48, "ef_search": 1000}
}
"""Searched so widely that a collection of some thousand vectors is searched exactly."""

FULL = (
    "disk is full",
    "no space left",
    "file too large",
    "disk i/o error",
    "quota exceeded",
    "readonly database",
)
UNREACHABLE = ("connect", "timed out", "disconnected")


class VectorPlace(Protocol):
    """Where the vectors of builds are kept, by name of the build."""

    name: str
    """Tells one place from another: 'embedded', or a server's address."""

    def create(self, build: str, dimension: int) -> "ChromaVectors":
        """Empty vectors for a new build."""
        ...

    def open(self, build: str, dimension: int) -> "ChromaVectors":
        """The vectors of a finished build."""
        ...

    def keep_only(self, builds: Sequence[str]) -> None:
        """Delete the vectors of all other builds."""
        ...


class ChromaVectors:
    """seams.VectorIndex over one collection."""

    def __init__(self, client: "ClientAPI", collection: "Collection", dimension: int, place: str) -> None:
        self._client = client
        self._collection = collection
        self._dimension = dimension
        self._place = place
        self._size: int | None = None
        self.closed = False

    def add(self, ids: Sequence[str], vectors: Vectors) -> None:
        """Store vectors (n, dimension) under ids; an id that is there is replaced.

        Raises:
            StorageFull: The disk took no more.
        """
        if vectors.shape != (len(ids), self._dimension):
            raise ValueError(f"vectors {vectors.shape} instead of {(len(ids), self._dimension)}")
        rows = list({key: row for row, key in enumerate(ids)}.values())
        self._size = None
        with told_plainly(self._place):
            for start in range(0, len(rows), BATCH):
                some = rows[start : start + BATCH]
                self._collection.upsert(ids=[ids[row] for row in some], embeddings=vectors[some])

    def count(self) -> int:
        """Vectors stored."""
        if self._size is None:
            with told_plainly(self._place):
                self._size = self._collection.count()
        return self._size

    def nearest(self, vector: Vectors, k: int) -> list[VectorHit]:
        """At most `k` hits of a query of shape (1, dimension), closest first.

        Where that fails it closes: whoever asks next opens it anew and sees whether all is there.
        """
        wanted = min(k, self.count())
        if wanted < 1:
            return []
        try:
            with told_plainly(self._place):
                found = self._collection.query(
                    query_embeddings=vector.reshape(1, -1), n_results=wanted, include=["distances"]
                )
        except KaodianError:
            self.close()
            raise
        distances = (found["distances"] or [[]])[0]
        similarities = np.clip(1.0 - np.asarray(distances, dtype=np.float64), -1.0, 1.0)
        pairs = zip(found["ids"][0], similarities, strict=True)
        return [VectorHit(id=key, similarity=float(similarity)) for key, similarity in pairs]

    def close(self) -> None:
        """Let go of files and connections."""
        if not self.closed:
            self.closed = True
            _close(self._client)


class EmbeddedChroma:
    """Each build in a folder of its own: Chroma never reclaims the disk of a deleted collection."""

    name = "embedded"

    def __init__(self, root: Path) -> None:
        self._root = root

    def create(self, build: str, dimension: int) -> ChromaVectors:
        """Empty vectors for a new build, in its folder."""
        return self._opened(build, dimension, lambda client: _create(client, "windows"))

    def open(self, build: str, dimension: int) -> ChromaVectors:
        """The vectors of a finished build."""
        return self._opened(build, dimension, lambda client: _get(client, "windows"))

    def keep_only(self, builds: Sequence[str]) -> None:
        """Nothing to do: the vectors go with the folders."""

    def _opened(
        self, build: str, dimension: int, collection: "Callable[[ClientAPI], Collection]"
    ) -> ChromaVectors:
        from chromadb import PersistentClient

        folder = self._root / build / "chroma"
        with told_plainly(str(self._root)):
            client = PersistentClient(path=str(folder), settings=_settings())
            try:
                return ChromaVectors(client, collection(client), dimension, str(self._root))
            except BaseException:
                _close(client)
                raise


class ServedChroma:
    """Each build in a collection of its own on a Chroma server."""

    def __init__(self, url: str, owner: str) -> None:
        """Args: url: http://host:port. owner: Sets our collections apart from those of other homes."""
        parts = urlsplit(url)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise SettingWrong("store.server_url", url=url)
        self.name = url
        self._host, self._tls = parts.hostname, parts.scheme == "https"
        self._port = parts.port or (443 if self._tls else 8000)
        self._prefix = f"kaodian-{owner}-"

    def check(self) -> None:
        """Ask the server for an answer.

        Raises:
            StorageBroken: There is none.
        """
        _close(self._client())

    def create(self, build: str, dimension: int) -> ChromaVectors:
        """Empty vectors for a new build, in a collection of its own."""
        client = self._client()
        with told_plainly(self.name):
            return ChromaVectors(client, _create(client, self._prefix + build), dimension, self.name)

    def open(self, build: str, dimension: int) -> ChromaVectors:
        """The vectors of a finished build."""
        client = self._client()
        with told_plainly(self.name):
            return ChromaVectors(client, _get(client, self._prefix + build), dimension, self.name)

    def keep_only(self, builds: Sequence[str]) -> None:
        """Delete our collections of all other builds."""
        kept = {self._prefix + build for build in builds}
        client = self._client()
        with told_plainly(self.name):
            for name in [collection.name for collection in client.list_collections()]:
                if name.startswith(self._prefix) and name not in kept:
                    client.delete_collection(name)
            _close(client)

    def _client(self) -> "ClientAPI":
        from chromadb import HttpClient

        with told_plainly(self.name):
            return HttpClient(host=self._host, port=self._port, ssl=self._tls, settings=_settings())


def _settings() -> Any:
    from chromadb.config import Settings

    return Settings(anonymized_telemetry=False)


def _create(client: "ClientAPI", name: str) -> "Collection":
    return client.create_collection(name, embedding_function=None, configuration=NEAREST)  # type: ignore[arg-type]


def _get(client: "ClientAPI", name: str) -> "Collection":
    return client.get_collection(name, embedding_function=None)


def _close(client: Any) -> None:
    client.close()  # of every client, but not of the interface that they are declared by


@contextmanager
def told_plainly(place: str) -> Generator[None]:
    """Raise Chroma's failures within the block as errors that a user can act on.

    Args:
        place: Folder, or address of a server.

    Raises:
        StorageFull: The disk took no more.
        StorageBroken: The vectors cannot be read.
        ServerSilent: The server does not answer.
    """
    try:
        yield
    except (KaodianError, TypeError):
        raise
    except Exception as error:  # Chroma, its Rust core and its HTTP client share no class of errors
        raise _ours(error, place) from error


def _ours(error: Exception, place: str) -> KaodianError:
    why = str(error) or type(error).__name__
    if any(sign in why.lower() for sign in FULL):
        return StorageFull("store.full", folder=place, why=why)
    if "://" in place:
        is_silent = any(sign in f"{type(error).__name__} {why}".lower() for sign in UNREACHABLE)
        kind, key = (ServerSilent, "unreachable") if is_silent else (StorageBroken, "broken")
        return kind(f"store.server_{key}", url=place, why=why)
    return StorageBroken("store.vectors_broken", folder=place, why=why)
