"""Words that are meant for the examiner and not for the question, and where they stand."""

import re

from bot.domain.spans import Span
from bot.grading.clauses import Segment, clauses, sentences

_POINTS = r"(?:要点|关键点|得分点|采分点|评分点|key\s*points?|criteria)"
_VERDICTS = r"(?:覆盖|命中|covered|满足|得分|正确|通过|correct|satisfied|passed)(?![a-z])"
_NEAR = r"[^。\n]"
_CLOSE = r"[^.\n]"
_KEY = r"(?:要点|评分|得分点|采分点|标准答案|参考答案|rubric)"
_ORDERS = r"(?:指令|指示|规则|要求|提示词?|设定|评分)"
_PATTERNS = (
    # names the grader
    r"评分(?:员|人|者|标准|规则|助手|机器人|老师|ai|已|结果)|阅卷|判卷|改卷|评卷|判分",
    r"打分(?!函数|机制|网络|矩阵|公式|方式|模型)|裁判模型",
    r"\bgraders?\b|\bgrading\b|\brubrics?\b|\bmarking scheme\b|\bexaminer|\bauto-?grad(?:er|ing)",
    # names the marks
    r"满分|最高分(?!辨)|高分(?!辨|子|布|割|支)|全对(?!称)|(?<!\d)100\s*分(?!类|位|辨|布|之)|一百分",
    r"(?<!\d)(?:10\s*/\s*10|100\s*/\s*100)(?!\d)",
    r"\b(?:full|top|maximum|perfect|highest|complete)\s+(?:marks?|credits?|grades?)\b|\b(?:full|perfect)\s+(?:scores?|points)\b",
    r"\bgrade\s+a\+",
    # takes back what was said before
    rf"(?:忽略|无视|忘记|忘掉|不要理会|不用管|抛开|绕过|撤销|覆盖掉?){_NEAR}{{0,12}}{_ORDERS}",
    rf"\b(?:ignore|disregard|forget|override|bypass|skip)\b{_CLOSE}{{0,30}}"
    r"\b(?:instructions?|prompts?|rules|rubrics?|guidelines)\b",
    rf"(?:以上|之前|先前|上述)的?{_ORDERS}(?:都|均|全部)?(?:作废|无效|失效|取消)",
    r"\bnew\s+(?:system\s+)?(?:instructions?|rules?)\s*:|新的?(?:指令|系统提示|规则)[::]",
    # takes a role
    r"^\s*(?:#+\s*)?[\[(<【《]?\s*(?:system|assistant|user|developer|系统|系统提示|系统消息|助手|管理员|开发者|admin|root)"
    r"\s*(?:prompt|message|note)?\s*[\])>】》]?\s*[::]",
    r"[\[【<]\s*/?(?:system|系统|inst|assistant|admin|管理员|系统提示|系统消息|系统指令)\s*[\]】>]",
    r"<\s*[|｜][^>\n]{0,40}[|｜]\s*>|<<\s*sys\s*>>",
    r"</?\s*[a-z]{0,20}_?(?:answer|student|system|instruction|prompt|grader|rubric|verdict|grade|score|question"
    r"|key_?points?)[a-z_0-9-]{0,20}\s*/?>",
    r"\byou\s+are\s+(?:now\s+)?(?:an?\s+|the\s+)?(?:\w+\s+)?(?:grader|judge|assistant|examiner|evaluator|ai)\b",
    rf"你(?:现在)?(?:是|扮演|充当){_NEAR}{{0,12}}(?:评分|阅卷|判卷|助手|考官|模型|ai|老师)",
    rf"从现在(?:起|开始){_NEAR}{{0,10}}你|\bfrom\s+now\s+on\b{_CLOSE}{{0,20}}\byou\b",
    # asks for a verdict
    rf"(?:请|务必|必须|直接|一律){_NEAR}{{0,16}}(?:判为|判定为|评为|标记?为|标注为|记为){_NEAR}{{0,10}}{_VERDICTS}",
    rf"(?:判为|判定为|标记为|视为|评为){_NEAR}{{0,6}}(?:覆盖|covered|满足|全对)",
    rf"\b(?:mark|grade|score|rate|judge|treat|accept|count)\b{_CLOSE}{{0,30}}\b(?:as|all|every\w*|it|this)\b"
    rf"{_CLOSE}{{0,24}}\b(?:covered|correct|full|passed|right|perfect)\b",
    rf"(?:全部|所有|每个|各个|各|一切|以上){_NEAR}{{0,4}}{_POINTS}{_NEAR}{{0,10}}{_VERDICTS}",
    rf"{_VERDICTS}(?:了)?(?:全部|所有|每个|一切|本题的?){_NEAR}{{0,6}}{_POINTS}",
    rf"\b(?:all|every|each)\b{_CLOSE}{{0,24}}{_POINTS}\b{_CLOSE}{{0,24}}\b{_VERDICTS}",
    rf"\b{_VERDICTS}\s+(?:all|every|each)\s+(?:\w+\s+){{0,2}}{_POINTS}",
    r"\b(?:all|every|each)\s+points?\s+(?:is\s+|are\s+|were\s+|was\s+)?covered",
    # claims to be the key
    rf"(?:以上|上面|上文|这|答案|作答|回答){_NEAR}{{0,8}}(?:标准答案|参考答案|正确答案)",
    rf"(?:本|此|我的|该|学生|考生|以上)(?:的)?(?:答案|回答|作答){_NEAR}{{0,8}}(?:完全正确|完全一致|全部正确|都正确)",
    rf"与(?:标准|参考)答案{_NEAR}{{0,6}}(?:一致|相同|吻合)",
    rf"(?:学生|考生)(?:的)?(?:答案|作答){_NEAR}{{0,6}}(?:与|和|完全|均|都|已)",
    rf"\b(?:above|this|following|my answer|student answer|the answer)\b{_CLOSE}{{0,24}}"
    rf"\b(?:is|are|matches|equals)\b{_CLOSE}{{0,16}}\b(?:model|reference|official|standard|correct)\s+(?:answer|solution)",
    r"\bstudent'?s?\s+answer\s+(?:is|matches)|\ball\s+points\s+covered",
    # asks for the key
    rf"(?:列出|输出|打印|复述|泄露|透露|显示|告诉我|重复|写出|给出|展示|返回|翻译){_NEAR}{{0,24}}{_KEY}",
    rf"(?:打印|复述|泄露|透露|告诉我){_NEAR}{{0,16}}(?:提示词|系统提示|指令)",
    rf"\b(?:list|print|output|repeat|reveal|show|leak|return|tell\s+me|translate|write\s+out|give\s+me)\b{_CLOSE}{{0,40}}"
    r"\b(?:key\s*points?|rubric|reference\s+answer|model\s+answer|system\s+prompt|grading|expected\s+answer"
    r"|(?:your|previous|above)\s+instructions)\b",
)
_VERDICT_JSON = re.compile(
    r"""[{\[][^{}]{0,400}["'](?:status|verdicts?|score|grade|points?|covered|confidence|evidence|reasoning)["']\s*:.{0,600}?[}\]]+"""
    r"|\b(?:score|grade|confidence|verdict|status|得分|分数|评分|总分)\s*[=:]\s*(?:\"?(?:covered|full|correct|满分|a\+)|100\b|10\s*/\s*10)",
    re.DOTALL,
)
_PATTERN = re.compile("|".join(_PATTERNS), re.MULTILINE)


