"""Numbers in the notes on data, generalisation and the basics, computed."""

import math
from statistics import fmean, pstdev


def softmax(logits: list[float], temperature: float = 1) -> list[float]:
    exponentials = [math.exp(logit / temperature) for logit in logits]
    return [value / sum(exponentials) for value in exponentials]


def listed(probabilities: list[float]) -> str:
    return "$(" + ",".join(f"{p:.3f}" for p in probabilities) + ")$"


def neural_network_basics():
    first, second = 784 * 128 + 128, 128 * 10 + 10
    yield f"第一层有 {first} 个参数，第二层有 {second} 个，合计 {first + second} 个"
    yield f"每个 epoch 有 {math.ceil(50000 / 128)} 步"
    for a in (0, 1):
        for b in (0, 1):
            either, both = a + b >= 0.5, a + b >= 1.5
            assert (either - both >= 0.5) == (a != b)
    yield "$y=[h_1-h_2\\ge 0.5]$ 就是异或"


def overfitting_generalization():
    yield f"$n=10$ 时方差降到 {0.2 + (1 - 0.2) / 10:.2f}"


def weight_initialization():
    deviation, bound = math.sqrt(2 / (512 + 256)), math.sqrt(6 / (512 + 256))
    yield f"标准差约为 {deviation:.4f}，均匀分布的边界约为 {bound:.4f}"
    yield f"$n_{{\\text{{in}}}}=512$ 时标准差是 {math.sqrt(2 / 512)}"
    yield f"20 层后只剩约 ${0.5**20 * 1e7:.1f}\\times10^{{-7}}$"
    default, he = 1 / (3 * 512), 2 / 512
    uniform_variance = (2 / math.sqrt(512)) ** 2 / 12
    assert math.isclose(default, uniform_variance)
    assert math.isclose(he / uniform_variance, 6)
    yield "只有 He 初始化的 $\\frac{2}{n_{\\text{in}}}$ 的六分之一"


def data_augmentation():
    yield f"贴入图像的标签权重是 {112**2 / 224**2}"


def class_imbalance():
    yield f"权重约为 {1000 / (2 * 900):.3f} 和 {1000 / (2 * 100):.0f}"
    kept, seen = 0.1, 0.5
    yield f"校正后的概率约为 {kept * seen / (kept * seen + 1 - seen):.3f}"
    yield f"漏报的代价是误报的 9 倍时，阈值应为 {1 / (1 + 9)}"


def data_preprocessing():
    values = [0, 5, 10]
    scaled = (10 - min(values)) / (max(values) - min(values))
    standard = (10 - fmean(values)) / pstdev(values)
    yield f"10 的最小—最大缩放结果是 {scaled:.0f}，标准化结果约为 {standard:.2f}"


def softmax_cross_entropy():
    yield f"logits 为 $(2,1,0)$ 时，概率约为 {listed(softmax([2, 1, 0]))}"
    yield f"$T=2$ 时，概率变为约 {listed(softmax([2, 1, 0], 2))}"
    largest_single = (2 - 2**-23) * 2.0**127
    yield f"单精度下 $z$ 超过约 {math.log(largest_single):.1f} 就会溢出"
    yield f"10 类时约为 {math.log(10):.3f}，1000 类时约为 {math.log(1000):.3f}"


STATED = {
    "neural-network-basics": neural_network_basics,
    "overfitting-generalization": overfitting_generalization,
    "weight-initialization": weight_initialization,
    "data-augmentation": data_augmentation,
    "class-imbalance": class_imbalance,
    "data-preprocessing": data_preprocessing,
    "softmax-cross-entropy": softmax_cross_entropy,
}
