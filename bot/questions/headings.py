"""Questions made from a heading: only forms that the text below it answers."""

import re
from collections.abc import Callable
from dataclasses import dataclass

from bot.questions.context import ASPECT, without_alias
from bot.questions.words import content_words, is_chinese, plain, share, size

_NO_TOPIC = re.compile(
    r"前言|引言|序|总结|小结|参考|目录|附录|准备|建议|其他|更多|分类$|(?i:introduction|summary|references?|conclusion|contents)"
)
_PAIR = re.compile(r"(?P<one>.{2,16}?)\s*(?:与|和|vs\.?|VS\.?|对比)\s*(?P<other>.{2,16})$")
_LIST = re.compile(
    r"(?:方法|技巧|类型|种类|策略|指标|方式|架构|算法|函数|工具|原则|因素|技术|手段|变体|框架)$"
)
_PITFALLS = re.compile(r"误区|易错|陷阱|混淆|(?i:pitfalls?|mistakes?)")
_JOINED = re.compile(r"与|、|和(?!声)|\bvs\b|&")
_WORK = re.compile(r"(?:化|增强|处理|部署|改进|训练|调整|调参|压缩|设计|学习|采样)$")
_COURSE = re.compile(r"(?:步骤|流程|过程)$")
_QUALITY = re.compile(r"(?:原理|机制|作用|意义|优缺点|优点|缺点|优势|特点|定义|原因|区别|概念|公式)$")
_DERIVED = re.compile(r"(?P<what>.+?)的?(?:推导|证明)$")
_TELLS_HOW = re.compile(
    r"通过|随机|计算|将|把|每|引入|采用|首先|减去|加入|\bby\b|\beach\b|\bcomput|\badds?\b|\brandom"
)
_TELLS_WHY = re.compile(
    r"用于|防止|避免|提高|提升|减少|缓解|加速|增强|使得|从而|以便|解决"
    r"|\bprevent|\breduc|\bimprov|\bused (?:for|to)\b|\bso that\b"
)


@dataclass(frozen=True, slots=True)
class _Section:
    """A heading, what stands above and below it."""

    title: str
    parent: str
    text: str
    entries: int
    """Things with a name of their own that the text states."""


def question_of_heading(path: tuple[str, ...], text: str, entries: int) -> str | None:
    """An interview question that `text` answers; None when no form fits.

    Args:
        path: Headings from the outermost in.
        text: What stands below the innermost one.
        entries: How many things with a name of their own it states.
    """
    titles = [_bare(title) for title in path]
    if not titles or size(text) < 15:
        return None
    section = _Section(titles[-1], titles[-2] if len(titles) > 1 else "", plain(text), entries)
    if _names_aspects(section.title) and not section.parent:
        return None
    if not 2 <= size(section.title) <= 22 or _NO_TOPIC.search(section.title) or section.title[-1] in "?？":
        return None
    forms = _CHINESE if is_chinese(text) else _ENGLISH
    return next((asked for form in forms if (asked := form(section))), None)


def _bare(title: str) -> str:
    """The heading's topic: without marks, numbering's rest and what follows a colon."""
    return re.split(r"[：:]", plain(title))[0].strip(" .、").removesuffix("基础")


def _spaced(*parts: str) -> str:
    """Chinese and Latin words side by side, a blank where they meet."""
    text = "".join(parts)
    text = re.sub(r"(?<=[\u4e00-\u9fff])(?=[A-Za-z0-9])", " ", text)
    return re.sub(r"(?<=[A-Za-z0-9])(?=[\u4e00-\u9fff])", " ", text)


def _of_parent(section: _Section) -> str | None:
    """A heading such as '概念' speaks of the one above it."""
    if not _names_aspects(section.title) or not section.parent or _NO_TOPIC.search(section.parent):
        return None
    if re.fullmatch(r"(?:基本|核心)?(?:概念|定义|简介)", section.title):
        return _spaced("什么是", section.parent, "？")
    listed = re.search(r"优点|缺点|优势|劣势|应用|方法|技巧|类型|种类|特点", section.title)
    ending = "有哪些？" if listed else "是什么？"
    return _spaced(section.parent, "的", section.title, ending)


def _names_aspects(title: str) -> bool:
    """Whether the heading names no topic, only sides of one ('原理与实现')."""
    return all(ASPECT.fullmatch(part) for part in re.split(r"与|和|及|、", title))


