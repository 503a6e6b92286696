"""The cross-encoder, what it learns from, and how."""

import logging
import math
import random
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol, cast

import torch
from torch import Tensor, nn
from transformers import AutoTokenizer, BertModel

from bot.grading.verifier import STATUSES
from evals.adapter.data import Item, human_items, own_items
from evals.train_rows import Target

FOREIGN = ("beetle", "scientsbank")
FOREIGN_SHARE = 0.25
"""Key points of each foreign set for each of our own: two thirds of all are our own."""
LONGEST = 256
"""Tokens of a key point, its question and the answer."""
BATCH = 32
"""Key points a step, of about the same length."""
UPPER_RATE, HEAD_RATE = 1e-4, 1e-3
WARM_UP = 0.06
"""Share of the training until the full rates, which then fall to zero in a straight line."""
FAST = any(has for name, has in torch.cpu.get_capabilities().items() if name.endswith("bf16"))
"""Whether the processor multiplies bfloat16."""
_log = logging.getLogger("evals.cross_encoder")


class PairTokenizer(Protocol):
    """Turns two texts into one row of tokens."""

    pad_token_id: int

    def __call__(
        self, text: str, text_pair: str, *, truncation: bool = False, max_length: int | None = None
    ) -> Mapping[str, list[int]]:
        """'input_ids' of both; the longer one is cut off if truncated."""
        ...


@dataclass(frozen=True, slots=True)
class Example:
    """One key point beside one answer, and what is known of it."""

    tokens: list[int]
    target: Target


class CrossEncoder(nn.Module):
    """Reads a key point beside an answer; the upper half of the encoder and the head are trained.

    Args:
        encoder: What lies below its upper half stays as it is, and keeps nothing for gradients.
        tokenizer: The encoder's own.
    """

    def __init__(self, encoder: BertModel, tokenizer: PairTokenizer) -> None:
        super().__init__()
        layers = encoder.encoder.layer
        self._tokenizer = tokenizer
        self.encoder = encoder.requires_grad_(False)
        self.upper = layers[len(layers) // 2 :].requires_grad_(True)
        self.head = nn.Linear(encoder.config.hidden_size, len(STATUSES))

    @property
    def trained(self) -> int:
        """Numbers that training changes."""
        return sum(one.numel() for one in self.parameters() if one.requires_grad)

    def tokens(self, question: str, point: str, answer: str, best: Sequence[str] = ()) -> list[int]:
        """One row, at most LONGEST; all texts in normal form.

        Args:
            question: As asked.
            point: The key point.
            answer: Read as it is where all of it fits.
            best: Read in its place where it does not: its sentences, the most telling first.
        """
        head = f"{point} | {question}"  # what is cut off, if need be, is the question's end
        whole = self._tokenizer(head, answer)["input_ids"]
        if len(whole) <= LONGEST:
            return whole
        fitting = "\n".join(best) or answer
        return self._tokenizer(head, fitting, truncation=True, max_length=LONGEST)["input_ids"]

    def forward(self, rows: Sequence[list[int]]) -> Tensor:
        """Logits of shape (rows, 4), in the order of STATUSES."""
        pad = self._tokenizer.pad_token_id
        tokens = nn.utils.rnn.pad_sequence(
            [torch.tensor(row) for row in rows], batch_first=True, padding_value=pad
        )
        seen = tokens != pad
        with torch.autocast("cpu", torch.bfloat16, enabled=FAST):
            hidden = self.encoder(input_ids=tokens, attention_mask=seen.long()).last_hidden_state
        return self.head((hidden.float() * seen[..., None]).sum(1) / seen.sum(1, keepdim=True))


def load(place: Path) -> CrossEncoder:
    """Not yet trained, over the encoder in a sentence-transformers directory."""
    encoder = BertModel.from_pretrained(place, dtype=torch.float32, add_pooling_layer=False)
    return CrossEncoder(encoder, cast(PairTokenizer, AutoTokenizer.from_pretrained(place)))


def training_items(data: Path, seed: int) -> list[Item]:
    """Our own answers, and samples of answers in English that people held to a whole reference."""
    items, others = list(own_items()), human_items(data)
    most = int(FOREIGN_SHARE * sum(len(item.points) for item in items))
    for source in FOREIGN:
        found = [item for item in others if item.source == source]
        items += random.Random(f"{seed}/{source}").sample(found, min(most, len(found)))
    return items


def examples_of(model: CrossEncoder, items: Sequence[Item]) -> list[Example]:
    """One for each key point."""
    return [
        Example(model.tokens(item.question, point, item.answer), target)
        for item in items
        for point, target in zip(item.points, item.targets, strict=True)
    ]


def batches(examples: Sequence[Example], chance: random.Random) -> list[Sequence[Example]]:
    """All examples once: batches of about one length, in random order."""
    drawn = sorted(chance.sample(examples, len(examples)), key=lambda one: len(one.tokens))
    found = [drawn[start : start + BATCH] for start in range(0, len(drawn), BATCH)]
    return chance.sample(found, len(found))


def train(
    model: CrossEncoder, examples: Sequence[Example], seed: int, epochs: int, minutes: float = math.inf
) -> Iterator[int]:
    """Yields the number of each epoch when it is done; the last ends early if the time is up.

    The rates fall with the steps, or with the time where that is short: they end near zero either way.
    """
    rates = {UPPER_RATE: model.upper, HEAD_RATE: model.head}
    optimiser = torch.optim.AdamW([{"params": part.parameters(), "lr": rate} for rate, part in rates.items()])
    chance, started = random.Random(seed), time.perf_counter()
    step, steps = 0, epochs * math.ceil(len(examples) / BATCH)
    for epoch in range(1, epochs + 1):
        model.eval()
        model.upper.train()
        for batch in batches(examples, chance):
            spent = (time.perf_counter() - started) / 60
            done = max((step + 1) / (steps + 1), spent / minutes)
            if done >= 1:
                break
            for group, rate in zip(optimiser.param_groups, rates, strict=True):
                group["lr"] = rate * min(done / WARM_UP, (1 - done) / (1 - WARM_UP))
            step += 1
            loss = _step(model, optimiser, batch)
            _log.info("step %d/%d loss %.3f after %.1f min", step, steps, loss, spent)
        yield epoch
        if (time.perf_counter() - started) / 60 >= minutes:
            return


def _step(model: CrossEncoder, optimiser: torch.optim.Optimizer, batch: Sequence[Example]) -> float:
    """The loss before it."""
    logits = model([one.tokens for one in batch])
    loss = nn.functional.cross_entropy(logits, torch.tensor([one.target for one in batch]))
    optimiser.zero_grad()
    loss.backward()
    nn.utils.clip_grad_norm_(model.parameters(), 1.0)
    optimiser.step()
    return loss.item()
