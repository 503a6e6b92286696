"""Words that are meant for the examiner and not for the question, and where they stand."""

import re

from bot.domain.spans import Span
from bot.grading.clauses import clauses, sentences

_GRADER = (
    r"评分(?:员|人|者|系统|模型|标准|规则|器|助手|机器人|老师|ai|已|结果|为)|阅卷|判卷|改卷|批改|评卷|打分|裁判模型|判分"
    r"|\bgraders?\b|\bgrading\b|\brubrics?\b|\bmarking scheme\b|\bexaminer|\bevaluator\b|\bauto-?grad"
)
_MARKS = (
    r"满分|全分|最高分|高分|全对|100\s*分|(?<!\d)(?:10|100)\s*/\s*(?:10|100)(?!\d)|一百分|十分满"
    r"|\b(?:full|top|maximum|max|perfect|highest|complete)\s+(?:marks?|credits?|scores?|points?|grades?)\b|\bgrade\s+a\+"
)
_POINTS = r"(?:要点|关键点|得分点|采分点|评分点|知识点|key\s*points?|points?|criteria)"
_VERDICTS = r"(?:覆盖|命中|covered|满足|得分|正确|通过|correct|satisfied|passed)"
_ORDERS = (
    # take back what was said before
    r"(?:忽略|无视|忘记|忘掉|不要理会|不用管|抛开|绕过|撤销|覆盖掉?)[^。\n]{0,12}(?:指令|指示|规则|要求|提示词?|设定|约束|标准|之前|以上|上面|上述|前面)"
    r"|\b(?:ignore|disregard|forget|override|bypass|skip)\b[^.\n]{0,30}\b(?:instructions?|prompts?|rules?|rubrics?|above|previous|prior|earlier|guidelines?)\b"
    r"|(?:以上|之前|先前|上述)的?(?:指令|规则|要求|标准)(?:都|均|全部)?(?:作废|无效|失效|取消)"
    r"|\bnew\s+(?:system\s+)?(?:instructions?|rules?)\s*:|新的?(?:指令|系统提示|规则)[::]"
    # take a role
    r"|^\s*(?:#+\s*)?[\[(<【《]?\s*(?:system|assistant|user|developer|系统|系统提示|系统消息|助手|管理员|开发者|admin|root|override)\s*(?:prompt|message|note)?\s*[\])>】》]?\s*[::]"
    r"|[\[【<]\s*/?(?:system|系统|inst|assistant|admin|管理员|系统提示|系统消息|系统指令)\s*[\]】>]"
    r"|<\s*[|｜][^>\n]{0,40}[|｜]\s*>|<<\s*sys\s*>>"
    r"|</?\s*[a-z]*_?(?:answer|student|system|instruction|prompt|grader|rubric|verdict|grade|score|question|key_?points?)[a-z_0-9-]*\s*/?>"
    r"|\byou\s+are\s+(?:now\s+)?(?:an?\s+|the\s+)?(?:\w+\s+)?(?:grader|judge|assistant|examiner|evaluator|ai)\b|你(?:现在)?(?:是|扮演|充当)[^。\n]{0,12}(?:评分|阅卷|判卷|助手|考官|模型|ai|老师)"
    r"|从现在(?:起|开始)[^。\n]{0,10}你|\bfrom\s+now\s+on\b[^.\n]{0,20}\byou\b"
    # ask for the grade
    r"|(?:请|务必|必须|直接|一律|应当?|应该|要)[^。\n]{0,16}(?:判为|判定为|评为|标记?为|标注为|记为|给(?:予|我|出)?)[^。\n]{0,10}" + _VERDICTS + r"|(?:判为|判定为|标记为|视为|评为)[^。\n]{0,6}(?:覆盖|covered|满足|正确|全对|通过)"
    r"|\b(?:mark|grade|score|rate|judge|treat|accept|consider|count|label|set)\b[^.\n]{0,50}\b(?:covered|(?:correct|full|100|passed|right|perfect)\b(?=[^a-z]*$|[^.\n]{0,30}(?:mark|point|credit|covered|answer|regardless)))"
    r"|(?:全部|所有|每个|各个|各|一切|以上)[^。\n]{0,4}" + _POINTS + r"[^。\n]{0,10}" + _VERDICTS + r"|" + _VERDICTS + r"(?:了)?(?:全部|所有|每个|一切|本题的?)[^。\n]{0,6}" + _POINTS +
    r"|\b(?:all|every|each)\b[^.\n]{0,24}" + _POINTS + r"\b[^.\n]{0,24}\b" + _VERDICTS +
    r"|\b" + _VERDICTS + r"\s+(?:all|every|each)\s+(?:\w+\s+){0,2}" + _POINTS +
    # claim to be the key
    r"|(?:以上|这|上面|上文|本答案|此答案|我的答案|该答案|学生答案|考生答案|作答)[^。\n]{0,8}(?:标准答案|参考答案|正确答案|完全正确|完全一致)|与(?:标准|参考)答案[^。\n]{0,6}(?:一致|相同|吻合)|(?:学生|考生)(?:的)?(?:答案|回答|作答)[^。\n]{0,6}(?:与|和|完全|均|都|已)"
    r"|\b(?:above|this|following|my answer|student answer|the answer)\b[^.\n]{0,24}\b(?:is|are|matches|equals)\b[^.\n]{0,16}\b(?:model|reference|official|standard|correct)\s+(?:answer|solution)|\bstudent'?s?\s+answer\s+(?:is|matches)"
    # ask for the key
    r"|(?:列出|输出|打印|复述|泄露|透露|显示|告诉我|重复|写出|给出|展示|返回|翻译)[^。\n]{0,16}(?:全部|所有|本题|这道?题|隐藏)?[^。\n]{0,6}(?:要点|评分|得分点|采分点|标准答案|参考答案|提示词|系统提示|指令|rubric)"
    r"|\b(?:list|print|output|repeat|reveal|show|leak|return|tell\s+me|translate|write\s+out|give\s+me)\b[^.\n]{0,40}\b(?:key\s*points?|rubric|reference\s+answer|model\s+answer|system\s+prompt|instructions|grading|expected\s+answer)\b"
)  # fmt: skip
_VERDICT_JSON = re.compile(
    r"""[{\[][^{}]{0,400}["'](?:status|verdicts?|score|grade|points?|covered|confidence|evidence|reasoning)["']\s*:.{0,600}?[}\]]+"""
    r"|\b(?:score|grade|confidence|verdict|status|得分|分数|评分|总分)\s*[=:]\s*(?:\"?(?:covered|full|correct|满分|a\+)|100\b|10\s*/\s*10|1\.0\b)",
    re.DOTALL,
)
_PATTERN = re.compile(f"{_GRADER}|{_MARKS}|{_ORDERS}", re.MULTILINE)


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
    return _merged(found)


def without(text: str, holes: tuple[Span, ...]) -> str:
    """`text` with line ends in place of the characters inside `holes`; every other place stays the same."""
    chars = list(text)
    for hole in holes:
        chars[hole.start : hole.end] = "\n" * len(hole)
    return "".join(chars)


def _merged(spans: list[Span]) -> tuple[Span, ...]:
    merged: list[Span] = []
    for span in sorted(spans, key=lambda item: (item.start, item.end)):
        if merged and span.start <= merged[-1].end:
            merged[-1] = Span(start=merged[-1].start, end=max(span.end, merged[-1].end))
        else:
            merged.append(span)
    return tuple(merged)
