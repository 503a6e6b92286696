"""Every topic that learners' outlines name is explained somewhere in the notes."""

import pytest
from notes_on_disk import NOTES

TOPICS = {
    "mathematics": "特征值分解 SVD 无穷范数 雅可比矩阵 海森矩阵 Hessian 链式法则 凸函数 Dirichlet 极大似然 贝叶斯 信息熵 KL 散度 鞍点",
    "basics": "感知机 多层感知机 MLP 前向传播 反向传播 Sigmoid Tanh ReLU PReLU ELU GELU 万能逼近",
    "losses": "均方误差 交叉熵 合页损失 Huber Focal InfoNCE Dice Center ArcFace",
    "optimisation": "动量 SGDM Nesterov NAG AdaGrad RMSProp AdamW 余弦退火 预热 指数衰减 多项式衰减 牛顿法 L-BFGS 在线学习 "
    "AdaDelta Nadam FTRL",
    "data": "过采样 欠采样 SMOTE Mixup CutMix SamplePairing EDA 回译 标准化 对比度归一化 数据泄漏 分层 缺失值",
    "regularisation": "Lasso 岭回归 权重衰减 早停 标签平滑 DropConnect 随机深度 对抗训练 集成 双下降 偏差—方差",
    "training": "梯度裁剪 梯度检查 Xavier Glorot He 正交初始化 权重归一化 学习曲线 NaN 复现 调参",
    "vision": "感受野 空洞卷积 转置卷积 池化 LeNet AlexNet VGG Inception ResNet MobileNet U-Net ViT",
    "detection": "R-CNN YOLO NMS RoI mAP DETR 可变形卷积 蛇形卷积",
    "sequences": "LSTM GRU BPTT 双向 教师强制 多头注意力 交叉注意力 因果掩码 RoPE ALiBi",
    "generative": "模式崩塌 条件 GAN 超分辨率 WGAN CycleGAN FID ELBO 重参数化 VQ-VAE DDPM DDIM 无分类器引导",
    "decisions": "Q-learning SARSA DQN 策略梯度 行为克隆 DAgger 逆强化学习 GAIL",
    "language models": "BPE 缩放定律 Chinchilla MoE LoRA QLoRA RLHF DPO GRPO 幻觉 思维链 RAG 提示注入 伦理",
    "inference": "KV 缓存 GQA PagedAttention 投机解码 top-p 量化 剪枝 蒸馏 ONNX TensorRT",
    "scale": "All-Reduce DDP ZeRO 张量并行 流水线并行 混合精度 梯度累积 激活检查点",
    "evaluation": "精确率 召回率 F1 AUC PSNR SSIM 困惑度 校准 嵌套交叉验证 McNemar",
    "learning settings": "域适应 小样本 MAML CLIP 对比学习 灾难性遗忘 负迁移",
    "classics": "逻辑回归 SVM 决策树 AdaBoost XGBoost 朴素贝叶斯 PCA",
    "practice": "PyTorch TensorFlow DataLoader 影子部署 数据漂移 消融 间隔重复 LeetCode",
}
"""What the seeds name."""
JOINED = {"KL 散度", "KV 缓存", "条件 GAN"}

