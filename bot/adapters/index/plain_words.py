"""Words that carry no matter of their own, folded as bot.adapters.index.cutting folds text."""

_SILENT = """
的 了 吗 呢 吧 啊 么 是 和 与 及 或 在 有 对 从 到 中 之 以 于 而 则 为 把 被
让 要 用 也 都 就 还 又 它 他 她 我 你 您
这 那 其 此 该 个 种 请 请问 能 会 可以 能否 是否 是不是 以及 一个 一种 一下 时候
什么 为什么 为何 如何 怎么 怎样 怎么样 哪 哪些 哪个 哪种 哪里 何 多少 几
它们 我们 你们 他们 这个 那个 这些 那些
a an the is are was were be been am do does did of in on at to for from by with and or as it its
this that these those what how why when where which who whom whose there
can could should would will may you i me my your we our us please about into than then
"""

_ASKING = """
区别 不同 异同 差别 差异 联系 关系 含义 意思 定义 解释 介绍 说明 简述 简单 列举 举例 描述 阐述
谈 谈谈 讲 讲讲 说 说说 概念 作用 用途 原因 原理 理解 常见 常用 主要 问题 一样 使用 采用
difference different explain describe define definition mean meaning tell give list
compare versus vs between main common work use
"""

SILENT = frozenset(_SILENT.split())
"""Say nothing about a matter: neither indexed nor asked for."""

ASKING = frozenset(_ASKING.split())
"""Say what a question wants to know, not about what: a text can answer without them."""


_PLAIN = SILENT | ASKING


def is_silent(word: str) -> bool:
    """Whether a Chinese word says nothing about a matter, alone or as two plain words in one (解释一下)."""
    return word in SILENT or any(word[:i] in _PLAIN and word[i:] in _PLAIN for i in range(1, len(word)))
