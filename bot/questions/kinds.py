"""What a question asks for, and how hard it is, told from its words."""

import re

from bot.domain.questions import Difficulty, KeyPoint, QuestionKind

_KINDS: tuple[tuple[QuestionKind, re.Pattern[str]], ...] = tuple(
    (kind, re.compile(pattern, re.IGNORECASE))
    for kind, pattern in (
        (QuestionKind.DERIVE, r"推导|证明|手推|求导|\bderive|\bprove|\bshow that"),
        (
            QuestionKind.COMPARE,
            r"区别|不同|差别|差异|比较|对比|相比|优缺点|异同|\bvs\b|\bdiffer|\bcompare|\bversus\b",
        ),
        (
            QuestionKind.APPLY,
            r"什么时候|何时|什么场景|哪些场景|应用场景|适用|适合什么|假设|给定|怎么办|应该(?:怎|如何|用|先|按)|怎样判断|排查|面对|如果"
            r"|\bwhen (?:would|should|to|do)\b|\bsuppose\b",
        ),
        (QuestionKind.WHY, r"为什么|为何|原因|为啥|吗？?$|吗，|是不是|是否|\bwhy\b|\breason"),
        (
            QuestionKind.LIST,
            r"哪些|哪几|列举|几种|几类|什么(?:方法|技巧|类型|特点|特征|内容|因素|原则|数据)|包括什么"
            r"|\blist\b|\bname\b|\bwhich\b|\bwhat are\b",
        ),
        (QuestionKind.HOW, r"如何|怎么|怎样|流程|步骤|实现|原理|机制|作用|技巧|\bhow\b|\bsteps?\b|解决方案"),
    )
)
_HARD = re.compile(r"推导|证明|公式|海森|hessian|矩阵|泰勒|\bderive|\bmatrix", re.IGNORECASE)
_FORMULA = re.compile(r"\$[^$]*\\[^$]*\$|\\\(")
_PARTS = re.compile(r"[？?]")
_BASE = {QuestionKind.DEFINE: 1, QuestionKind.LIST: 1, QuestionKind.DERIVE: 3}


def kind_of(question: str) -> QuestionKind:
    """The kind of a question; a question of several parts has the hardest part's kind."""
    return next((kind for kind, pattern in _KINDS if pattern.search(question)), QuestionKind.DEFINE)


def difficulty_of(question: str, points: tuple[KeyPoint, ...]) -> Difficulty:
    """1 to 3: by kind, by how much has to be said, by formulas and by the question's parts."""
    level = _BASE.get(kind_of(question), 2)
    formulas = sum(bool(_FORMULA.search(point.text)) for point in points)
    hard = bool(_HARD.search(question)) or formulas * 2 > len(points)
    level += (hard or len(points) >= 7 or len(_PARTS.findall(question)) >= 2) and level < 3
    level -= len(points) == 1 and level > 1
    return min(3, max(1, level))
