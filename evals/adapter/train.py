"""Train the adapter: python -m evals.adapter.train --data FOLDER --model FILE.gguf --out FILE.safetensors.

One pass over the graded answers, their key points read side by side (packing.py), with low-rank updates on
the upper layers of the frozen model (base.py). The answers come in parts, each with its own learning rate; a
run that was stopped goes on with the next part (--part 1 --start FILE.safetensors). The same seed gives the
same order and start; sums on several threads may differ in the last digits.
"""

import argparse
import json
import logging
import math
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

import torch
from safetensors.torch import load_file, save_file
from torch import Tensor
from transformers import Qwen2ForCausalLM

from bot.domain.grades import Status
from bot.prompts import prompt_hash
from bot.prompts.verdict import VERDICT_WORDS
from evals.adapter.base import LowRank, add_low_rank, layers_of, load_base, load_tokenizer, run_layers
from evals.adapter.data import PARTS, Item, own_items, training_items
from evals.adapter.packing import Packed, Tokenizer, packed
from evals.train_rows import Target

FIRST_LAYER = 12
"""Layers below keep the model's own weights; what they say of an answer needs no gradient."""
RANK = 8
SCALE = 2.0
BATCH = 4
"""Answers a step."""
RATES = (3e-4, 2e-4, 1.5e-4, 1e-4, 1e-4, 8e-5)
"""Highest learning rate of each part."""
WARM_UP = 12
"""Steps until the full learning rate, which falls to zero on a cosine afterwards."""
_log = logging.getLogger("evals.adapter")


class Verdicts:
    """Reads the four verdict words' log-probabilities off the model.

    Args:
        base: The model, with its low-rank updates in place.
        tokenizer: Its tokenizer.
    """

    def __init__(self, base: Qwen2ForCausalLM, tokenizer: Tokenizer) -> None:
        self._base = base
        self._tokenizer = tokenizer
        statuses = (Status.COVERED, Status.PARTIAL, Status.MISSING, Status.CONTRADICTED)
        words = [VERDICT_WORDS[status] for status in statuses]
        self._words = [
            tokenizer(word, add_special_tokens=False, split_special_tokens=True)["input_ids"][0]
            for word in words
        ]

    def log_probabilities(self, item: Item) -> Tensor:
        """(points, 4): of covered, partial, missing, contradicted, among all tokens."""
        one = packed(self._tokenizer, item.question, item.answer, item.points)
        hidden = self._base.model.norm(self._hidden(one)[:, one.ends])
        return self._base.lm_head(hidden)[0].float().log_softmax(-1)[:, self._words]

    def _hidden(self, one: Packed) -> Tensor:
        model = self._base.model
        layers = layers_of(self._base)
        with torch.no_grad():
            hidden = model.embed_tokens(one.tokens)
            turn = model.rotary_emb(hidden, one.positions)
            hidden = run_layers(layers[:FIRST_LAYER], hidden, one.mask, turn)
        return run_layers(layers[FIRST_LAYER:], hidden, one.mask, turn)


def loss_of(log_probabilities: Tensor, targets: Sequence[Target]) -> Tensor:
    """Cross-entropy with soft targets, summed over the key points."""
    return -(torch.tensor(targets) * log_probabilities).sum()


def train(
    verdicts: Verdicts, updates: dict[str, LowRank], items: Sequence[Item], rate: float
) -> Iterator[int]:
    """One pass; yields the number of each step when it is done."""
    parameters = [parameter for low in updates.values() for parameter in (low.a, low.b)]
    optimiser = torch.optim.AdamW(parameters, lr=rate, weight_decay=0.01)
    steps = math.ceil(len(items) / BATCH)
    schedule = torch.optim.lr_scheduler.LambdaLR(
        optimiser,
        lambda step: min((step + 1) / WARM_UP, 0.5 + 0.5 * math.cos(math.pi * step / steps)),
    )
    started = time.perf_counter()
    for step in range(steps):
        batch = items[step * BATCH : (step + 1) * BATCH]
        points = sum(len(item.points) for item in batch)
        total = hits = 0.0
        for item in batch:
            found = verdicts.log_probabilities(item)
            loss = loss_of(found, item.targets) / points
            loss.backward()
            total += loss.item()
            hits += float((found.argmax(-1) == torch.tensor(item.targets).argmax(-1)).sum()) / points
        torch.nn.utils.clip_grad_norm_(parameters, 1.0)
        optimiser.step()
        schedule.step()
        optimiser.zero_grad()
        spent = time.perf_counter() - started
        _log.info("step %d/%d loss %.3f right %.2f after %.0f s", step + 1, steps, total, hits, spent)
        yield step + 1


