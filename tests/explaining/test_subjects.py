"""What a sentence speaks of, and whether a passage knows it."""

import pytest

from bot.explaining.subjects import is_silent_about, subjects


@pytest.mark.parametrize(
    ("sentence", "found"),
    [
        ("BN 在训练时用批统计量。", {"=批归一化"}),
        ("在训练时，Dropout 随机置零。", {"=随机失活"}),
        ("批量归一化在训练时用批统计量。", {"=批归一化"}),
        ("它在训练时用批统计量。", set()),
        ("The layer uses ReLU and L2.", {"relu", "l2"}),
        ("This keeps the mean.", set()),
    ],
)
def test_the_subjects_of_a_sentence(sentence, found):
    assert subjects(sentence) == found


@pytest.mark.parametrize(
    ("text", "subject", "silent"),
    [
        ("ResNet-50 有 50 层", "resnet50", False),
        ("一块 GPU 放不下", "gpus", False),
        ("批归一化用批统计量", "=批归一化", False),
        ("Dropout 随机置零", "=批归一化", True),
        ("Dropout 随机置零", "relu", True),
    ],
)
def test_a_passage_knows_a_subject_by_another_spelling(text, subject, silent):
    assert is_silent_about(text, subject) is silent
