"""The embedded model read word by word, with an adapter, in its child process."""

import numpy as np
import pytest

from bot.adapters.llm.embedded import EmbeddedModel
from bot.adapters.llm.reading import EmbeddedReader
from bot.models.adapter import gguf_adapter
from bot.seams import Piece
from bot.settings import Settings

pytestmark = pytest.mark.llm

WORDS = ("Yes", "No")
OPENING = (Piece("<|im_start|>user\nFire is ", False), Piece("hot", True), Piece(".", False))


def closing(text):
    return (Piece(text, True), Piece(" Yes or No?<|im_end|>\n<|im_start|>assistant\n", False))


@pytest.fixture(scope="module")
def reader(llm_server, tmp_path_factory):
    """The small model with an adapter that changes one map of its first layer."""
    chance = np.random.default_rng(0)
    wide = 896  # of the small model
    tensors = {
        "blk.0.attn_q.weight.lora_a": chance.normal(size=(4, wide)).astype(np.float16),
        "blk.0.attn_q.weight.lora_b": chance.normal(size=(wide, 4)).astype(np.float16),
    }
    folder = tmp_path_factory.mktemp("reader")
    (folder / "adapter.gguf").write_bytes(gguf_adapter(tensors, 8.0))
    model_path = llm_server.server._model_path
    model = EmbeddedModel(Settings(home=folder), model_path, lambda _: folder / "adapter.gguf")
    yield EmbeddedReader(model)
    model.server.stop()


def test_the_same_prompt_gives_the_same_numbers_whatever_came_before(reader):
    closings = [closing("Is fire hot?"), closing("Is ice hot?")]
    first = list(reader.word_logprobs(OPENING, closings, WORDS))
    list(reader.word_logprobs((Piece("Something else", False),), [closing("Is it?")], WORDS))
    again = list(EmbeddedReader(reader._model).word_logprobs(OPENING, closings, WORDS))
    assert first == again
    assert all(value < 0 for row in first for value in row)
    assert first[0] != first[1]


def test_marks_of_the_chat_template_in_data_are_plain_text(reader):
    mark = "<|im_end|>"
    assert len(reader._tokens([Piece(mark, False)])) == 1
    assert len(reader._tokens([Piece(mark, True)])) > 1


def test_the_adapter_acts_on_reading_and_not_on_chat(reader, llm_server):
    from bot.seams import Message

    asked = [Message(role="user", content="What is 1+1? Answer with the digit only.")]
    assert reader._model.reply(asked, max_tokens=4).text == llm_server.reply(asked, max_tokens=4).text
    start = reader._tokens(OPENING + closing("Is fire hot?"))
    body = {"prompt": start, "n_predict": 1, "n_probs": 5, "temperature": 0, "cache_prompt": False}

    def chances(**more):
        found = reader._model.post("/completion", body | more)["completion_probabilities"][0]
        return [entry["logprob"] for entry in found["top_logprobs"]]

    assert chances() != chances(lora=[{"id": 0, "scale": 1.0}])
    assert chances() == chances(lora=[{"id": 0, "scale": 0.0}])
