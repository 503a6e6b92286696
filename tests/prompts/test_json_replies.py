import pytest
from pydantic import BaseModel, ValidationError

from bot.prompts.replies import fits, json_text, read_json


class Said(BaseModel):
    text: str


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        (r"\\alpha 和 \alpha", r"\alpha 和 \alpha"),
        (r"\theta, \beta, \frac{1}{2}, \rho", r"\theta, \beta, \frac{1}{2}, \rho"),
        (r"\nabla L \neq 0", r"\nabla L \neq 0"),
        (r"两行\nNext line", "两行\nNext line"),
        (r"a\t b \"quoted\" \u4e2d \/", 'a\t b "quoted" 中 /'),
        (r"\(x\) \, \[y\]", r"\(x\) \, \[y\]"),
    ],
)
def test_backslashes_are_read_as_they_were_meant(written, meant):
    assert read_json(Said, f'{{"text": "{written}"}}').text == meant


@pytest.mark.parametrize(
    "around",
    [
        "{}",
        "```json\n{}\n```",
        "当然可以：\n{}\n希望有帮助",
        "1. {} 完 }",
        "按 {key} 的格式：\n```json\n{}\n```\n好了",
    ],
)
def test_words_around_the_object_do_not_matter(around):
    assert read_json(Said, around.replace("{}", '{"text": "x"}')).text == "x"


@pytest.mark.parametrize("text", ["", "不好说", '{"text": "x"', "{}"])
def test_what_is_no_object_of_the_schema_is_refused(text):
    with pytest.raises(ValidationError):
        read_json(Said, text)


def test_what_was_read_once_can_be_read_again():
    once = json_text(r'好的：{"text": "\alpha \theta"}')
    assert json_text(once) == once
    assert read_json(Said, once).text == r"\alpha \theta"


@pytest.mark.parametrize("text", ["没有", '{"text": "x', "{" * 5000, '{"a":' * 50000])
def test_what_holds_no_object_stays_as_it_is(text):
    assert json_text(text) == text


def test_a_reply_fits_only_as_it_stands():
    assert fits(Said, '{"text": "x"}')
    assert not fits(Said, '好的：{"text": "x"}')
    assert fits(None, "好的")
