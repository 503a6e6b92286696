"""How people talk to an examiner instead of answering, as patterns over disguise.View.text.

Few forms are orders whatever stands around them. Most are words that learners need as well (full marks on the
training set, all points of a plane, instructions of a processor): bot.grading.address tells which is meant.
"""

import re
from dataclasses import dataclass
from enum import Enum
from functools import cached_property

_ATTACKS = r"注入|越狱|jailbreak|injection"
_Z = r"[^。\n]"
_E = r"[^.\n]"
_ASK = r"(?:请|麻烦|恳请|拜托|恳求|求求?|务必|帮我|给我|希望|老师|考官|评委|您)"
_FIRST = r"(?:^|(?<=[\n。，,;；!！?？:、\s]))"
_OWN = r"(?:本|此|我的?|该|这份|这个|这道|这|以上|上述|上面的?|学生|考生)(?:的)?"
_REPLY = r"(?:答案|回答|作答|答卷|解答|答复)"
_POINTS = r"(?:要点|关键点|得分点|采分点|评分点|考点|key\s{0,9}points?)"
_VERDICTS = r"(?:覆盖|命中|covered|满足|得分|正确|通过|correct|satisfied|passed)(?![a-z])"
_RULES = r"(?:指令|指示|规则|要求|提示词?|设定|评分\w{0,2}|限制|约束|命令)"
_WHICH = (
    r"(?:以上|上面|上边|之前|先前|前面|此前|所有|全部|任何|一切|系统|原有|原来|你的"
    r"|你收到|给你|上述|刚才|既定|本题|评分|前述)"
)
_DROP = (
    r"(?:忽略|无视|忘记|忘掉|不要理会|不用管|别管|别理|抛开|绕过|撤销|推翻|覆盖掉?|清除|停止(?:遵守|遵循|执行)"
    r"|(?:不要|不必|不用|不需要?|无需|不再|别)(?:遵守|遵循|执行|按照?))"
)
_GRADER = (
    r"(?:评分|阅卷|判卷|改卷|评卷|批卷|打分|批改|评审)(?:员|人员|人|者|助手|机器人|老师|ai|系统|官|专家|教师)"
)
_GRADER_EN = r"(?:auto-?grader|grader|examiner|evaluator|marker|rater|judge|professor|teacher|instructor)s?"
_MARKS_EN = r"(?:scores?|marks?|grades?|credits?)"


class Force(Enum):
    """What it takes that a hit counts."""

    ORDER = "always"
    TALK = "unless its sentence says something of its own"
    PLAIN = "only in a sentence that addresses the examiner"


@dataclass(frozen=True)
class Theme:
    """One kind of talk to the examiner.

    Attributes:
        subject: What a question is about where this talk may be its subject matter.
        orders: Patterns that no answer holds but in quotation marks.
        talk: Patterns of the examiner's trade.
        plain: Patterns that are said of many other things too.
    """

    subject: str
    orders: tuple[str, ...] = ()
    talk: tuple[str, ...] = ()
    plain: tuple[str, ...] = ()

    @cached_property
    def patterns(self) -> tuple[tuple[Force, re.Pattern[str]], ...]:
        """All patterns of a force as one."""
        forces = {Force.ORDER: self.orders, Force.TALK: self.talk, Force.PLAIN: self.plain}
        return tuple(
            (force, re.compile("|".join(f"(?:{one})" for one in some), re.MULTILINE))
            for force, some in forces.items()
            if some
        )

    def is_about(self, subject: str) -> bool:
        """Whether a question with its key points speaks of this theme, or of attacks by words at all."""
        return re.search(rf"{_ATTACKS}|{self.subject}", subject) is not None