@torch.no_grad()
def start_from(updates: dict[str, LowRank], file: Path) -> None:
    """Go on from an adapter that `save` wrote."""
    tensors = load_file(file)
    for name, low in updates.items():
        low.a.copy_(tensors[f"{name}.lora_a"])
        low.b.copy_(tensors[f"{name}.lora_b"])


def save(updates: dict[str, LowRank], file: Path, facts: dict[str, str]) -> None:
    """Write the updates as float16 tensors '<map>.lora_a' (rank, in) and '<map>.lora_b' (out, rank)."""
    tensors: dict[str, Tensor] = {}
    for name, low in updates.items():
        tensors[f"{name}.lora_a"] = low.a.detach().half().contiguous()
        tensors[f"{name}.lora_b"] = low.b.detach().half().contiguous()
    save_file(tensors, file, facts)


@torch.no_grad()
def check(verdicts: Verdicts, items: Sequence[Item], out: Path) -> float:
    """Write targets and log-probabilities of `items` as JSONL; the share of key points judged right."""
    right = points = 0
    with out.open("w", encoding="utf-8") as file:
        for item in items:
            found = verdicts.log_probabilities(item)
            right += int((found.argmax(-1) == torch.tensor(item.targets).argmax(-1)).sum())
            points += len(item.points)
            row = {"id": item.id, "targets": item.targets, "found": found.tolist()}
            file.write(json.dumps(row) + "\n")
            file.flush()
    return right / points


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(prog="python -m evals.adapter.train", description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="folder of the sets graded by people")
    parser.add_argument("--model", type=Path, required=True, help="the embedded language model's file")
    parser.add_argument("--out", type=Path, required=True, help="where the adapter goes")
    parser.add_argument("--part", type=int, choices=range(len(PARTS)), help="only this one; without it, all")
    parser.add_argument("--start", type=Path, help="adapter of the part before, to go on from")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--validate", type=int, default=40, help="answers of held-out questions to check on")
    asked = parser.parse_args()
    if not asked.data.is_dir():
        parser.error(f"--data: {asked.data} is no folder; give the one that holds the graded sets")
    for option, file in (("--model", asked.model), ("--start", asked.start)):
        if file is not None and not file.is_file():
            parser.error(f"{option}: {file} is no file")
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s")
    torch.manual_seed(asked.seed)
    base, tokenizer = load_base(asked.model), load_tokenizer(asked.model)
    updates = add_low_rank(base, FIRST_LAYER, RANK, SCALE)
    verdicts = Verdicts(base, tokenizer)
    if asked.start:
        start_from(updates, asked.start)
    facts = {
        "rank": str(RANK),
        "alpha": str(RANK * SCALE),
        "prompt": prompt_hash("verdict"),
        "model": asked.model.stem,
    }
    for part in range(len(PARTS)) if asked.part is None else [asked.part]:
        for step in train(verdicts, updates, training_items(asked.data, asked.seed, part), RATES[part]):
            if step % 20 == 0:
                save(updates, asked.out, facts)
        save(updates, asked.out, facts)
        start_from(updates, asked.out)  # as a run that was stopped here goes on
    held = [item for item in own_items() if item.is_held_out]
    chosen = held[:: max(1, len(held) // asked.validate)]
    _log.info("held-out questions: %.3f right", check(verdicts, chosen, asked.out.with_suffix(".held.jsonl")))


if __name__ == "__main__":
    main()