def _pair(section: _Section) -> str | None:
    match = _PAIR.match(section.title)
    if not match or _QUALITY.search(match["other"]) or _LIST.search(match["other"]):
        return None
    if all(_opens_sentence(part, section.text) for part in (match["one"], match["other"])):
        return _spaced(match["one"], "和", match["other"], "有什么区别？")
    return None


def _opens_sentence(term: str, text: str) -> bool:
    """Whether some sentence or entry of the text starts with the term: what tells two things apart does."""
    return bool(re.search(rf"(?:^|[。；;：:!！?？•·*\-\s]){re.escape(without_alias(term))}", text))


def _pitfalls(section: _Section) -> str | None:
    """A heading such as '常见误区' speaks of the one above it."""
    if not section.parent or not _PITFALLS.search(section.title):
        return None
    return _spaced("关于", section.parent, "，常见的误区有哪些？")


def _list(section: _Section) -> str | None:
    if section.entries < (2 if section.parent else 3):
        return None
    if not _LIST.search(section.title):
        return _spaced(section.title, "有哪些方法？") if _WORK.search(section.title) else None
    common = "" if re.match(r"常|主要", section.title) else "常见的"
    return _spaced(common, section.title, "有哪些？")


def _course(section: _Section) -> str | None:
    return _spaced(section.title, "是怎样的？") if _COURSE.search(section.title) else None


def _quality(section: _Section) -> str | None:
    return _spaced(section.title, "是什么？") if _QUALITY.search(section.title) else None


def _derivation(section: _Section) -> str | None:
    match = _DERIVED.match(section.title)
    if section.text.count("=") < 2:
        return None
    return _spaced("请推导", match["what"], "。") if match else None


def _term(section: _Section) -> str | None:
    """A plain term: what it is, how it works, what it is for, as far as the text says."""
    if not _speaks_of(section):
        return None
    tells = (_defines(section), bool(_TELLS_HOW.search(section.text)), bool(_TELLS_WHY.search(section.text)))
    if not tells[0] and not section.parent:  # what a note says before its first section is seldom an answer
        return None
    return _spaced(
        *{
            (True, True, True): (section.title, "的原理和作用是什么？"),
            (False, True, True): (section.title, "的原理和作用是什么？"),
            (True, True, False): ("什么是", section.title, "？它的原理是什么？"),
            (True, False, True): ("什么是", section.title, "？它有什么作用？"),
            (True, False, False): ("什么是", section.title, "？"),
            (False, True, False): (section.title, "的原理是什么？"),
            (False, False, True): (section.title, "有什么作用？"),
        }.get(tells, ("请介绍一下", section.title, "。"))
    )


def _english_pitfalls(section: _Section) -> str | None:
    if not section.parent or not _PITFALLS.search(section.title):
        return None
    return f"What do people often get wrong about {section.parent}?"


def _english_term(section: _Section) -> str | None:
    if not _speaks_of(section):
        return None
    what, how, why = (
        _defines(section),
        bool(_TELLS_HOW.search(section.text)),
        bool(_TELLS_WHY.search(section.text)),
    )
    if not what and not section.parent:
        return None
    if how and why:
        return f"How does {section.title} work, and what is it for?"
    if why:
        return f"What is {section.title} for?"
    return f"What is {section.title}?" if what else f"Please describe {section.title}."


def _names(section: _Section) -> list[str]:
    """The term and its other name in brackets."""
    inside = re.findall(r"[（(]([^（）()]+)[)）]", section.title)
    return [name.strip() for name in (without_alias(section.title), *inside) if name.strip()]


def _defines(section: _Section) -> bool:
    """Whether a sentence says what the term is."""
    said = r"[^。；;\n]{0,14}?(?:是|指|称为|叫做|\bis\b|\bare\b|\brefers\b)"
    return any(re.search(re.escape(name) + said, section.text, re.IGNORECASE) for name in _names(section))


def _speaks_of(section: _Section) -> bool:
    """Whether the text names the term, or one of its names."""
    said = section.text.lower()
    if _JOINED.search(without_alias(section.title)):
        return False
    if any(name.lower() in said for name in _names(section)):
        return True
    return share(content_words(section.title), content_words(section.text)) >= 0.5


_Form = Callable[[_Section], str | None]
_CHINESE: tuple[_Form, ...] = (_of_parent, _pitfalls, _derivation, _pair, _course, _list, _quality, _term)
_ENGLISH: tuple[_Form, ...] = (_english_pitfalls, _english_term)
