import pytest

from bot.grading.normal import plain
from bot.grading.term_rows import is_row, term_rows

SUBJECT = plain(
    "Bagging 和 Boosting 有什么区别？\nBagging 独立并行训练基学习器，降低方差\nBoosting 依次训练，降低偏差"
)
WRONG = "两种方法没有差别。"


@pytest.mark.parametrize(
    "row",
    [
        "方差、依次、偏差、boosting、降低、独立、bagging、基学习器、并行、训练",
        "降低, 偏差, 独立, 基学习器, 方差, boosting, 训练, 依次, 并行, bagging",
        "关键词：方差 依次 偏差 boosting 降低 独立 bagging 基学习器 并行 训练",
        "这道题涉及方差 依次 偏差 boosting 降低 独立 bagging 基学习器 并行 训练等概念",
    ],
)
def test_terms_in_a_row_behind_an_answer_are_found(row):
    assert [part.text for part in term_rows(plain(WRONG + row), SUBJECT)] == [plain(row)]


@pytest.mark.parametrize(
    "said",
    [
        "Bagging 独立并行训练基学习器，降低方差",
        "bagging 降方差、boosting 降偏差、前者并行、后者依次",
        "z = wx + b, a = σ(z), 损失 l, 梯度 g, 步长 h, 偏置 b, 权重 w, 输入 x",
        "优化器有 sgd、momentum、adagrad、adam、rmsprop、nadam、adamw、lion",
        "sequence numbers are in the tcp header, and so are ports and flags",
    ],
)
def test_statements_formulas_and_other_terms_are_none(said):
    assert not term_rows(plain(WRONG + said), SUBJECT)


def test_a_row_may_answer_an_enumeration():
    subject = plain("常见的优化器有哪些？\n有 sgd、momentum、adagrad、adam、rmsprop、nadam、adamw、lion")
    row = plain("sgd、momentum、adagrad、adam、rmsprop、nadam、adamw、lion")
    assert is_row(row)
    assert not term_rows(row, subject)
