import string

import pytest

from bot.texts import catalogue, current_language, say, set_default_language, speaking


def placeholders(text):
    return {field for _, field, _, _ in string.Formatter().parse(text) if field is not None}


def test_both_languages_hold_the_same_keys():
    assert catalogue("zh").keys() == catalogue("en").keys()


@pytest.mark.parametrize("key", sorted(catalogue("zh")))
def test_both_languages_fill_the_same_placeholders(key):
    assert placeholders(catalogue("zh")[key]) == placeholders(catalogue("en")[key])


def test_english_messages_hold_no_chinese():
    chinese = {key for key, text in catalogue("en").items() if any("\u4e00" <= c <= "\u9fff" for c in text)}
    assert chinese <= {"page.language_zh"}


def test_the_language_of_a_block_ends_with_it():
    before = current_language()
    with speaking("en"):
        assert current_language() == "en"
        assert "cannot be used" in say("settings.wrong", name="X", why="y")
    assert current_language() == before


def test_the_default_language_can_be_chosen():
    set_default_language("en")
    try:
        assert current_language() == "en"
    finally:
        set_default_language("zh")
