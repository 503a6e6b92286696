"""A key point's own sentence with another term in it."""

import pytest

from bot.grading.pairs import turned

KNOWN = (
    "tcp 和 udp 有什么区别?",
    "tcp 会重传丢失的报文,因此交付可靠",
    "udp 的开销小,延迟低",
    "学习率增大时损失可能震荡",
    "tcp sets up a connection before data is sent",
)


@pytest.mark.parametrize(
    ("point", "said"),
    [
        (1, "udp 会重传丢失的报文,因此交付可靠"),
        (2, "tcp 的开销小,延迟低"),
        (4, "udp sets up a connection before data is sent"),
    ],
)
def test_a_term_in_the_place_of_another_turns_the_statement(point, said):
    assert turned(KNOWN[point], said, KNOWN)


@pytest.mark.parametrize(
    ("point", "said"),
    [
        (1, KNOWN[1]),
        (1, "它会重传丢失的报文,因此交付可靠"),
        (
            1,
            "quic 会重传丢失的报文,因此交付可靠",
        ),  # nothing that was asked about: his own word for it, perhaps
        (1, "丢了的报文 tcp 会再发一遍"),
        (3, "步长增大时损失可能震荡"),  # a synonym
        (2, "udp 的开销很小,延迟也低"),
        (2, "tcp 开销大"),
    ],
)
def test_other_words_for_the_same_do_not(point, said):
    assert not turned(KNOWN[point], said, KNOWN)
