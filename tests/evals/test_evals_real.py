"""The harness around the real product with the real embedding model."""

import json

import pytest

from bot.settings import Settings
from evals.cases import GradeCase, read_set
from evals.running import Request, measure
from evals.wiring import KaodianProducts

pytestmark = pytest.mark.real

NOTES = {
    "norm.md": "# 归一化\n\n## 批归一化在推理时用什么统计量？\n\n推理时用训练中累积的滑动平均均值和方差，"
    "因此结果与同批的其他样本无关。\n\n## 什么是层归一化？\n\n层归一化在单个样本的特征维度上求均值和方差。\n",
    "stop.md": "# 早停\n\n## 早停为什么能防止过拟合？\n\n验证误差不再下降就停止训练，"
    "参数走不远，等于限制了模型的有效容量。\n\n点赞收藏不迷路，关注我获取更多干货！\n",
    "conv.md": "# 卷积\n\n## 什么是感受野？\n\n感受野是输出的一个位置能看到的输入区域的大小。\n",
    "drop.md": "# Dropout\n\n## Dropout 在推理时怎么做？\n\n推理时不再丢弃，所有神经元都参与计算。\n",
    "loss.md": "# 损失\n\n## 为什么分类用交叉熵？\n\n错得越多梯度越大，不会像均方误差那样在饱和区消失。\n",
}


@pytest.fixture(scope="module")
def products(embedder, model_store, tmp_path_factory):
    settings = Settings(home=tmp_path_factory.mktemp("home"), llm="none")
    return KaodianProducts(settings, model_store, tmp_path_factory.mktemp("cache"))


@pytest.fixture
def corpus(tmp_path):
    folder = tmp_path / "notes"
    folder.mkdir()
    for name, text in NOTES.items():
        (folder / name).write_text(text, "utf-8")
    return folder


def run(kind, rows, products, tmp_path, corpus=None):
    cases = tmp_path / "set.jsonl"
    cases.write_text("".join(json.dumps(row) + "\n" for row in rows), "utf-8")
    out = tmp_path / f"{kind}.jsonl"
    measure(Request(kind, cases, out, corpus, "none", False, False, False, None, 0), products, "en")
    found = [json.loads(line) for line in out.read_text("utf-8").splitlines()]
    return found, json.loads(out.with_suffix(".run.json").read_text("utf-8"))


def test_retrieval_finds_and_tells_what_cleaning_lost(products, corpus, tmp_path):
    raw = NOTES["stop.md"]
    start = raw.index("验证误差")
    rows, record = run(
        "retrieve",
        [
            {"id": "text", "query": "测试阶段的 BN 用哪个均值", "must_contain": "滑动平均均值和方差"},
            {
                "id": "place",
                "query": "什么时候停止训练",
                "passage": {"path": "stop.md", "start": start, "end": start + 9},
            },
            {"id": "lost", "query": "关注", "must_contain": "点赞收藏不迷路"},
        ],
        products,
        tmp_path,
        corpus,
    )
    assert [row["rank"] for row in rows] == [1, 1, None]
    assert rows[2]["error"] == "not in any chunk"
    assert record["corpus"]["size"] == len(NOTES)
    assert record["settings"]["embedder"]


def test_refusal_decides_by_evidence(products, corpus, tmp_path):
    rows, _ = run(
        "refuse",
        [
            {"id": 1, "query": "早停为什么能防止过拟合？", "answerable": True},
            {"id": 2, "query": "怎样申请护照？", "answerable": False},
        ],
        products,
        tmp_path,
        corpus,
    )
    assert [row["answered"] for row in rows] == [True, False]
    assert rows[0]["evidence"] > rows[1]["evidence"]
    assert {row["decided_by"] for row in rows} == {"evidence"}


def test_grading_by_a_reference_and_by_key_points(products, tmp_path):
    question = "批归一化在推理时用什么统计量？"
    reference = "推理时用训练中累积的滑动平均均值和方差。"
    base = {"question": question, "max_score": 1}
    rows, record = run(
        "grade",
        [
            base | {"id": "ref", "reference": reference, "answer": reference, "score": 1},
            base | {"id": "points", "key_points": [{"text": reference}], "answer": "不知道", "score": 0},
            base | {"id": "long", "reference": reference, "answer": "字" * 9000, "score": 0},
        ],
        products,
        tmp_path,
    )
    assert rows[0]["score"] >= 0.95
    assert rows[0]["verdicts"][0]["quote"] in reference
    assert (rows[1]["score"], rows[1]["flags"]) == (0.0, ["gave_up"])
    assert rows[2]["score"] is None
    assert rows[2]["flags"] == ["too_long"]
    assert rows[2]["error"]
    assert record["metrics"]["counts"]["failed"] == 1


def test_public_sets_have_the_grade_format():
    """Reads ../shared where it is there; nothing of it is kept."""
    from pathlib import Path

    data = Path(__file__).parents[3] / "shared" / "data"
    if not data.is_dir():
        pytest.skip("../shared is absent: the public sets are not checked")
    sizes = {name: len(read_set(data / f"{name}.jsonl", GradeCase).cases) for name in ("le_zh", "asag_zh_mt")}
    assert sizes == {"le_zh": 585, "asag_zh_mt": 629}
