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


def calculus():
    x, y = 1, 2
    yield f"梯度是 $({2 * x + 3 * y},{3 * x})$"
    low, high = 1 - math.sqrt(1 + 9), 1 + math.sqrt(1 + 9)
    assert math.isclose(low * high, 2 * 0 - 3 * 3)
    assert math.isclose(low + high, 2 + 0)
    yield f"特征值约为 {high:.3f} 和 ${low:.3f}$"


STATED = {
    "linear-algebra": linear_algebra,
    "calculus": calculus,
}
