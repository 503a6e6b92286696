"""Whether two sentences about the same thing say the opposite."""

import re
import unicodedata

# Compounds in which a negator negates nothing.
_NEUTRAL = re.compile(
    r"不同|不仅|不但|不只|不断|不等式|不变性|不平衡|不可或缺|非线性|非凸|非参数|非监督|无监督|无偏|无穷|无量纲|未来"
    r"|not only|nonlinear|non-linear|unsupervised|no matter"
)
_NEGATION = re.compile(
    r"不|没有|没|无法|无需|无|未|并非|而非|勿|\b(?:not|no|never|cannot|without|nor)\b|n't\b"
)
_OPPOSITES = (
    (r"增大|增加|增多|变大|放大|扩大|\bincreas\w+", r"减小|减少|变小|缩小|\bdecreas\w+|\breduc\w+"),
    (r"提高|提升|上升|升高|\brais\w+|\bimprov\w+", r"降低|下降|\blower\w*|\bworsen\w*"),
    (r"加快|加速|更快|较快|\bfaster\b", r"减慢|减缓|更慢|较慢|\bslower\b"),
    (r"更大|较大|\blarger\b|\bbigger\b", r"更小|较小|\bsmaller\b"),
    (r"更多|较多|\bmore\b", r"更少|较少|\bless\b|\bfewer\b"),
    (r"需要|必须|\bneeds?\b|\bmust\b", r"不需要|无需|不必"),
    (r"保留|\bkeeps?\b", r"丢弃|\bdrops?\b|\bdiscards?\b"),
    (r"之前|\bbefore\b", r"之后|\bafter\b"),
)
_NUMBER = re.compile(r"(?<![A-Za-z0-9_.])\d+(?:\.\d+)?(?:e-?\d+)?%?(?![A-Za-z0-9_])")
_TRAILING = re.compile(r"(\.\d*?)0+(?=%?$)")


def plain(text: str) -> str:
    """`text` in compatibility form and lower case."""
    return unicodedata.normalize("NFKC", text).lower()


def numbers(text: str) -> frozenset[str]:
    """Numbers that `text` states, as written but for trailing zeros; names such as L2 or INT8 are none."""
    found = (match[0] for match in _NUMBER.finditer(plain(text)))
    return frozenset(_TRAILING.sub(r"\1", number).replace(".%", "%").rstrip(".") for number in found)


def opposite(one: str, other: str) -> bool:
    """Whether exactly one of the two negates, or they use opposite words, but not both at once."""
    one, other = (_NEUTRAL.sub("", plain(text)) for text in (one, other))
    negated = len(_NEGATION.findall(one)) % 2 != len(_NEGATION.findall(other)) % 2
    turned = any(_turned(one, other, pair) or _turned(other, one, pair) for pair in _OPPOSITES)
    return negated != turned


def _turned(one: str, other: str, pair: tuple[str, str]) -> bool:
    this, that = pair
    return (
        bool(re.search(this, one))
        and not re.search(that, one)
        and bool(re.search(that, other))
        and not re.search(this, other)
    )