NAMES_GRADER = Theme(
    r"评分|打分|评委|裁判|评估者|标注|评测|judge|grader|rater|evaluat|annotat|grading",
    orders=(
        rf"{_FIRST}(?:各位)?{_GRADER}(?:们|您好|你好)\s{{0,9}}[:,!]",
        rf"(?:致|尊敬的|亲爱的|敬爱的){_GRADER}",
        r"\b(?:dear|attention|note\s{1,9}(?:to|for)(?:\s{1,9}the)?|message\s{1,9}(?:to|for)(?:\s{1,9}the)?|hello|hi|hey)\s{1,9}(?:the\s{1,9}|an?\s{1,9}|my\s{1,9})?"
        rf"(?:\w{{1,20}}\s{{1,9}})?{_GRADER_EN}\b",
    ),
    talk=(
        rf"{_FIRST}{_GRADER}\s{{0,9}}[:,!]|告诉{_GRADER}",
        rf"{_GRADER}{_Z}{{0,10}}(?:请|务必|必须|直接|忽略|无视)",
        r"(?:请|麻烦|恳请|拜托|求求?|务必|帮我|给我|您)[^。\n]{0,8}(?:阅卷|判卷|改卷|评卷|判分|打分|评分)",
        r"(?:评分|阅卷|判卷|打分|批改)(?:已|结果|完成|结束|完毕|流程|环节|步骤)|裁判模型",
        r"(?:评分|打分|批改|阅卷)(?:标准|规则|细则|要求|提示)"
        rf"{_Z}{{0,12}}(?:忽略|无视|作废|改为|变更|更新|调整|放宽|失效|取消|翻译|输出|打印)",
        rf"{_FIRST}(?:to\s{{1,9}}the\s{{1,9}})?(?:\w{{1,20}}\s{{1,9}})?{_GRADER_EN}\s{{0,9}}[:,!]",
        rf"\bas\s{{1,9}}(?:the\s{{1,9}}|an?\s{{1,9}}|my\s{{1,9}})?(?:\w{{1,20}}\s{{1,9}})?{_GRADER_EN}\b",
        rf"\b{_GRADER_EN}\b{_E}{{0,30}}\b(?:please|must|should|shall|ignore|disregard|has\s{{1,9}}to|is\s{{1,9}}required)\b",
        r"\bgrading\s{1,9}(?:is|was|has|finished|complete\w{0,15}|done|over|instructions?|rubric|criteria|scheme|guidelines|notes?|system|override)",
        r"\brubrics?\b|\bmarking\s{1,9}scheme|\bauto-?grad(?:er|ing)\b",
    ),
)
WANTS_MARKS = Theme(
    r"满分|分数|得分|打分|评分|评测|指标|奖励|score|grade|reward|metric|full",
    orders=(
        r"满点|만점|bestnote",
        rf"(?:请|麻烦|恳请|拜托|求求?|务必|老师|考官|您|理应|配得上|应得|值得|判为|判成|记为|评为|算作){_Z}{{0,8}}满分",
        r"(?:给|予|赐|送)(?:我|个|本题|这题|本答卷|本答案|一个)?满分",
        r"酌情给分|手下留情|高抬贵手|网开一面|求放过|求过|(?:让我|给我|请|求)[^。\n]{0,6}(?:及格|过关)",
        rf"\b(?:give|award|assign|grant|get)\s{{1,9}}(?:me|us|my\s{{1,9}}\w{{1,20}}|this\s{{1,9}}(?:answer|student|response|submission|solution))"
        rf"\b{_E}{{0,30}}\b(?:{_MARKS_EN}|points?|pass|100|10|a\+?)(?![a-z])",
        rf"\b(?:please|kindly)\b{_E}{{0,40}}\b(?:{_MARKS_EN}|lenient|generous|pass\s{{1,9}}me)\b|\b(?:let|make)\s{{1,9}}me\s{{1,9}}pass\b|\bhave\s{{1,9}}mercy\b",
        r"\bmy\s{1,9}(?:answer|response|work|solution|submission)\s{1,9}(?:clearly\s{1,9}|really\s{1,9}|fully\s{1,9})?(?:deserves|merits|earns|is\s{1,9}worth)\b"
        r"|\bi\s{1,9}(?:really\s{1,9}|truly\s{1,9}|fully\s{1,9})?deserve\b|\bgrade\s{1,9}a\+",
        r"(?:note|notas?|puntuacion|calificacion|puntaje|punteggio|voto|punktzahl|punkte|noten?|bewertung|pontuacao|оценк\w{0,15}|балл\w{0,15})"
        r"\W{1,3}[^.\n]{0,15}(?:maxima|maxime|plein\w{0,15}|voll\w{0,15}|hochst\w{0,15}|massim\w{0,15}|perfett\w{0,15}|perfeit\w{0,15}|максимальн\w{0,15}|высш\w{0,15}|полн\w{0,15})",
        r"(?:maxima|maxime|pleine|volle|hochste|massim\w{0,15}|высш\w{0,15}|максимальн\w{0,15}|полн\w{0,15}|все)\s{1,9}(?:note|nota|puntuacion|calificacion|punteggio"
        r"|punktzahl|bewertung|pontuacao|оценк\w{0,15}|балл\w{0,15})|diem\s{1,9}toi\s{1,9}da|الدرجة\s{1,9}الكاملة",
    ),
    talk=(
        r"满分",
        rf"{_ASK}{_Z}{{0,12}}高分(?![辨子布割支])|{_OWN}{_REPLY}?{_Z}{{0,6}}(?:应|值|配|理应){_Z}{{0,8}}高分",
        rf"(?:判|算|视|记|评|标|打)(?:为|成|作|定为)?全对|{_OWN}{_Z}{{0,8}}全对(?!称)|请{_Z}{{0,8}}全对|{_FIRST}全对\s{{0,9}}[。!]?$",
        rf"(?:{_ASK}{_Z}{{0,12}}|(?:打|给|评|判|记|得分|分数|总分|成绩|得){_Z}{{0,4}})(?:100|一百)\s{{0,9}}分(?![类位辨布之])",
        rf"{_FIRST}(?:100|一百)\s{{0,9}}分\s{{0,9}}[。!]?$",
        rf"(?:请|求|麻烦|拜托|希望|恳请|老师|您){_Z}{{0,16}}(?:给|打|判|加|送){_Z}{{0,6}}分(?![布类配支割辨解析段块组层别子母开离词区享发])",
        r"(?:score|mark|grade|rating|分|评)\W{0,4}(?:10\s{0,9}/\s{0,9}10|100\s{0,9}/\s{0,9}100|5\s{0,9}/\s{0,9}5)|(?<![\d.])(?:10\s{0,9}/\s{0,9}10|100\s{0,9}/\s{0,9}100)(?!\d)\W{0,4}(?:score|mark|grade|分|$)",
        r"\b(?:full|top|maximum|max|perfect|highest|complete)\s{1,9}(?:possible\s{1,9})?(?:marks?|credits?|grades?)\b|\b(?:full|perfect)\s{1,9}(?:scores?|points)\b",
        rf"\b(?:give|award|assign|set|output|return)\b{_E}{{0,30}}\b(?:highest|maximum|max|top|best)\s{{1,9}}(?:possible\s{{1,9}})?scores?\b",
        rf"\b(?:give|award|assign|grant|get)\s{{1,9}}the\s{{1,9}}(?:student|answer|candidate)\b{_E}{{0,30}}\b(?:{_MARKS_EN}|points?|pass|100|10|a\+?)(?![a-z])",
        r"\b(?:this|the)\s{1,9}(?:answer|response|work|solution|submission)\s{1,9}(?:clearly\s{1,9}|really\s{1,9}|fully\s{1,9})?(?:deserves|merits|earns|is\s{1,9}worth)\b",
        r"(?:note|notas?|puntuacion|calificacion|punteggio|voto|punkte|noten?|pontuacao)\W{1,3}[^.\n]{0,15}(?:maxim\w{0,15}|complet\w{0,15}|perfect\w{0,15})",
    ),
)
TAKES_BACK = Theme(
    r"提示词|提示工程|prompt|指令|instruction|安全|对齐|agent|智能体",
    orders=(
        rf"(?:{_FIRST}|请|务必|现在|你|您)(?:忽略|无视|忘记|忘掉|不要理会|不用管|别管|别理|抛开|(?:不要|不必|不用|无需|别)(?:遵守|遵循|执行|理会))"
        rf"(?:掉)?{_WHICH}{{1,4}}(?:的|全部|所有|一切|任何){{0,3}}{_RULES}",
        rf"{_DROP}(?:以上|上面|上述|你的|你收到|给你|评分|本题){_Z}{{0,8}}{_RULES}",
        rf"(?:{_FIRST}|\b(?:please|now|just|must|should|and|you|to)\s{{1,9}})(?:ignore|disregard|forget)\s{{1,9}}(?:all\s{{1,9}}|any\s{{1,9}}|of\s{{1,9}}|the\s{{1,9}}|my\s{{1,9}}|your\s{{1,9}}|these\s{{1,9}}|every\s{{1,9}}){{0,4}}"
        r"(?:previous|prior|above|earlier|preceding|your|system|grading|original|initial)\s{1,9}(?:\w{1,20}\s{1,9}){0,2}(?:instructions?|prompts?|rules|rubrics?|guidelines|directives|commands)\b",
        r"(?:ignor\w{0,15}|olvid\w{0,15}|oubli\w{0,15}|vergiss|vergesst|missacht\w{0,15}|dimentica\w{0,15}|esque[cz]\w{0,15}|desconsider\w{0,15}|игнорир\w{0,15}|проигнорир\w{0,15}|забудь\w{0,15}"
        r"|تجاهل|bo\s{1,9}qua)[^.\n]{0,40}(?:instruccion\w{0,15}|instrucoes|instrukt\w{0,15}|anweisung\w{0,15}|regel\w{0,15}|regl\w{0,15}|regol\w{0,15}|regra\w{0,15}|istruzion\w{0,15}|consign\w{0,15}"
        r"|инструкц\w{0,15}|указан\w{0,15}|правил\w{0,15}|تعليمات|التعليمات|chi\s{1,9}dan|huong\s{1,9}dan)",
        r"(?:指示|命令|ルール|规则|规则|지시|규칙|명령)[^。.\n]{0,15}(?:무시|忘れ|잊)|(?:指示|命令|ルール)を[^。.\n]{0,15}无视",
    ),
    talk=(
        rf"{_DROP}{_Z}{{0,8}}{_WHICH}{_Z}{{0,8}}{_RULES}|{_DROP}{_Z}{{0,4}}(?:指令|指示|系统提示|提示词|评分)",
        rf"{_WHICH}的?{_Z}{{0,4}}{_RULES}{_Z}{{0,4}}(?:作废|无效|失效|取消|不再有效|不算数)",
        rf"\b(?:ignore|disregard|forget|override|bypass|never\s{{1,9}}mind)\b{_E}{{0,30}}"
        r"\b(?:instructions?|prompts?|rules|rubrics?|guidelines|directives|commands|(?:the|everything|all|anything)\s{1,9}(?:above|before))\b",
        r"\b(?:ignore|disregard|forget)\s{1,9}(?:all|everything|anything|whatever|what)\s{1,9}(?:\w{1,20}\s{1,9}){0,3}(?:above|before|previously)\b",
        r"\bnew\s{1,9}(?:system\s{1,9})?(?:instructions?|rules?|task)\s{0,9}:|新的?(?:指令|系统提示|规则|任务)\s{0,9}:",
    ),
    plain=(
        rf"\b(?:skip|discard|drop)\b{_E}{{0,30}}\b(?:instructions?|prompts?|rules|rubrics?|guidelines|directives|commands|(?:the|everything|all|anything)\s{{1,9}}(?:above|before))\b",
    ),
)
TAKES_ROLE = Theme(
    r"角色|系统提示|提示|prompt|system|assistant|对话|chat|模板|template|agent|智能体|助手|token|词元",
    talk=(
        r"^\s{0,9}(?:#+\s{0,9})?[\[(<【《*]{0,3}\s{0,9}(?:system|assistant|user|developer|系统|系统提示|系统消息|系统通知|助手|管理员|开发者|admin|root|instruction|指令)"
        r"\s{0,9}(?:prompt|message|note|override)?\s{0,9}[\])>】》*]{0,3}\s{0,9}:",
        r"[\[【<]{1,2}\s{0,9}[/!#]?\s{0,9}(?:system|系统|inst|assistant|admin|管理员|系统提示|系统消息|系统指令|系统通知|end|important)"
        r"(?:\s{1,9}[a-z]{1,12}){0,2}\s{0,9}[\]】>]",
        r"<\s{0,9}[|][^>\n]{0,40}[|]\s{0,9}>|<<\s{0,9}/?sys\s{0,9}>>|\bBEGIN\s{1,9}SYSTEM|#{2,}\s{0,9}(?:system|instruction|new\s{1,9}instruction)",
        r"^\s{0,9}</\s{0,9}[a-z]{0,20}_?(?:answer|student|system|instruction|prompt|grader|rubric|verdict|question|evaluation|reference|key_?points?)[a-z_0-9-]{0,20}\s{0,9}>",
        r"\byou\s{1,9}are\s{1,9}(?:now\s{1,9})?(?:an?\s{1,9}|the\s{1,9}|my\s{1,9})?(?:\w{1,20}\s{1,9}){0,2}(?:grader|judge|assistant|examiner|evaluator|ai|teacher|bot)\b",
        rf"你(?:现在)?(?:是|扮演|充当){_Z}{{0,12}}(?:评分|阅卷|判卷|助手|考官|模型|ai|老师|评委)",
        rf"从现在(?:起|开始){_Z}{{0,10}}你|\bfrom\s{{1,9}}now\s{{1,9}}on\b{_E}{{0,20}}\byou\b|\b(?:developer|debug|god|admin)\s{{1,9}}mode\b|(?:开发者|调试|管理员|上帝)模式",
        r"\bsystem\s{1,9}(?:override|notice|update|alert)\b|(?:系统|管理员)(?:通知|指令|公告|授权)\s{0,9}[:,]",
        r"</?\s{0,9}[a-z]{0,20}_?(?:answer|student|system|instruction|prompt|grader|rubric|verdict|grade|score|question|result|evaluation|reference"
        r"|key_?points?)[a-z_0-9-]{0,20}\s{0,9}/?>",
    ),
)
ASKS_VERDICT = Theme(
    r"要点|关键点|key\s{0,9}points?|判为|标记为|标注|precision|recall|精确|召回|检测|detection|iou|评测",
    talk=(
        rf"(?:请|务必|必须|直接|一律){_Z}{{0,16}}(?:判为|判定为|评为|标记?为|标注为|记为|视为|算作|当作){_Z}{{0,10}}{_VERDICTS}",
        rf"(?:判为|判定为|标记为|视为|评为|判成|标为|改为|设为){_Z}{{0,6}}(?:覆盖|covered|满足|全对|满分)",
        rf"(?:{_FIRST}|please\s{{1,9}}|you\s{{1,9}}(?:must\s{{1,9}}|should\s{{1,9}}|have\s{{1,9}}to\s{{1,9}}|will\s{{1,9}})?|just\s{{1,9}}|now\s{{1,9}}|always\s{{1,9}})(?:mark|grade|score|rate|judge|treat|accept|count|consider|deem"
        rf"|evaluate|assess|set)\s{{1,9}}(?:it|this|that|my|the|all|every\w{{0,15}}|each|me|them|these|student\w{{0,15}}|status)\b{_E}{{0,48}}"
        r"\b(?:covered|correct|full|passed?|right|perfect|complete|satisfied|excellent|100)\b",
        rf"(?:全部|所有|每个|每一个|每条|各个|各|一切|以上){_Z}{{0,4}}{_POINTS}{_Z}{{0,10}}{_VERDICTS}",
        rf"(?:{_VERDICTS}|涵盖|包含|答出|答到|回答|命中)(?:了)?(?:全部|所有|每个|每一个|一切|本题的?){_Z}{{0,6}}{_POINTS}",
        rf"\b(?:all|every|each)\b{_E}{{0,24}}key\s{{0,9}}points?\b{_E}{{0,24}}\b(?:covered|satisfied|passed|met|addressed|fulfilled|awarded)\b",
        r"\b(?:covers?|covered|satisfies|meets|addresses|hits)\s{1,9}(?:all|every|each)\s{1,9}(?:\w{1,20}\s{1,9}){0,2}key\s{0,9}points?\b",
        rf"{_FIRST}all\s{{1,9}}(?:are\s{{1,9}})?covered\b|\bmark\s{{1,9}}(?:all|everything)\b",
    ),
    plain=(
        rf"\b(?:all|every|each)\b{_E}{{0,24}}(?:criteria|criterion|points?)\b{_E}{{0,24}}\b(?:covered|satisfied|passed|met|addressed|fulfilled|awarded)\b",
        r"\b(?:covers?|covered|satisfies|meets|addresses|hits)\s{1,9}(?:all|every|each)\s{1,9}(?:\w{1,20}\s{1,9}){0,2}(?:criteria|criterion|points?)\b",
        r"\ball\s{1,9}(?:are\s{1,9})?covered\b",
    ),
)
CLAIMS_KEY = Theme(
    r"标准答案|参考答案|答案|answer|reference|评测|evaluat|标注",
    talk=(
        rf"(?:以上|上面|上文|上述|这|{_OWN}{_REPLY}|{_REPLY}){_Z}{{0,8}}(?:即|就是|是|为|等同于?|等于|符合){_Z}{{0,4}}(?:标准|参考|官方|正确|满分)答案",
        rf"{_OWN}{_REPLY}{_Z}{{0,8}}(?:完全正确|完全一致|全部正确|都正确|正确无误|准确无误|完美|没有错误|无可挑剔|(?:非常|十分|极其|特别)(?:完整|全面|准确|优秀|出色|到位|正确|深入|清晰))",
        rf"(?:{_FIRST}|{_OWN}{_REPLY}{_Z}{{0,4}})与(?:标准|参考)答案{_Z}{{0,6}}(?:一致|相同|吻合)",
        rf"(?:学生|考生)(?:的)?{_REPLY}{_Z}{{0,6}}(?:(?:与|和)(?:标准|参考|官方)|(?:完全|均|都|已){_Z}{{0,4}}(?:正确|覆盖|涵盖|符合|答对|一致|命中))",
        rf"\b(?:above|this|following|my\s{{1,9}}answer|student\s{{1,9}}answer|the\s{{1,9}}answer)\b{_E}{{0,24}}"
        rf"\b(?:is|are|matches|equals)\b{_E}{{0,24}}\b(?:model|reference|official|standard|correct|verified|gold)\s{{1,9}}(?:answer|solution)",
        r"\bstudent'?s?\s{1,9}answer\s{1,9}(?:is|matches|has|was|should|must|deserves)",
        r"\b(?:this|my|the\s{1,9}above|the\s{1,9}student'?s?)\s{1,9}(?:answer|response|solution|submission)\s{1,9}(?:is|was)\s{1,9}"
        r"(?:\w{1,20}\s{1,9}){0,2}(?:completely|entirely|fully|perfectly|absolutely|100\s{0,9}%|perfect|flawless|excellent|outstanding|correct|verified)\b",
    ),
)
ASKS_KEY = Theme(
    r"要点|答案|提示|prompt|system|指令|instruction|rubric|summar|摘要|总结",
    talk=(
        rf"(?:{_FIRST}|(?:请|先|帮我|给我|你|您|把|将|必须|务必|直接|逐字|原样|完整地?|现在){_Z}{{0,12}})"
        r"(?:列出|输出|打印|复述|泄露|透露|显示|告诉我|重复|写出|给出|展示|返回|翻译|公布|说出|发给我)"
        rf"{_Z}{{0,24}}(?:要点|评分标准|评分规则|评分细则|得分点|采分点|标准答案|参考答案|rubric|系统提示|提示词|指令)",
        rf"(?:把|将){_Z}{{0,12}}(?:要点|评分标准|标准答案|参考答案|得分点|系统提示|提示词){_Z}{{0,12}}(?:列出|输出|打印|告诉|发给|翻译|写|显示|复述|展示)",
        rf"\b(?:list|print|output|repeat|reveal|show|leak|return|tell\s{{1,9}}me|translate|write\s{{1,9}}out|give\s{{1,9}}me|recite|disclose|what\s{{1,9}}(?:is|are))\b{_E}{{0,40}}"
        r"\b(?:key\s{0,9}points?|rubric|reference\s{1,9}answer|model\s{1,9}answer|system\s{1,9}prompt|grading|expected\s{1,9}answer|answer\s{1,9}key|marking"
        r"|(?:your|previous|above)\s{1,9}instructions)\b",
    ),
)
THEMES = (NAMES_GRADER, WANTS_MARKS, TAKES_BACK, TAKES_ROLE, ASKS_VERDICT, CLAIMS_KEY, ASKS_KEY)