SAID_RIGHT = {
    "L1 and L2 penalties are both weight decay": (
        "regularization",
        "L1 惩罚不是权重衰减，因为它减去的是常数",
    ),
    "dropout sets weights to zero": ("dropout", "丢弃的是神经元的输出，而不是把权重改成 0"),
    "at test time weights are scaled by the drop rate": ("dropout", "应乘以保留概率 $1-p$"),
    "input dropout of 0.8, without saying of what": ("dropout", "按框架的定义，0.8 会丢掉八成输入"),
    "augmentation costs no computation": ("data-augmentation", "变换要占 CPU，收敛也常常需要更多轮"),
    "normalising an image is augmentation": ("data-augmentation", "它是预处理，不产生新的样本"),
    "SMOTE augments any data": ("data-augmentation", "对原始图像和文本并不适用"),
    "early stopping is a limit of computing resources": ("regularization", "与算力预算无关"),
    "initialisation is a regulariser": ("weight-initialization", "它主要解决可训练性"),
    "weights at zero only learn slowly": ("weight-initialization", "对称性使它无论训练多久都打不破"),
    "SGD gets caught in local minima": ("optimizers", "小批量噪声恰恰有助于离开尖锐的极小点和鞍点"),
    "momentum is an adaptive learning rate": ("optimizers", "所有参数仍用同一个学习率"),
    "BN works by removing covariate shift": ("batch-normalization", "后续实验并不支持它是主要原因"),
    "BN tests with statistics of all training data": (
        "batch-normalization",
        "训练过程中滑动平均得到的近似值",
    ),
    "right answers cost no hinge loss": ("loss-functions", "间隔不足 1 的正确样本仍有损失"),
    "MSE suits small differences": ("loss-functions", "噪声是否近似高斯、是否有异常值"),
    "no negative eigenvalue means a minimum": (
        "optimization-theory",
        "若特征值都非负但有零，二阶信息不足以判断",
    ),
    "a maximum is a saddle point too": (
        "optimization-theory",
        "全为负，则是严格的局部极大点；有正有负，则是鞍点",
    ),
    "clipping cures vanishing gradients": ("gradient-vanishing-exploding", "它只能处理爆炸"),
    "exploding gradients are largest at the output": (
        "gradient-vanishing-exploding",
        "越靠近输入梯度越大",
    ),
    "L2 cures vanishing gradients": ("gradient-vanishing-exploding", "只可能限制爆炸，反而会加重消失"),
    "ResNet was made against vanishing gradients": ("cnn-architectures", "它针对退化问题"),
    "weight sharing began with LeNet-5": (
        "cnn-architectures",
        "更早的 Neocognitron 和时延神经网络已使用共享",
    ),
    "VGG16 has 16 hidden layers": ("cnn-architectures", "它是 16 个有权重的层，含输出层"),
    "LSTM solves vanishing and exploding": ("rnn-lstm-gru", "门主要缓解消失，爆炸仍靠裁剪"),
    "RNN stands for recursive networks": ("rnn-lstm-gru", "后者通常指沿树结构组合的 Recursive 网络"),
    "ReLU prevents overfitting": ("activation-functions", "ReLU 不能代替正则化"),
    "activations serve to bound the output": ("activation-functions", "必要的性质是非线性而不是有界"),
    "boosting reweights hard samples, XGBoost too": (
        "classic-machine-learning",
        "XGBoost 属于梯度提升，不是靠加重分错的样本来纠错",
    ),
    "more data mends underfitting": ("overfitting-generalization", "数据主要治过拟合"),
    "GANs are diverse": ("gan", "模式崩塌恰恰是它的主要弱点"),
    "GAN training ends in the equilibrium": ("gan", "理论上的均衡存在，梯度训练不保证到达"),
    "diffusion learns the distribution of noise": ("diffusion", "网络学的是给定 $x_t$ 时噪声的条件期望"),
    "DALL·E is a diffusion model": ("diffusion", "第一代是离散词元的自回归模型"),
    "imitation is stable": ("imitation-learning", "分布偏移正是它的主要问题"),
    "LLMs are pre-trained by MLM and NSP": ("llm-pretraining", "当前的生成式大模型用下一个词元预测"),
    "TensorFlow means static graphs": ("frameworks", "从 2.0 起默认即时执行"),
}
"""What a seed says wrong or no longer rightly, in our words; the note that says it right, and with which words."""


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


@pytest.mark.parametrize("error", SAID_RIGHT)
def test_what_the_seeds_say_wrong_the_notes_say_right(error: str):
    name, words = SAID_RIGHT[error]
    [note] = [note for note in NOTES if note.name == f"{name}.md"]
    assert words in note.raw
