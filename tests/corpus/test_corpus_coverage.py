"""Every topic that learners' outlines name is explained somewhere in the notes."""

import pytest
from notes_on_disk import NOTES

TOPICS = {
    "mathematics": "特征值分解 SVD 无穷范数 雅可比矩阵 海森矩阵 链式法则 凸函数 Dirichlet 极大似然 贝叶斯 信息熵 KL 散度 鞍点",
    "basics": "感知机 前向传播 反向传播 Sigmoid Tanh ReLU PReLU ELU GELU 万能逼近",
    "losses": "均方误差 交叉熵 合页损失 Huber Focal InfoNCE Dice Center ArcFace",
    "optimisation": "动量 Nesterov AdaGrad RMSProp AdamW 余弦退火 预热 指数衰减 牛顿法 L-BFGS 在线学习",
    "data": "过采样 欠采样 SMOTE Mixup CutMix EDA 回译 标准化 数据泄漏 分层 缺失值",
    "regularisation": "权重衰减 早停 标签平滑 DropConnect 随机深度 对抗训练 集成 双下降 偏差—方差",
    "training": "梯度裁剪 梯度检查 Xavier He 正交初始化 学习曲线 NaN 复现 调参",
    "vision": "感受野 空洞卷积 转置卷积 池化 LeNet AlexNet VGG Inception ResNet MobileNet U-Net ViT",
    "detection": "R-CNN YOLO NMS RoI mAP DETR 可变形卷积 蛇形卷积",
    "sequences": "LSTM GRU BPTT 双向 教师强制 多头注意力 交叉注意力 因果掩码 RoPE ALiBi",
    "generative": "模式崩塌 WGAN CycleGAN FID ELBO 重参数化 VQ-VAE DDPM DDIM 无分类器引导",
    "decisions": "Q-learning SARSA DQN 策略梯度 行为克隆 DAgger 逆强化学习 GAIL",
    "language models": "BPE 缩放定律 Chinchilla MoE LoRA QLoRA RLHF DPO GRPO 幻觉 思维链 RAG 提示注入",
    "inference": "KV 缓存 GQA PagedAttention 投机解码 top-p 量化 剪枝 蒸馏 ONNX TensorRT",
    "scale": "All-Reduce DDP ZeRO 张量并行 流水线并行 混合精度 梯度累积 激活检查点",
    "evaluation": "精确率 召回率 F1 AUC PSNR SSIM 困惑度 校准 嵌套交叉验证 McNemar",
    "learning settings": "域适应 小样本 MAML CLIP 对比学习 灾难性遗忘 负迁移",
    "classics": "逻辑回归 SVM 决策树 XGBoost 朴素贝叶斯 PCA",
    "practice": "PyTorch TensorFlow DataLoader 影子部署 数据漂移 消融 间隔重复",
}
JOINED = {"KL 散度", "KV 缓存"}


def terms() -> list[str]:
    found = []
    for line in TOPICS.values():
        for phrase in JOINED:
            line = line.replace(phrase, phrase.replace(" ", "_"))
        found += [term.replace("_", " ") for term in line.split()]
    return found


@pytest.mark.parametrize("term", terms())
def test_topic_is_explained_in_an_answer(term: str):
    answers = [
        f"{question} {answer}" for note in NOTES if not note.english for question, answer in note.answered
    ]
    assert any(term in answer for answer in answers)
