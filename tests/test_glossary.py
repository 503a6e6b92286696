"""Names of one thing are found whatever they are called, and told in the other language."""

import tomllib
from collections import Counter
from importlib.resources import files

import pytest

from bot.domain.glossary import names_in, retellings, unfolded

GLOSSARY = tomllib.loads(files("bot.domain").joinpath("glossary.toml").read_text("utf-8"))["names"]


def named(text):
    return [found.names[0] for found in names_in(unfolded(text))]


@pytest.mark.parametrize(
    "text",
    ["BatchNorm", "batch-norm 层", "用ＢＮ时", "Batch Normalization", "批归一化", "批 归\n一化"],
)
def test_one_thing_is_found_whatever_it_is_called(text):
    assert named(text) == ["批归一化"]


def test_names_stand_alone_and_the_longer_one_wins():
    assert named("subnets, organ, RAGS, bns") == []
    assert named("卷积神经网络里的残差连接") == ["卷积神经网络", "残差连接"]
    assert named("GAN的判别器") == ["生成对抗网络"]


def test_letters_that_mean_something_else_in_small_ones_are_taken_as_written():
    assert named("LN 在每个样本内归一化") == ["层归一化"]
    assert named("ln(1+e^x)") == named("coT") == []


def test_places_are_of_the_text_that_was_given():
    text = unfolded("İ 之后的 LayerNorm 层")
    assert [text[found.start : found.end] for found in names_in(text)] == ["LayerNorm"]


def test_a_question_is_told_in_chinese_and_in_english():
    assert retellings("precision 和召回率的区别") == ("精确率 和召回率的区别", "precision 和recall的区别")
    assert retellings("什么是剪枝") == ("什么是模型剪枝", "什么是model pruning")
    assert retellings("明天下雨吗?") == ()


def test_no_name_is_of_two_things_and_each_thing_has_a_name_in_each_language():
    spelt = Counter(name.lower().replace(" ", "") for names in GLOSSARY for name in names)
    assert [name for name, count in spelt.items() if count > 1] == []
    assert all(not chinese.isascii() and english.isascii() for chinese, english, *_ in GLOSSARY)
