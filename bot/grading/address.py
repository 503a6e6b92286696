"""Whether a sentence talks to the examiner, and how much it says beside that; in normal form."""

import re
from functools import lru_cache

from bot.grading.words import unit_set

FEW, MANY = 2.0, 6.0
"""Weight of the content of its own from which on a sentence is an answer: one that addresses nobody, one that
addresses the examiner."""
ENOUGH_WANTED = 2
"""Content units that only the key points have, from which on a sentence is an answer to them."""
_PAIR_WEIGHT = 0.5
"""Of two neighbouring Chinese characters, beside a word's 1."""
_ADDRESSES = re.compile(
    r"(?<![申邀])请(?![求多几两三人别专标用])|麻烦|恳请|拜托|恳求|求求|务必|老师(?:们|您|你好|辛苦|[,:!])|考官|评委|阅卷|判卷|改卷|批卷|给分|您"
    r"|(?:本|此|该|这份|我的?|以上|上述)(?:答案|回答|作答|答卷|解答)|考生|(?:本题|这题|你)的?(?:参考答案|标准答案|得分点|评分标准|系统提示)|给我|告诉我|帮我"
    r"|(?:忽略|无视|忘掉|不用管|别管)[^。\n]{0,8}(?:评分|以上|上面|上述|你)"
    r"|\b(?:please|kindly|dear|graders?|examiners?|auto-?graders?)\b"
    r"|\b(?:my|this|the\s{1,9}above)\s{1,9}(?:answer|response|submission|reply)\b"
    r"|(?:^|[\s,;])(?:ignore|disregard|forget|never\s{1,9}mind)\s{1,9}(?:all|any|the|every\w*|your|these|previous|prior|above)\b"
    r"|\byou\s{1,9}are\s{1,9}(?:now\s{1,9})?(?:an?|the|my)\s{1,9}(?:\w{1,20}\s{1,9}){0,2}(?:grader|judge|teacher|examiner|evaluator|marker|professor|instructor)\b"
    r"|\b(?:mark|grade|score|rate|judge)\s{1,9}(?:this|that|my|me|it)\b|\b(?:give|award|grant|tell)\s{1,9}me\b"
    r"|\b(?:give|award|grant|assign)\s{1,9}(?:the\s{1,9})?(?:full|maximum|max|top|perfect|highest)\s{1,9}(?:marks?|credits?|scores?|points?|grades?)\b"
    r"|\b(?:print|reveal|output|show|repeat|list|recite)\s{1,9}(?:the|your|all)\s{1,9}(?:grading|marking|scoring|hidden|system|model|reference|key)\b"
    r"|^[^\w\n]{0,9}(?:system|admin|administrator|developer|root)\s{1,9}(?:notice|note|message|alert|update|override)\W"
    r"|^[^\w\n]{0,9}(?:system|assistant|系统|系统提示|系统消息|系统通知|管理员通知)\W",
    re.MULTILINE,
)
_TRADE = re.compile(
    r"<[^<>\n]{1,60}>|答案|回答|作答|答卷|答复|解答|学生|考生|老师|考官|评委|阅卷|判卷|改卷|批卷|评分|打分|给分|得分|分数|满分|高分|全对"
    r"|要点|关键点|采分点|得分点|标准|参考|官方|正确|准确|完整|完美|无误|覆盖|涵盖|命中|满足|符合|一致|通过|判为|判定|标记|标为"
    r"|视为|记为|算作|当作|改为|设为|全部|所有|一切|任何|每个|各个|忽略|无视|忘记|忘掉|不要|不用|理会|遵守|执行|指令|指示"
    r"|规则|要求|提示词?|设定|系统|助手|管理员|以上|上面|上述|之前|先前|前面|此前|现在|麻烦|拜托|恳请|务必|谢谢|感谢"
    r"|输出|打印|显示|原样|逐字|评语|写进|直接|一律|统一|内容|非常|十分|极其|特别|[请您你我本该此这把将为给均都已经很好分吧的了是]"
    r"|\b(?:answers?|respon[sd]\w*|repl(?:y|ies)|solutions?|submissions?|students?'?s?|candidates?|learner|graders?|examiners?"
    r"|evaluat\w*|markers?|raters?|judge\w*|professors?|teachers?|instructors?|mark(?:s|ed|ing)?|grad(?:es?|ed|ing)|scor\w*"
    r"|credits?|points?|key|criteri\w+|rubrics?|scheme|cover\w*|correct\w*|full\w*|perfect\w*|pass(?:ed|es)?|satisf\w+|met"
    r"|meets?|address\w*|complete\w*|verif\w*|confiden\w*|verdicts?|status|evidence|reasoning|rating|excellent|highest"
    r"|maximum|max|top|best|good|deserv\w*|award\w*|assign\w*|giv\w+|grant|set|ignor\w*|disregard\w*|forget\w*|override"
    r"|bypass|instruct\w*|prompts?|rules?|guidelines?|directives?|commands?|previous\w*|prior|above|before|earlier|preceding"
    r"|everything|system|assistant|admin|output|reveal|show|tell|please|kindly|thank\w*|dear|hello|hi|hey|note|attention"
    r"|never\s{1,9}mind|print|repeat|recite|list|throughout|lenient|generous|notice|alert|administrator|developer|done|finished|results?|final|any"
    r"|now|new|always|just|reference|standard|official|true|right|treat\w*|accept\w*|match\w*)\b"
)


@lru_cache(maxsize=1024)
def addresses(text: str) -> bool:
    """Whether a sentence speaks to whoever grades it."""
    return _ADDRESSES.search(text) is not None


@lru_cache(maxsize=1024)
def own_weight(text: str) -> float:
    """How much a text says that belongs to no examiner's trade: one a word, half a pair of characters."""
    said = [unit for unit in unit_set(_TRADE.sub("\n", text)) if not unit.isdigit()]
    return sum(_PAIR_WEIGHT if _is_pair(unit) else float(len(unit) > 1) for unit in said)


@lru_cache(maxsize=1024)
def answers(text: str, wanted: frozenset[str]) -> bool:
    """Whether a sentence says enough of its own to be an answer whatever words of the trade stand in it.

    Args:
        text: The sentence.
        wanted: Content units of the key points that the question lacks.
    """
    if len(wanted & unit_set(_TRADE.sub("\n", text))) >= ENOUGH_WANTED:
        return True
    return own_weight(text) >= (MANY if addresses(text) else FEW)


def _is_pair(unit: str) -> bool:
    return len(unit) == 2 and all("\u3400" <= char <= "\u9fff" for char in unit)