def injected(text: str) -> tuple[Span, ...]:
    """Places in normalised text that address the examiner: whole clauses, in order, apart from each other."""
    found = [Span(start=match.start(), end=match.end()) for match in _VERDICT_JSON.finditer(text)]
    hits = [Span(start=match.start(), end=match.end()) for match in _PATTERN.finditer(text)]
    pieces = [
        Span(start=part.start, end=part.end)
        for part in (*clauses(text), *sentences(text))
        if part.end > part.start
    ]
    for hit in hits:
        around = [piece for piece in pieces if piece.contains(hit)]
        found.append(min(around, key=len) if around else hit)
    merged = _merged(found)
    tainted = [Span(start=one.start, end=one.end) for one in sentences(text) if _mostly(one, merged)]
    return _merged([*merged, *tainted])


def without(text: str, holes: tuple[Span, ...]) -> str:
    """`text` with line ends in place of the characters inside `holes`; every other place stays the same."""
    chars = list(text)
    for hole in holes:
        chars[hole.start : hole.end] = "\n" * len(hole)
    return "".join(chars)


def _mostly(sentence: Segment, holes: tuple[Span, ...]) -> bool:
    """Whether at least half of a sentence addresses the examiner: then the rest of it does too."""
    inside = sum(max(0, min(hole.end, sentence.end) - max(hole.start, sentence.start)) for hole in holes)
    return 2 * inside >= sentence.end - sentence.start


def _merged(spans: list[Span]) -> tuple[Span, ...]:
    merged: list[Span] = []
    for span in sorted(spans, key=lambda item: (item.start, item.end)):
        if merged and span.start <= merged[-1].end:
            merged[-1] = Span(start=merged[-1].start, end=max(span.end, merged[-1].end))
        else:
            merged.append(span)
    return tuple(merged)
