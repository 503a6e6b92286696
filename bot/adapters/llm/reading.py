"""The embedded language model as it is read: how likely given words come next; its adapter, if any, is on."""

from collections.abc import Iterator, Sequence
from typing import Any

from bot.adapters.llm.embedded import EmbeddedModel
from bot.adapters.llm.metered import Spent, charge
from bot.seams import Piece

TOP = 32
"""Most likely tokens that are asked for; a word that is not among them counts as likely as the last."""
_ADAPTER = [{"id": 0, "scale": 1.0}]
_MARK = Piece("<|im_end|>", False)


class EmbeddedReader:
    """Implements bot.seams.WordReader with the child process.

    The opening is read anew for each answer, but for its head (its first piece, where that is the product's
    own), and the closings in the order given, each upon the stored opening: what is computed in one batch,
    and so the last digits, depends on the prompt alone and not on what came before.
    """

    def __init__(self, model: EmbeddedModel) -> None:
        self._model = model
        self._switched_on = _ADAPTER if model.has_adapter else []
        self._known: dict[Piece, list[int]] = {}

    @property
    def name(self) -> str:
        """Name of the model that is read."""
        return self._model.name

    def word_logprobs(
        self, opening: Sequence[Piece], closings: Sequence[Sequence[Piece]], words: Sequence[str]
    ) -> Iterator[tuple[float, ...]]:
        """As bot.seams.WordReader.

        Raises:
            ModelUnavailable: The child does not start or answers with an error.
        """
        head, start = self._head(opening), self._tokens(opening)
        wanted = [self._tokens([Piece(word, True)])[0] for word in words]
        self._lay(head)
        self._complete(start, cached=bool(head), reply=0)
        charge(Spent(calls=1, prompt_tokens=len(start)))
        for closing in closings:
            tokens = self._tokens(closing)
            found = self._complete(start + tokens, cached=True, reply=1)
            charge(Spent(calls=1, prompt_tokens=len(tokens)))
            listed = found["completion_probabilities"][0]["top_logprobs"]
            known = {int(entry["id"]): float(entry["logprob"]) for entry in listed}
            least = min(known.values())
            yield tuple(known.get(token, least) for token in wanted)

    def _head(self, opening: Sequence[Piece]) -> list[int]:
        return [] if opening[0].is_data else self._kept(opening[0])

    def _lay(self, head: list[int]) -> None:
        """Leave the model with `head` stored, all of it computed in one batch.

        The mark behind it never follows it otherwise, so that nothing more is stored; a part of the head that
        is there already belongs to something else, of another batch.
        """
        if not head:
            return
        marked = head + self._kept(_MARK)
        stored = self._complete(marked, cached=True, reply=0)["timings"]["cache_n"]
        if stored not in (0, len(head)):
            self._complete(marked, cached=False, reply=0)

    def _complete(self, tokens: list[int], *, cached: bool, reply: int) -> dict[str, Any]:
        return self._model.post(
            "/completion",
            {
                "prompt": tokens,
                "n_predict": reply,
                "n_probs": TOP,
                "temperature": 0,
                "cache_prompt": cached,
                "lora": self._switched_on,
            },
        )

    def _tokens(self, pieces: Sequence[Piece]) -> list[int]:
        return [token for piece in pieces for token in self._kept(piece)]

    def _kept(self, piece: Piece) -> list[int]:
        """Tokens of one piece; the product's own are few and come again."""
        if piece in self._known:
            return self._known[piece]
        request = {"content": piece.text, "add_special": False, "parse_special": not piece.is_data}
        tokens = self._model.post("/tokenize", request)["tokens"]
        if not piece.is_data:
            self._known[piece] = tokens
        return tokens
