"""Numbers in the notes on mathematics, computed."""

import math


def linear_algebra():
    absolute = [3, 4]
    yield f"三种范数依次是 {sum(absolute)}、{math.hypot(3, -4):.0f}、{max(absolute)}"
    low, high = 2 - 1, 2 + 1
    frobenius = math.sqrt(2**2 + 1 + 1 + 2**2)
    assert math.isclose(frobenius, math.hypot(low, high))
    yield f"谱范数是 {high}，Frobenius 范数约为 {frobenius:.3f}，核范数是 {low + high}"
    product_first, vector_first = 1000**3 + 1000**2, 2 * 1000**2
    yield f"约 ${product_first / 1e9:.3f}\\times10^9$ 次乘加，先算 $Bx$ 只需要 ${vector_first / 1e6:.0f}\\times10^6$ 次"


def second_derivatives(f, x: int, y: int) -> list[list[int]]:
    """By central differences with step 1, which are exact up to the third degree."""
    xx = f(x + 1, y) - 2 * f(x, y) + f(x - 1, y)
    yy = f(x, y + 1) - 2 * f(x, y) + f(x, y - 1)
    xy = (f(x + 1, y + 1) - f(x + 1, y - 1) - f(x - 1, y + 1) + f(x - 1, y - 1)) // 4
    return [[xx, xy], [xy, yy]]


def eigenvalues(symmetric: list[list[int]]) -> tuple[float, float]:
    """Of a matrix of two rows, the smaller first."""
    (a, b), (_, d) = symmetric
    middle, spread = (a + d) / 2, math.hypot((a - d) / 2, b)
    return middle - spread, middle + spread


def calculus():
    x, y = 1, 2
    yield f"梯度是 $({2 * x + 3 * y},{3 * x})$"
    hessian = second_derivatives(lambda x, y: x**2 + 3 * x * y, x, y)
    (xx, xy), (yx, yy) = hessian
    yield f"海森矩阵是 $\\begin{{pmatrix}}{xx}&{xy}\\\\{yx}&{yy}\\end{{pmatrix}}$"
    low, high = eigenvalues(hessian)
    yield f"特征值约为 {high:.3f} 和 ${low:.3f}$"


def kl(p: list[float], q: list[float]) -> float:
    return sum(a * math.log(a / b) for a, b in zip(p, q, strict=True))


def entropy_in_bits(probabilities: list[float]) -> float:
    return -sum(p * math.log2(p) for p in probabilities)


def probability_information_theory():
    true_positive, false_positive = 0.99 * 0.01, (1 - 0.95) * 0.99
    yield f"约为 {true_positive / (true_positive + false_positive):.1%}"
    yield f"正面概率为 0.9 的硬币的熵约为 {entropy_in_bits([0.9, 0.1]):.3f} 比特"
    p, q = [0.5, 0.5], [0.9, 0.1]
    yield f"$D_{{\\mathrm{{KL}}}}(p\\|q)\\approx{kl(p, q):.3f}$，而 $D_{{\\mathrm{{KL}}}}(q\\|p)\\approx{kl(q, p):.3f}$"


def optimization_theory():
    low, high = eigenvalues(second_derivatives(lambda x, y: x**2 - y**2, 0, 0))
    yield f"海森矩阵特征值是 {high:.0f} 和 ${low:.0f}$"
    low, high = eigenvalues(second_derivatives(lambda x, y: x**2 + y**3, 0, 0))
    yield f"在原点的特征值是 {high:.0f} 和 {low:.0f}"
    condition = 100
    root = math.sqrt(condition)
    plain, heavy_ball = (condition - 1) / (condition + 1), (root - 1) / (root + 1)
    yield f"$\\frac{{\\kappa-1}}{{\\kappa+1}}\\approx{plain:.3f}$"
    yield f"$\\kappa=100$ 时约为 {heavy_ball:.3f}，明显小于梯度下降的 {plain:.3f}"


STATED = {
    "probability-information-theory": probability_information_theory,
    "optimization-theory": optimization_theory,
    "linear-algebra": linear_algebra,
    "calculus": calculus,
}
