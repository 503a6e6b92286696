from hypothesis import given
from hypothesis import strategies as st

from bot.grading.clauses import MAX_SEGMENTS, clauses, said_once, sentences, windows


def texts(parts):
    return [part.text for part in parts]


def test_decimals_and_formulas_stay_whole():
    assert texts(sentences("学习率取 0.5, 即 3.14。f(x)=0.1 时停。")) == [
        "学习率取 0.5, 即 3.14",
        "f(x)=0.1 时停",
    ]
    assert texts(clauses("损失是 $a, b; c$，再求和")) == ["损失是 $a, b; c$", "再求和"]


def test_lists_lose_their_marks():
    assert texts(sentences("- 甲方\n2. 乙方\n(3) 丙方")) == ["甲方", "乙方", "丙方"]


def test_english_sentences_end_at_full_stops_only():
    assert texts(sentences("It uses 0.9 of e.g.inputs. Then it stops.")) == [
        "It uses 0.9 of e.g.inputs",
        "Then it stops",
    ]


def test_what_is_said_again_is_blanked_and_nothing_moves():
    text = "甲是对的。乙是错的。甲是对的！\n丙。甲是对的"
    once = said_once(text)
    assert len(once) == len(text)
    assert texts(sentences(once)) == ["甲是对的", "乙是错的", "丙"]
    assert once.index("丙") == text.index("丙")


def test_every_sentence_of_a_long_answer_lies_in_one_window():
    text = "。".join(f"第{number}句话说的是完全不同的事情而且不短" for number in range(200))
    parts = windows(text)
    assert MAX_SEGMENTS < len(parts) < 60
    for sentence in sentences(text):
        assert sum(part.start <= sentence.start and sentence.end <= part.end for part in parts) == 1


@given(st.text(max_size=400))
def test_pieces_are_verbatim_and_in_order(text):
    for split in (sentences, clauses, windows):
        parts = split(text)
        assert all(text[part.start : part.end] == part.text for part in parts)
        assert [part.start for part in parts] == sorted(part.start for part in parts)
