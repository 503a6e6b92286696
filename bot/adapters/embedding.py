"""Embedding with sentence-transformers: the embedded model, or any other by one setting."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cached_property
from pathlib import Path
from threading import RLock
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np

from bot.adapters.embedding_identity import weights_of_directory, weights_of_snapshot
from bot.domain.errors import ModelUnavailable
from bot.domain.judges import EMBEDDED, ENCODER
from bot.domain.spans import Frozen, digest
from bot.seams import Embedder, TokenEmbedder, TokenVectors, Vectors
from bot.settings import Settings

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

BATCH = 8
SLICE = 32
"""Texts embedded while others wait for the model."""
PASSAGE_PROMPT_NAMES = ("document", "passage", "corpus")
"""In the order in which sentence-transformers looks for them."""


class Models(Protocol):
    """What is asked of the store of embedded models."""

    def path(self, name: str) -> Path:
        """Where a model is. Raises ModelUnavailable."""
        ...

    def identity(self, name: str) -> str:
        """Hash of a model's content, known before it is here."""
        ...


class Prompts(Frozen):
    """What is put before texts; None: what the model itself says."""

    query: str | None = None
    passage: str | None = None


class SentenceTransformerEmbedder:
    """A sentence-transformers model, loaded at first use and shared by threads.

    A text over `window` tokens is read only so far: callers measure with `count_tokens` and divide it.

    Args:
        name: As the user knows the model.
        locate: Gives a directory or a hub id when the model is loaded.
        prompts: In place of the model's own.
        weights: Hash of the weights; None: taken from the files when first asked for.
    """

    def __init__(
        self,
        name: str,
        locate: Callable[[], Path | str],
        prompts: Prompts | None = None,
        weights: str | None = None,
    ) -> None:
        self._name = name
        self._locate = locate
        self._prompts = prompts or Prompts()
        self._weights = weights
        self._lock = RLock()

    @property
    def identity(self) -> str:
        """Hash of weights and prompts; pooling and window are among the model's files.

        Raises:
            ModelUnavailable: The model cannot be loaded.
        """
        return self._identity

    @cached_property
    def _identity(self) -> str:
        weights = self._weights or self._weights_on_disk()
        return digest("sentence-transformers", weights, *(repr(prompt) for _, prompt in self._prompts))

    @property
    def dimension(self) -> int:
        """Length of a vector. Raises ModelUnavailable."""
        return self._model.get_embedding_dimension() or 0

    @property
    def window(self) -> int:
        """Most tokens that are read of one text, prompt and special tokens included."""
        return self._model.max_seq_length or self._model.tokenizer.model_max_length

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """Tokens of each passage with prompt and special tokens, not cut off. Raises ModelUnavailable."""
        if not texts:
            return []
        prompt = self._passage_prompt()
        with self._lock:
            ids = self._model.tokenizer([prompt + text for text in texts], truncation=False, verbose=False)[
                "input_ids"
            ]
        return [len(row) for row in ids]

    def embed_passages(self, texts: Sequence[str]) -> Vectors:
        """Vectors (n, dimension) of passages. Raises ModelUnavailable."""
        return self._embedded(texts, self._model.encode_document, self._prompts.passage)

    def embed_queries(self, texts: Sequence[str]) -> Vectors:
        """Vectors (n, dimension) of queries. Raises ModelUnavailable."""
        return self._embedded(texts, self._model.encode_query, self._prompts.query)

    def embed_tokens(self, text: str) -> TokenVectors:
        """Vectors of the tokens of one query, cut off at `window`. Raises ModelUnavailable."""
        prompt = self._query_prompt()
        with self._lock:
            encode: Any = self._model.encode  # what output_value=None gives is not declared
            (read,) = encode(
                [text], prompt=prompt, output_value=None, normalize_embeddings=True, show_progress_bar=False
            )
            places = self._model.tokenizer(
                prompt + text, truncation=True, max_length=self.window, return_offsets_mapping=True
            )["offset_mapping"]
        size = len(prompt)
        kept = [number for number, (start, end) in enumerate(places) if end > max(size, start)]
        return TokenVectors(
            spans=tuple((max(0, places[i][0] - size), places[i][1] - size) for i in kept),
            vectors=read["token_embeddings"].numpy()[kept],
            whole=read["sentence_embedding"].numpy(),
        )

    @property
    def _model(self) -> SentenceTransformer:
        with self._lock:
            return self._loaded

    @cached_property
    def _loaded(self) -> SentenceTransformer:
        place = self._locate()
        try:
            return _load(place)
        except Exception as error:  # whatever the hub, the disk, or a foreign model's files may raise
            why = str(error).strip().partition("\n")[0] or type(error).__name__
            raise ModelUnavailable("models.embedding_failed", name=self._name, why=why) from error

    def _weights_on_disk(self) -> str:
        place = Path(self._locate())
        if place.is_dir():
            return weights_of_directory(place)
        _ = self._model  # downloads what is missing
        return weights_of_snapshot(str(self._locate()))

    def _query_prompt(self) -> str:
        own = self._prompts.query
        return (self._model.prompts.get("query", "") or "") if own is None else own

    def _passage_prompt(self) -> str:
        if self._prompts.passage is not None:
            return self._prompts.passage
        own = self._model.prompts
        names = [*PASSAGE_PROMPT_NAMES, self._model.default_prompt_name or ""]
        return next((own[name] for name in names if name in own), "") or ""

    def _embedded(self, texts: Sequence[str], encode: Callable[..., Vectors], prompt: str | None) -> Vectors:
        vectors = np.zeros((len(texts), self.dimension), dtype=np.float32)
        order = sorted(range(len(texts)), key=lambda number: len(texts[number]))
        for start in range(0, len(order), SLICE):
            numbers = order[start : start + SLICE]
            part = [texts[number] for number in numbers]
            with self._lock:
                vectors[numbers] = encode(
                    part, prompt=prompt, batch_size=BATCH, normalize_embeddings=True, show_progress_bar=False
                )
        return vectors


