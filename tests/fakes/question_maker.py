"""A scripted model that makes one question of whichever passage on normalisation it is shown."""

import json

FASTER = "BN 让每层输入的分布保持稳定，因此可以使用更大的学习率。"
TESTING = "测试时用训练中累积的全局均值和方差。"


def examiner(messages):
    """Asks about whichever passage it is shown."""
    faster = FASTER in messages[-1].content
    quote = FASTER if faster else TESTING
    question = "归一化之后为什么敢用更大的学习率？" if faster else "推理时归一化用的是哪里来的均值？"
    point = {"quote": quote, "point": quote}
    body = {"kind": "how", "question": question, "difficulty": "easy", "key_points": [point]}
    return json.dumps({"questions": [body]}, ensure_ascii=False)
