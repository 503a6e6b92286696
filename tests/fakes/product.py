"""The product over memory: everything real but store, index, embedder and models."""

from fakes.embedder import FakeEmbedder
from fakes.index import MemoryIndex
from fakes.notes import note_file
from fakes.store import MemoryStore

from bot.app import Kaodian, Outside, Stage
from bot.models import ModelStore
from bot.settings import Settings

NORM = """# 批归一化

## BN 在训练和测试时有什么区别？

训练时用当前小批量的均值和方差归一化，同时用滑动平均累积全局统计量。测试时用训练中累积的全局均值和方差。

## 为什么 BN 能加快收敛？

BN 让每层输入的分布保持稳定，因此可以使用更大的学习率。
"""

EVIL = """# 恶意<img src=x onerror=alert(1)>

## 什么是 <script>alert(2)</script> 注入？

![p](http://evil.example/x.png) 注入是 [点我](javascript:alert(3)) 把代码 | 混进内容里<img src=y>。
"""


def product(tmp_path, *notes, ready=True, model=None, **settings):
    """A product whose own notes are `notes` (source, text), with `model` as its language model; `settings` are others."""
    llm = "none" if model is None else model.name
    chosen = {"home": tmp_path, "sample": "off", "llm": llm, "embedding": "fake", "lang": "zh"} | settings
    models = ModelStore(tmp_path / "models", [])
    kaodian = Kaodian(
        Settings(**chosen), Outside(MemoryStore(), MemoryIndex(), FakeEmbedder(), models, model)
    )
    kaodian.reader = FakeEmbedder()
    files = [note_file(text, source) for source, text in notes]
    if files:
        kaodian.notes.add(files)
    if ready:
        for stage in Stage:
            kaodian.board.set(stage, "off" if stage is Stage.MODEL else "done")
    return kaodian