def make_embedder(settings: Settings, models: Models) -> SentenceTransformerEmbedder:
    """The embedder that the settings name; nothing is loaded yet."""
    prompts = Prompts(query=settings.embedding_query_prompt, passage=settings.embedding_passage_prompt)
    if settings.embedding == EMBEDDED:
        return make_pinned_embedder(models, prompts)
    return SentenceTransformerEmbedder(settings.embedding, lambda: settings.embedding, prompts)


def make_pinned_embedder(models: Models, prompts: Prompts | None = None) -> SentenceTransformerEmbedder:
    """The embedded model, whatever the settings name: the examiner was trained on what it says.

    Args:
        models: Where it is.
        prompts: None: its own.
    """
    return SentenceTransformerEmbedder(
        ENCODER, lambda: models.path(ENCODER), prompts, models.identity(ENCODER)
    )


def make_reader(embedder: Embedder, settings: Settings, models: Models) -> TokenEmbedder:
    """What reads answers for the examiner: the embedded model, shared with a search that uses it too."""
    pinned = settings.embedding == EMBEDDED and settings.embedding_query_prompt is None
    if pinned and isinstance(embedder, SentenceTransformerEmbedder):
        return embedder
    return make_pinned_embedder(models)


def _load(place: Path | str) -> SentenceTransformer:
    """Load from a directory, else from the hub's cache, else from the hub."""
    from sentence_transformers import SentenceTransformer
    from transformers.utils import logging

    logging.disable_progress_bar()
    precise = {"dtype": "float32"}
    try:
        return SentenceTransformer(str(place), local_files_only=True, model_kwargs=precise)
    except OSError:
        if Path(place).is_dir():
            raise
        return SentenceTransformer(str(place), model_kwargs=precise)
