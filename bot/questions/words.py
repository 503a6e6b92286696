"""Words that carry content, of Chinese, English and mixed text, without a dictionary."""

import re
import unicodedata

_MARKUP = re.compile(
    r"!\[[^\]]*\]\([^)]*\)"  # pictures
    r"|</?[a-zA-Z][^<>]*>"  # tags
    r"|\*\*|__|`"
)
_LINK = re.compile(r"(?<!!)\[([^\[\]]+)\]\([^)\s]*\)")
_MATH = re.compile(r"(\$[^$]*\$|\\\(.*?\\\)|\\\[.*?\\\])", re.DOTALL)
_TOKEN = re.compile(r"[a-z0-9][a-z0-9_+#'-]*|[\u4e00-\u9fff]+|[α-ωΑ-Ω]")
_FUNCTION_ZH = re.compile(
    r"为什么|为何|是什么|什么是|什么样|什么时候|什么|如何|怎么样|怎么|怎样|哪些|哪个|哪种|几种|多少|是否|能否"
    r"|可以|能够|能|会|因为|所以|因此|由于|从而|以及|并且|而且|或者|但是|不过|如果|那么|通过|进行|使得|请|说明|简述|解释"
    r"|介绍|谈谈|列举|对于|关于|一个|一种|一些|这个|这种|这些|那个|它们|它|他们|其中|之间|方面|主要|常见|常用|需要|应该"
    r"|的|了|是|在|和|与|及|或|等|吗|呢|吧|也|都|就|又|还|把|被|将|对|从|到|由|为|以|于|有|该|其|此|这|那|你|我|您|们|着|个|种|中|上|下|时"
)
_FUNCTION_EN = frozenset(
    """the an of to in on at by is are was were be been being do does did it its this that these those
    they them and or but if then than as for with from into not no can could will would should may might
    must has have had what why how which who whom whose when where there here their your you we our us he
    she his her explain describe give name list please between about so because also more most such each
    any all some""".split()  # noqa: SIM905
)


def plain(text: str) -> str:
    """`text` without Markdown's marks, on one line; formulas stay as they are."""
    pieces = _MATH.split(text)
    for i in range(0, len(pieces), 2):
        pieces[i] = _LINK.sub(r"\1", _MARKUP.sub("", pieces[i]))
    return " ".join("".join(pieces).split())


def content_words(text: str) -> frozenset[str]:
    """Latin words and numbers, and pairs of neighbouring Chinese characters, function words left out."""
    folded = unicodedata.normalize("NFKC", plain(text)).lower()
    found: set[str] = set()
    for token in _TOKEN.findall(folded):
        if "\u4e00" <= token[0] <= "\u9fff":
            found.update(_pairs(token))
        elif token not in _FUNCTION_EN and (len(token) > 1 or token.isdigit()):
            found.add(_stem(token))
    return frozenset(found)


def _pairs(run: str) -> set[str]:
    found: set[str] = set()
    for part in _FUNCTION_ZH.sub(" ", run).split():
        found.update(part[i : i + 2] for i in range(len(part) - 1)) if len(part) > 1 else found.add(part)
    return found


def _stem(word: str) -> str:
    word = word.removesuffix("'s")
    if len(word) > 3 and word.endswith("s") and not word.endswith(("ss", "us", "is")):
        word = word[:-1]
    return word


def share(part: frozenset[str], whole: frozenset[str]) -> float:
    """Share of `part` that is in `whole`, 0..1; 0 when `part` is empty."""
    return len(part & whole) / len(part) if part else 0.0


def likeness(one: frozenset[str], other: frozenset[str]) -> float:
    """Dice coefficient of two sets of words, 0..1."""
    return 2 * len(one & other) / (len(one) + len(other)) if one or other else 0.0


def size(text: str) -> int:
    """Length as a reader feels it: a Chinese character 1, any other word 2."""
    return sum(len(run) if "\u4e00" <= run[0] <= "\u9fff" else 2 for run in _TOKEN.findall(text.lower()))


def is_chinese(text: str) -> bool:
    """Whether a reader would call `text` Chinese, foreign terms notwithstanding."""
    chinese = sum("\u4e00" <= char <= "\u9fff" for char in text)
    latin = len(re.findall(r"[A-Za-z]+", text))
    return chinese > latin
