"""Why a value was turned down, told in the language of the page."""

import re
from typing import Annotated, Literal

import pytest
from pydantic import BaseModel, Field, ValidationError, field_validator

from bot.domain.errors import BadInput, SettingWrong
from bot.domain.validation import why_not
from bot.settings import load_settings
from bot.texts import say, speaking
from evals.cases import GradeCase, read_set


class Form(BaseModel):
    name: Annotated[str, Field(min_length=2)] = "ab"
    size: Annotated[int, Field(gt=0)] = 1
    kind: Literal["one", "two"] = "one"
    when: complex = 0j
    even: int = 2

    @field_validator("even")
    @classmethod
    def _even(cls, value):
        if value % 2:
            raise ValueError(say("quiz.blank_answer"))
        return value


def told(lang, **fields):
    with speaking(lang), pytest.raises(ValidationError) as caught:
        Form(**fields)
    with speaking(lang):
        (error,) = caught.value.errors()
        return why_not(error)


@pytest.mark.parametrize(
    "fields", [{"name": "a"}, {"name": 1}, {"size": 0}, {"size": "x"}, {"kind": "three"}, {"even": 3}]
)
def test_a_common_reason_is_told_in_both_languages_without_a_word_of_the_other(fields):
    assert re.search("[\u4e00-\u9fff]", told("zh", **fields))
    assert not re.search("[A-Za-z]{3}", told("zh", **fields).replace("one", "").replace("two", ""))
    assert re.fullmatch("[ -~’…]+", told("en", **fields))


def test_the_limit_and_the_choices_are_named():
    assert "0" in told("zh", size=0)
    assert told("zh", kind="three").endswith("'one', 'two'")


def test_a_rare_reason_keeps_its_kind():
    assert "complex" in told("zh", when="x")
    assert re.search("[\u4e00-\u9fff]", told("zh", when="x"))


def test_a_wrong_setting_is_told_in_chinese(tmp_path):
    with speaking("zh"), pytest.raises(SettingWrong, match="不能大于 65535"):
        load_settings(home=tmp_path, port=70000)


def test_a_bad_line_of_a_set_is_told_in_chinese(tmp_path):
    file = tmp_path / "set.jsonl"
    file.write_text('{"id": 1, "question": "q", "answer": "a", "score": 3, "max_score": 2}\n', "utf-8")
    with speaking("zh"), pytest.raises(BadInput, match=say("evals.needs_points", lang="zh")):
        read_set(file, GradeCase)
