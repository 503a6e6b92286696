"""Numbers in the notes on generative models and large language models, computed."""

import math
from statistics import fmean, pstdev


def power(value: float) -> str:
    """As LaTeX with one decimal, such as 8.4\\times10^{22}."""
    mantissa, exponent = f"{value:.1e}".split("e")
    return f"{mantissa}\\times10^{{{int(exponent)}}}"


def kl_to_standard_normal(mean: float, deviation: float) -> float:
    return (mean**2 + deviation**2 - math.log(deviation**2) - 1) / 2


def gan():
    best = 0.5
    yield f"目标值为 $-\\log4\\approx{math.log(best) + math.log(1 - best):.3f}$"


def vae():
    yield f"$\\mu=1$、$\\sigma=1$ 的 KL 是 {kl_to_standard_normal(1, 1)}"
    yield f"$\\mu=0$、$\\sigma=0.5$ 的 KL 约为 {kl_to_standard_normal(0, 0.5):.3f}"


def diffusion():
    kept = math.prod(1 - (1e-4 + (0.02 - 1e-4) * step / 999) for step in range(1000))
    yield f"$\\bar\\alpha_T\\approx{power(kept)}$"
    yield f"$\\frac{{1}}{{{512 * 512 * 3 // (64 * 64 * 4)}}}$"


def llm_pretraining():
    operations = 6 * 7e9 * 2e12
    yield f"70 亿参数训练 2 万亿词元约需 ${power(operations)}$ 次浮点运算"
    yield f"大约需要 {operations / (1000 * 312e12 * 0.4) / 86400:.1f} 天"
    yield f"70 亿参数的模型光是这些状态就需要约 {7e9 * (2 + 2 + 4 + 4 + 4) / 1e9:.0f} GB"
    yield f"700 亿参数对应约 {70e9 * 20 / 1e12:.1f} 万亿词元"
    yield f"最大约 {(2 - 2**-10) * 2**15:.0f}"


def llm_finetuning_lora():
    trained, full = 8 * (4096 + 4096), 4096 * 4096
    yield f"$r=8$ 时是 {trained} 个，而原矩阵有 {full} 个，只占 {trained / full:.2%}"
    yield f"总共约 {32 * 2 * trained / 1e4:.0f} 万个可训练参数"
    yield f"从 16 位的 {7 * 2} GB 降到 4 位的约 {7 * 0.5} GB"
    yield f"约需 {7 * 16} GB，而 LoRA 只需放下约 {7 * 2} GB"


def clipped(ratio: float, advantage: float, epsilon: float = 0.2) -> float:
    """PPO's objective for one action."""
    return min(ratio * advantage, min(max(ratio, 1 - epsilon), 1 + epsilon) * advantage)


def llm_alignment():
    yield f"$A=1$、$\\rho=1.5$ 时目标值是 {clipped(1.5, 1)}"
    yield f"$A=-1$、$\\rho=1.5$ 时目标值是 ${clipped(1.5, -1)}$"
    margin = 0.1 * 2 - 0.1 * -3
    yield f"两个对数比分别为 2 和 $-3$ 时，损失约为 {math.log(1 + math.exp(-margin)):.3f}"
    rewards = [1, 0, 0, 1]
    right, wrong = ((reward - fmean(rewards)) / pstdev(rewards) for reward in (1, 0))
    yield f"答对者的优势为 {right:.0f}，答错者为 ${wrong:.0f}$"


def llm_inference():
    per_token = 2 * 32 * 32 * 128 * 2
    per_sequence = per_token * 4096 / 2**30
    yield f"每个词元占 {per_token / 2**20} MiB"
    yield f"长度 4096 的一条序列就占 {per_sequence:.0f} GiB，批大小为 16 时占 {16 * per_sequence:.0f} GiB"
    yield f"长度 4096 时从 {per_sequence:.0f} GiB 降到 {per_sequence * 8 / 32} GiB"
    seconds = 7e9 * 2 / 2e12
    yield f"每个词元至少 {seconds * 1000:.0f} 毫秒，即每秒至多约 {1 / seconds:.0f} 个词元"
    yield f"$a=0.8$、$\\gamma=4$ 时约为 {(1 - 0.8**5) / (1 - 0.8):.2f} 个"


def prompting():
    majority = sum(math.comb(5, right) * 0.6**right * 0.4 ** (5 - right) for right in (3, 4, 5))
    yield f"5 条链多数投票的正确率约为 {majority:.3f}"
    yield f"20 步都成功的概率只有约 {0.95**20:.3f}"


def positional_encoding():
    slopes = [2 ** -(8 * head / 8) for head in range(1, 9)]
    yield f"$\\frac12,\\frac14,\\dots,\\frac1{{{1 / slopes[-1]:.0f}}}$"


STATED = {
    "gan": gan,
    "vae": vae,
    "diffusion": diffusion,
    "llm-pretraining": llm_pretraining,
    "llm-finetuning-lora": llm_finetuning_lora,
    "llm-alignment": llm_alignment,
    "llm-inference": llm_inference,
    "prompting": prompting,
    "positional-encoding": positional_encoding,
}
