"""The same weights answer and refuse on two corpora and with two embedders; only calibration differs."""

import pytest
from fakes.embedder import FakeEmbedder
from fakes.index import MemoryIndex
from fakes.library import calibration_of
from fakes.store import MemoryStore

from bot.app import sample_directory
from bot.domain.notes import Collection
from bot.ingest import Ingester, NoteFile
from bot.retrieval import ANSWERABLE, EvidenceGate, Retriever, calibrate
from bot.retrieval.evidence import TITLED, Features, titled

HOUSE = """# 家务笔记

## 怎样清洗沾了油的锅？
趁热倒掉余油，撒一层小苏打静置十分钟，再用热水和软海绵擦洗。

## 多肉植物多久浇一次水？
春秋两季大约七到十天浇一次，夏天休眠时每月一次，土干透了才浇。

## 白衬衫领口发黄怎么办？
先用温水打湿，抹上肥皂静置半小时，再用软毛刷顺着纹理刷洗。

## 冰箱有异味如何去除？
把咖啡渣或活性炭放进敞口碗里，隔两周换一次，同时擦净密封条。

## 木地板应该怎样保养？
每周用拧干的拖把擦一次，每季度打一次蜡，避免阳光长时间直晒。

## 羽绒服能不能机洗？
可以用滚筒洗衣机的轻柔程序，配中性洗涤剂，烘干时放两个网球拍松羽绒。

## 空调滤网多长时间洗一次？
使用季节每两周取下滤网，用清水冲洗并阴干后装回。

## 怎样判断鸡蛋是否新鲜？
放进清水里，横着沉底的新鲜，竖着立起来的已放了一阵，浮起来的不要吃。

## 木筷子发霉了还能用吗？
不能，霉斑会深入木纹，煮沸也去不掉毒素，应该整批换掉。

## 玻璃上的水垢怎么去掉？
用白醋兑水喷在玻璃上，五分钟后用旧报纸擦干。

## 怎样防止衣柜返潮？
梅雨天放除湿盒并每周倒水，衣柜背板离墙留出两指的缝。

## 不锈钢水槽怎样擦亮？
撒上面粉，用干布打圈擦拭，最后冲净擦干。
"""

CASES = {
    "house": (
        ["锅上的油怎么洗", "多肉要多久浇水", "衬衫领子黄了怎么洗", "冰箱有味道怎么去除", "鸡蛋新不新鲜怎么看", "羽绒服可以用洗衣机洗吗"],
        ["反向传播是怎样推导的？", "汽车轮胎多久换一次？", "How do I file a tax return?", "怎样学好西班牙语？", "股票怎么开户？", "显卡驱动装不上怎么办？"],
    ),
    "learning": (
        ["批归一化训练和推理时有什么不同", "为什么 L1 会得到稀疏的解", "Dropout 训练时做什么", "标签平滑怎么算", "早停为什么有正则化的作用", "权重衰减和 L2 一样吗"],
        ["多肉植物多久浇一次水？", "汽车轮胎多久换一次？", "How do I file a tax return?", "怎样学好西班牙语？", "股票怎么开户？", "红烧肉要炖多久？"],
    ),
}  # fmt: skip


def library(name, embedder):
    if name == "house":
        files = [NoteFile(data=HOUSE.encode(), source="house.md", collection=Collection.OWN)]
    else:
        names = ("regularization.md", "batch-normalization.md", "dropout.md")
        files = [
            NoteFile(data=(sample_directory() / each).read_bytes(), source=each, collection=Collection.OWN)
            for each in names
        ]
    store, index = MemoryStore(), MemoryIndex()
    Ingester(store, index, embedder, calibrate).ingest(files)
    gate = EvidenceGate(lambda: calibration_of(index), index.words)
    return Retriever(store, index, embedder), gate


LITERAL = {
    "house": ["多肉植物多久浇一次水", "空调滤网多长时间洗一次", "不锈钢水槽怎样擦亮", "白衬衫领口发黄怎么办"],
    "learning": [
        "什么是正则化",
        "标签平滑怎么计算",
        "批归一化在训练和推理时有什么不同",
        "L1 正则和 L2 正则的区别",
    ],
}
"""Asked nearly as the notes ask, for an embedder that understands no other words."""


def shares(name, embedder, answerable=None):
    """Share of answerable queries that are answered, and of the others that are refused."""
    retriever, gate = library(name, embedder)
    asked, others = CASES[name]
    answered = [
        [gate.evidence(query, retriever.search(query)) >= ANSWERABLE for query in queries]
        for queries in (answerable or asked, others)
    ]
    return sum(answered[0]) / len(answered[0]), 1 - sum(answered[1]) / len(answered[1])


@pytest.mark.parametrize("name", CASES)
def test_with_an_embedder_that_only_sees_letters(name):
    kept, refused = shares(name, FakeEmbedder(dimension=1024), LITERAL[name])
    assert kept >= 0.75
    assert refused >= 0.8


@pytest.mark.real
@pytest.mark.parametrize("name", CASES)
def test_with_the_embedded_model(name, embedder):
    kept, refused = shares(name, embedder)
    assert kept >= 0.8
    assert refused >= 0.8


@pytest.mark.parametrize(
    ("query", "is_title"),
    [
        ("空调滤网多长时间洗一次", True),
        ("家务笔记，空调滤网多长时间洗一次？", True),
        ("空调滤网多长时间换一次", False),
        ("空调滤网", False),
        ("怎样学好西班牙语？", False),
    ],
)
def test_a_section_that_is_asked_for_by_its_title_is_held(query, is_title):
    retriever, gate = library("house", FakeEmbedder(dimension=1024))
    hits = retriever.search(query)
    assert titled(query, hits, gate.words) is is_title
    assert not is_title or gate.evidence(query, hits) >= TITLED


@pytest.mark.parametrize(("coverage", "complete"), [(1.0, 1.0), (1.0 - 1e-12, 1.0), (0.99, 0.0), (0.0, 0.0)])
def test_a_passage_is_complete_when_no_word_is_left_out(coverage, complete):
    assert Features(nearness=0.0, coverage=coverage, lead=0.0).complete == complete
