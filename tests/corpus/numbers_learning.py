"""Numbers in the notes on learning settings, compression and scale, computed."""

import math
from itertools import zip_longest


def reinforcement_learning():
    yield f"$\\gamma=0.99$ 时约 {1 / (1 - 0.99):.0f} 步"
    yield f"$\\gamma=0.9$ 时回报是 {1 + 0.9 * 0 + 0.9**2 * 2:.2f}"
    yield f"Q-learning 更新后为 {1 + 0.5 * (1 + 0.9 * 2 - 1):.1f}"


def imitation_learning():
    yield f"100 步都不出错的概率只有约 {0.99**100:.3f}"


def model_compression():
    scale = (3 - -1) / 255
    yield f"$s\\approx{scale:.4f}$，$z={round(1 / scale)}$"
    before, after = 1000 * 1000, 50 * (1000 + 1000)
    yield f"参数从 {before / 1e4:.0f} 万降到 {after / 1e4:.0f} 万"


def distributed_training():
    parameters, cards = 7, 8
    weights, gradients, optimizer = 2 * parameters, 2 * parameters, 12 * parameters
    plain = weights + gradients + optimizer
    first = weights + gradients + optimizer / cards
    second = weights + (gradients + optimizer) / cards
    yield f"每块卡约 {plain} GB，三个阶段依次约为 {first} GB、{second} GB 和 {plain / cards:.0f} GB"
    all_reduce = reduce_scatter, all_gather = 1, 1
    third_stage = reduce_scatter + 2 * all_gather
    yield f"通信量约为 {third_stage / sum(all_reduce)} 倍"
    yield f"8 块卡时是 {2 * 7 / 8} 倍"
    yield f"$p=4$、$m=12$ 时是 {3 / (12 + 3):.0%}"
    yield f"MFU 约为 {6 * 7e9 * 3000 / 312e12:.0%}"
    assert math.isclose(plain * 1e9, 16 * 7e9)


def cross_validation_model_selection():
    yield f"至少一次落入的概率约为 {1 - 0.95**60:.1%}"
    yield f"共需训练 {5 * 3 * 20} 个内层模型"
    yield f"$p=0.9$、$n=1000$ 时约为 {1.96 * math.sqrt(0.9 * 0.1 / 1000):.1%}".replace("%", " 个百分点")
    assert math.log(7) < 2 < math.log(8)
    yield "$n\\ge8$ 时 $\\ln n>2$"


def classic_machine_learning():
    entropy = -0.8 * math.log2(0.8) - 0.2 * math.log2(0.2)
    yield f"熵约为 {entropy:.3f} 比特，基尼指数 $1-\\sum_kp_k^2$ 为 {1 - 0.8**2 - 0.2**2:.2f}"
    error = 3 / 10
    alpha = math.log((1 - error) / error) / 2
    wrong, right = 0.1 * math.exp(alpha), 0.1 * math.exp(-alpha)
    total = 3 * wrong + 7 * right
    yield f"10 个样本分错 3 个，$\\alpha_t\\approx{alpha:.3f}$"
    yield f"分错的每个约为 {wrong / total:.3f}，分对的每个约为 {right / total:.3f}"
    assert math.isclose(total, 2 * math.sqrt(error * (1 - error)))
    assert math.isclose(3 * wrong / total, 0.5)
    yield "分错的样本合计总是恰好占一半"


def broadcast(one: tuple[int, ...], other: tuple[int, ...]) -> tuple[int, ...]:
    """Shape of the sum of two arrays, from the last axis forwards."""
    sizes = list(zip_longest(reversed(one), reversed(other), fillvalue=1))
    assert all(1 in pair or len(set(pair)) == 1 for pair in sizes)
    return tuple(max(pair) for pair in reversed(sizes))


def shape(sizes: tuple[int, ...]) -> str:
    return "$(" + ",".join(map(str, sizes)) + ")$"


def frameworks():
    one, other = (8, 1, 6), (7, 6)
    yield f"形状 {shape(one)} 与 {shape(other)} 广播得到 {shape(broadcast(one, other))}"
    predicted, wanted = broadcast((5, 1), (5,))
    assert predicted == wanted == 5
    yield "标签的形状为 $(N)$，相减得到 $(N,N)$ 的矩阵"


def deployment():
    yield f"调用 20 个时约有 {1 - 0.99**20:.0%} 的页面变慢"
    yield f"平均有 {200 * 0.05:.0f} 个请求同时在处理"


STATED = {
    "cross-validation-model-selection": cross_validation_model_selection,
    "classic-machine-learning": classic_machine_learning,
    "deployment": deployment,
    "frameworks": frameworks,
    "reinforcement-learning": reinforcement_learning,
    "imitation-learning": imitation_learning,
    "model-compression": model_compression,
    "distributed-training": distributed_training,
}
