"""Numbers in the notes on training, computed."""

import math


def sigmoid(x: float) -> float:
    return 1 / (1 + math.exp(-x))


def smoothed(classes: int, epsilon: float) -> tuple[float, float]:
    """Target of the right class and of each other class."""
    return 1 - epsilon + epsilon / classes, epsilon / classes


def regularization():
    right, other = smoothed(3, 0.1)
    yield f"正确类的目标是 {right:.3f}，其余两类各是 {other:.3f}"
    right, other = smoothed(3, 0.3)
    yield f"$[{other:.1f},{right:.1f},{other:.1f}]$"
    a, strength = 0.3, 0.5
    yield f"L1 的解是 {max(a - strength, 0):.0f}，L2 的解是 {a / (1 + strength):.1f}"


def regularization_in_english():
    right, other = smoothed(3, 0.1)
    yield f"the right class gets {right:.3f} and each of the others {other:.3f}"
    yield f"L1 gives {max(0.3 - 0.5, 0):.0f} and L2 gives {0.3 / (1 + 0.5):.1f}"
    yield f"with a drop probability of 0.2 the factor is {1 - 0.2}"


def activation_functions():
    yield f"只有 {sigmoid(0) * (1 - sigmoid(0))}，"
    yield f"$x=5$ 时导数约为 {sigmoid(5) * (1 - sigmoid(5)):.4f}"


def gradient_vanishing_exploding():
    mantissa, exponent = f"{0.25**10:.1e}".split("e")
    yield f"$0.25^{{10}}\\approx {mantissa}\\times10^{{{int(exponent)}}}$"
    mantissa, exponent = f"{1.5**50:.1e}".split("e")
    yield f"每步放大 1.5 倍，50 步后约为 ${mantissa}\\times10^{{{int(exponent)}}}$"
    yield f"阈值为 1、梯度范数为 5 时，整个梯度乘以 {1 / 5}"


def optimizers():
    yield f"$\\beta=0.9$ 时是 {1 / (1 - 0.9):.0f} 倍"
    m, v = 1 - 0.9, 1 - 0.999
    yield f"$m_1={m:.1f}g$、$\\sqrt{{v_1}}\\approx {math.sqrt(v):.4f}|g|$"
    yield f"步长会放大到约 {m / math.sqrt(v):.2f} 倍"
    yield f"70 亿参数用 32 位存储就需要 {7e9 * 2 * 4 / 1e9:.0f} GB"
    yield f"一百万参数就有 $10^{{{math.log10(1e6**2):.0f}}}$ 个，用 32 位存储需要 {1e12 * 4 / 1e12:.0f} TB"


def learning_rate_schedules():
    quarter, half, three = ((1 + math.cos(math.pi * part)) / 2 for part in (0.25, 0.5, 0.75))
    yield f"走过四分之一时学习率是最大值的 {quarter:.1%}"
    yield f"走过一半时是 {half:.0%}，走过四分之三时是 {three:.1%}"
    yield f"峰值约为 ${(512 * 4000) ** -0.5 * 1e4:.1f}\\times10^{{-4}}$"


def loss_functions():
    p = 0.01
    yield f"均方误差的梯度大小约为 {(1 - p) * p * (1 - p):.4f}，交叉熵的梯度大小是 {1 - p:.2f}"
    yield f"$yf(x)=0.3$ 时分类正确，损失仍有 {max(0, 1 - 0.3):.1f}"
    easy, middling = (1 - 0.9) ** 2, (1 - 0.5) ** 2
    yield f"$p_t=0.9$ 的样本损失缩小到原来的 {easy:.2f}，$p_t=0.5$ 的样本缩小到 {middling:.2f}"


def backpropagation():
    a = sigmoid(0.5)
    gradient = (a - 1) * a * (1 - a)
    yield f"则 $a\\approx {a:.4f}$，梯度约为 ${gradient:.4f}$"
    yield f"$w$ 更新为约 {0.5 - gradient:.4f}"
    yield f"$(a-y)x\\approx {a - 1:.4f}$"


def evaluation_metrics():
    tp, fp, fn, tn = 80, 20, 40, 860
    accuracy, precision, recall = (tp + tn) / (tp + fp + fn + tn), tp / (tp + fp), tp / (tp + fn)
    f1 = 2 * tp / (2 * tp + fp + fn)
    yield f"准确率 {accuracy:.3f}、精确率 {precision:.3f}、召回率 {recall:.3f}、F1 为 {f1:.3f}"
    yield f"算术平均是 {(1 + 0.02) / 2:.2f}，而 F1 只有约 {2 * 0.02 / 1.02:.3f}"
    yield f"误报 999 个时假正率只有 {999 / 99900:.0%}"
    yield f"精确率只有约 {90 / (90 + 999):.1%}"
    yield f"PSNR 约为 {10 * math.log10(255**2 / 100):.2f} dB"
    yield f"PSNR 提高约 {10 * math.log10(2):.2f} dB"
    yield f"困惑度约为 {math.exp(2):.2f}"


def dropout():
    yield f"激活值 4 时，保留下来的值变为 {4 / (1 - 0.2):.0f}"
    yield f"丢弃概率 0.2 时应乘以 {1 - 0.2}"
    yield f"10 个就有 {2**10} 个"


STATED = {
    "regularization": regularization,
    "regularization.en": regularization_in_english,
    "activation-functions": activation_functions,
    "gradient-vanishing-exploding": gradient_vanishing_exploding,
    "optimizers": optimizers,
    "learning-rate-schedules": learning_rate_schedules,
    "loss-functions": loss_functions,
    "backpropagation": backpropagation,
    "evaluation-metrics": evaluation_metrics,
    "dropout": dropout,
}
