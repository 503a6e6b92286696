"""Linear maps that do not learn, multiplied in 8-bit integers.

Processors multiply those several times faster than floating point, and they take a quarter of the memory; at
run time llama.cpp rounds inputs to 8 bits as well. Gradients with respect to the inputs are rounded alike:
those of the updates point nearly the same way as without it, in well under half the time.
"""

from typing import Any

import torch
from torch import Tensor, nn

MOST = 127
"""Largest integer used; the scale of a row is its largest absolute value over this."""
LEAST = 1e-30
"""Largest absolute value that a row counts as having at least: gradients are small."""


class FrozenMap(nn.Module):
    """x W' + b, every row of W and of x rounded to 8 bits by its own scale.

    Args:
        in_features: Length of a row of x.
        out_features: Rows of W.
        bias: Whether there is b.
    """

    weight: Tensor
    scale: Tensor
    bias: Tensor | None

    def __init__(self, in_features: int, out_features: int, bias: bool) -> None:
        super().__init__()
        self.in_features = in_features
        self.out_features = out_features
        self.register_buffer("weight", torch.empty(out_features, in_features, dtype=torch.int8))
        self.register_buffer("scale", torch.empty(out_features))
        self.register_buffer("bias", torch.empty(out_features) if bias else None)

    def forward(self, inputs: Tensor) -> Tensor:
        """Output of shape (…, out) in float32."""
        out = _Product.apply(inputs.flatten(0, -2), self.weight, self.scale)
        out = out if self.bias is None else out + self.bias
        return out.view(*inputs.shape[:-1], -1)


def rounded(rows: Tensor) -> tuple[Tensor, Tensor]:
    """Rows of shape (n, k) as int8, and the scale of each, of shape (n,)."""
    scale = torch.maximum(rows.amax(1), -rows.amin(1)).clamp_min(LEAST) / MOST
    return (rows / scale[:, None]).round_().to(torch.int8), scale


class _Product(torch.autograd.Function):
    @staticmethod
    def forward(ctx: Any, inputs: Tensor, weight: Tensor, scale: Tensor) -> Tensor:
        """(n, in) times the transpose of (out, in)."""
        ctx.save_for_backward(weight, scale)
        small, of_rows = rounded(inputs)
        return torch.ops.aten._int_mm(small, weight.T).float().mul_(of_rows[:, None]).mul_(scale)

    @staticmethod
    def backward(ctx: Any, *gradients: Tensor) -> tuple[Tensor, None, None]:
        """With respect to the inputs."""
        weight, scale = ctx.saved_tensors
        small, of_rows = rounded(gradients[0] * scale)
        return torch.ops.aten._int_mm(small, weight).float().mul_(of_rows[:, None]), None, None
