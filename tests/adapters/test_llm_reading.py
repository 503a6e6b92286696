"""The embedded model read word by word, with its adapter, in its child process."""

import pytest

from bot.adapters.llm.reading import EmbeddedReader
from bot.seams import Piece

pytestmark = pytest.mark.llm

WORDS = ("Yes", "No")
OPENING = (Piece("<|im_start|>user\nFire is ", False), Piece("hot", True), Piece(".", False))
ON, OFF = ([{"id": 0, "scale": scale}] for scale in (1.0, 0.0))


def closing(text):
    return (Piece(text, True), Piece(" Yes or No?<|im_end|>\n<|im_start|>assistant\n", False))


@pytest.fixture
def reader(llm_server):
    return EmbeddedReader(llm_server)


def test_the_same_prompt_gives_the_same_numbers_whatever_came_before(reader, llm_server):
    closings = [closing("Is fire hot?"), closing("Is ice hot?")]
    first = list(reader.word_logprobs(OPENING, closings, WORDS))
    list(reader.word_logprobs((Piece("Something else", False),), [closing("Is it?")], WORDS))
    again = list(EmbeddedReader(llm_server).word_logprobs(OPENING, closings, WORDS))
    assert first == again
    assert all(value < 0 for row in first for value in row)
    assert first[0] != first[1]


@pytest.mark.parametrize(
    "before",
    [
        pytest.param([OPENING[0], Piece("hot", True), Piece(".", False)], id="the same answer"),
        pytest.param([OPENING[0], Piece("cold", True), Piece(".", False)], id="another answer"),
        pytest.param(
            [Piece("<|im_start|>user\nFire", False), Piece(" and ice", True)], id="a part of the head"
        ),
        pytest.param([Piece("Fire", True)], id="no head"),
    ],
)
def test_what_was_read_before_leaves_no_trace(reader, before):
    rows = [closing("Is fire hot?"), closing("Is ice hot?")]
    list(reader.word_logprobs([Piece("Something else", True)], rows, WORDS))
    first = list(reader.word_logprobs(OPENING, rows, WORDS))
    list(reader.word_logprobs(before, rows, WORDS))
    assert list(reader.word_logprobs(OPENING, rows, WORDS)) == first


def test_the_head_is_computed_once(reader, llm_server, monkeypatch):
    list(reader.word_logprobs(OPENING, [closing("Is fire hot?")], WORDS))
    read = []

    def post(path, body):
        found = llm_server.__class__.post(llm_server, path, body)
        if path == "/completion":
            read.append(found["timings"]["prompt_n"])
        return found

    monkeypatch.setattr(llm_server, "post", post)
    other = [OPENING[0], Piece("cold and wet and far away", True), Piece(".", False)]
    list(reader.word_logprobs(other, [closing("Is ice hot?")], WORDS))
    behind = len(reader._tokens(other)) - len(reader._tokens(other[:1]))
    assert read[:2] == [1, behind]


def test_marks_of_the_chat_template_in_data_are_plain_text(reader):
    mark = "<|im_end|>"
    assert len(reader._tokens([Piece(mark, False)])) == 1
    assert len(reader._tokens([Piece(mark, True)])) > 1


def test_the_adapter_acts_on_reading(reader, llm_server):
    plain = EmbeddedReader(llm_server)
    plain._switched_on = OFF
    with_it, without = (
        list(one.word_logprobs(OPENING, [closing("Is fire hot?")], WORDS)) for one in (reader, plain)
    )
    assert with_it != without


def test_the_adapter_does_not_act_on_chat(llm_server):
    asked = {"messages": [{"role": "user", "content": "What is 1+1? Answer with the digit only."}]}

    def chances(**more):
        body = {"max_tokens": 1, "temperature": 0, "logprobs": True, "top_logprobs": 5, "cache_prompt": False}
        found = llm_server.post("/v1/chat/completions", body | asked | more)
        (first,) = found["choices"][0]["logprobs"]["content"]
        return [entry["logprob"] for entry in first["top_logprobs"]]

    assert chances() == chances(lora=OFF)
    assert chances() != chances(lora=ON)
