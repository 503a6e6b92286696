import pytest

from bot.explaining.polarity import numbers, opposite


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Dropout 能防止过拟合", "Dropout 不能防止过拟合"),
        ("增大学习率会震荡", "减小学习率会震荡"),
        ("BN keeps running averages", "BN drops running averages"),
        ("It does not converge", "It does converge"),
    ],
)
def test_opposites_are_seen(one, other):
    assert opposite(one, other)
    assert opposite(other, one)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("不同批次的均值不一样", "各批次的均值不一样"),
        ("非线性让网络更有表达力", "线性变换的叠加让网络更有表达力"),
        ("它能防止过拟合", "它可以避免过拟合"),
    ],
)
def test_words_that_only_look_like_negation_are_not(one, other):
    assert not opposite(one, other)


def test_numbers_are_compared_as_values_and_names_are_no_numbers():
    assert numbers("取 0.50 或 １２８，即 20%") == {"0.5", "128", "20%"}
    assert numbers("L2 正则、INT8、ResNet50、1x1") == frozenset()
