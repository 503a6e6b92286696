"""Numbers in the notes on network architectures, computed."""

import math


def sigmoid(x: float) -> float:
    return 1 / (1 + math.exp(-x))


def convolved(n: int, k: int, s: int, p: int) -> int:
    """Edge of a convolution's output."""
    return (n + 2 * p - k) // s + 1


def receptive_fields(layers: list[tuple[int, int]]) -> list[int]:
    """After each layer of (kernel, stride)."""
    field, jump, fields = 1, 1, []
    for kernel, stride in layers:
        field += (kernel - 1) * jump
        jump *= stride
        fields.append(field)
    return fields


def attention_transformer():
    layer = 4 * 768**2 + 2 * 4 * 768**2
    yield f"$d=768$ 时每层约 {layer / 1e4:.0f} 万参数，12 层约 {12 * layer / 1e4:.0f} 万"
    yield f"$d_k=64$ 时，点积的标准差是 {math.sqrt(64):.0f}"


def cnn_convolution():
    yield f"就要 {3 * 224**2 * 1000 / 1e8:.1f} 亿多个权重"
    yield f"输入 224、核 7、步长 2、填充 3 时，输出边长为 {convolved(224, 7, 2, 3)}"
    yield f"从 64 通道到 128 通道，含偏置共 {9 * 64 * 128 + 128} 个参数"
    yield f"三个步长为 1 的 $3\\times3$ 卷积叠起来，感受野是 {receptive_fields([(3, 1)] * 3)[-1]}"
    first, second, third = receptive_fields([(3, 1), (2, 2), (3, 1)])
    yield f"感受野依次为 {first}、{second}、{third}"
    yield f"权重共 {256 * 64 + 9 * 64 * 64 + 64 * 256} 个"
    yield f"直接做 256 到 256 的 $3\\times3$ 卷积要 {9 * 256 * 256} 个"
    yield f"权重从 {9 * 64 * 128} 个降到 {9 * 64 + 64 * 128} 个"
    yield f"输入 7、核 4、步长 2、填充 1，输出边长为 {(7 - 1) * 2 - 2 * 1 + 4}"
    yield f"空洞率 2 的核覆盖 ${2 * (3 - 1) + 1}\\times{2 * (3 - 1) + 1}$"
    yield f"两个 $3\\times3$ 的参数是 ${2 * 9}C^2$，一个 $5\\times5$ 是 ${25}C^2$"


def rnn_lstm_gru():
    gate = 128 * (128 + 100) + 128
    yield f"LSTM 有 {4 * gate} 个参数，GRU 有 {3 * gate} 个"
    yield f"0.9 连乘 50 步只剩约 {0.9**50:.3f}"
    assert 0.5e-6 < sigmoid(0) ** 20 < 1.5e-6
    yield "20 步后只剩约百万分之一"
    yield f"初值约为 {sigmoid(1):.2f}"


def vgg16_parameters() -> tuple[int, int]:
    """Of the whole network and of its first fully connected layer."""
    channels, total = 3, 0
    for width in [64] * 2 + [128] * 2 + [256] * 3 + [512] * 6:
        total += 9 * channels * width + width
        channels = width
    first = 512 * 7 * 7 * 4096 + 4096
    return total + first + 4096 * 4096 + 4096 + 4096 * 1000 + 1000, first


def cnn_architectures():
    total, first = vgg16_parameters()
    yield f"共约 {total / 1e8:.2f} 亿个参数"
    yield f"第一个全连接层就有约 {first / 1e8:.2f} 亿个"
    patches = (224 // 16) ** 2
    yield f"得到 {patches} 个词元，再加一个分类词元，共 {patches + 1} 个"


def object_detection_deformable():
    shared = (10 - 5) ** 2
    union = 2 * 10**2 - shared
    yield f"交集面积为 {shared}，并集面积为 {union}，IoU 约为 {shared / union:.3f}"
    yield f"$3\\times3$ 核需要 {2 * 9} 个偏移通道"
    yield f"共 {3 * 9} 个通道"


STATED = {
    "cnn-architectures": cnn_architectures,
    "object-detection-deformable": object_detection_deformable,
    "attention-transformer": attention_transformer,
    "cnn-convolution": cnn_convolution,
    "rnn-lstm-gru": rnn_lstm_gru,
}
