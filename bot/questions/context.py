"""What a statement needs from around it to stand alone."""

import re

from bot.questions.words import content_words, is_chinese, size

TERSE = 12
"""Below this words.size a statement leans on what stands above it."""

ASPECT = re.compile(
    r"(?:基本|核心|主要|工作)?(?:概念|定义|简介|原理|机制|作用|意义|优点|缺点|优缺点|优势|劣势|应用|应用场景|步骤|流程|特点|实现"
    r"|公式|方法|技巧|类型|种类|目标|目的|挑战|背景|结论|注意)"
)
"""A side of a topic, which is no topic itself."""

_ALIAS = re.compile(r"\s*[（(][^（）()]*[)）]")
_PRONOUN = re.compile(
    r"(?P<whole>它们|他们|它|其(?!中|他|它|实|次)|该(?:方法|技术|函数|算法|模型|机制|操作)|此(?:方法|技术|函数)"
    r"|(?i:it|they|this (?:method|technique|function))(?=\s))"
)
_POINTING = re.compile(
    r"(?:这样|这种|这些|这个|这|此时|因此|所以|从而|于是|该|那么|否则|反之|要是不|二者|两者|前者|后者|也会?|还会|是(?!否)|即|以及|并"
    r"|(?i:this|these|those|that|thus|therefore|hence|so|both|such|the former|the latter)\b)"
)
_FOLLOWING = re.compile(
    r"也|还|因此|所以|于是|从而|此时|反之|否则|这|两者|二者|前者|后者|那么|该|它|其(?!中|他|它|实|次)"
    r"|(?i:it|they|this|these|that|thus|therefore|hence|so|both|the former|the latter)\b"
)
STANDING = 10
"""From this words.size on, two sentences of which one follows from the other are checked one by one."""
_SUBJECT = re.compile(
    r"(?P<subject>[^，,。；;：:]{2,18}?)\s*(?:也|都|还|主要|通常|一般)?"
    r"(?:是(?!否)|会|可以|能够|能|通过|将|使|具有|用于|包括|包含|引入|采用|由|指|解决|做)"
    r"|(?P<english>(?:\S+\s+){1,5}?)(?=(?:is|are|was|were|can|will|has|have|uses|allows|does|may|should)\b)"
)
_NO_SUBJECT = re.compile(
    r"如果|目前|当|因此|所以|由于|为了|通过|在|但|而|因为|首先|其次|然后|最后|同时|此外|另外|并|可以|它|其|这|那|有|对|从|常见|"
    r"(?i:if|when|because|although|in|on|for|by|it|they|this|these|there|but|and|so|also)\b"
)
_ASKING = re.compile(
    r"请?(?:说明|简述|解释|介绍|谈谈|列举)(?:一下)?|为什么|为何|什么是|是什么|什么|如何|怎么样?|怎样|有?哪些|哪个|吗|呢|[？?]"
    r"|\b(?i:what|why|how|which|is|are|does|do|did|the|explain|describe|can|you)\b"
)
_MIDDLE = re.compile(r"(.{2,24}?)(?:如何|怎么|怎样|为什么|为何|什么|哪些|哪几|各有|\s(?:does|do|is|are)\s)")
_AUXILIARY = re.compile(
    r"(?:应该|应当|应|通常|常常|常|会|要|能|可以|适合|适用|分别|之间|有|是|的|被|都|中|里|很少|\s)+$"
)
_ASPECTS = re.compile(
    r"(?:之间)?的?(?:(?:主要)?(?:区别|差别|不同|相似性|作用|原理|优缺点|优点|缺点|好处|特点|公式|导数|流程|步骤|(?:设计)?思想|局限|意义|目的|范围|问题)(?:和|与)?)+$"
)
_WHETHER = re.compile(
    r"(?:是否有必要|有没有必要|有必要|是否需要|需不需要|是否应该|是否可以|能不能|可不可以|能否|是否|会不会)"
    r"(?P<what>[^？?，,]{2,40}?)(?:吗|呢)?[？?]?$"
)
_POLAR = re.compile(
    r"(?:通常|一般|往往|并)?(?:不一定|未必|不完全是?|没有?必要|没必要|有必要|不需要|需要|不应该|应该|不可以|可以|不能|能|不会|会|不是|是的|是|不|否|正确|错误|不正确|对|错|不对|(?:不)?同意|(?:不)?成立)$"
)
_POLAR_EN = re.compile(r"(?i)(?:yes|no|(?:i )?(?:dis)?agree|true|false|(?:in)?correct)$")
_EMPTY_LEAD = re.compile(
    r"以下|如下|下面|几个方面|几点|具体流程|主要体现|理由|背景|介绍|^(?:好|答案?)$"
    r"|following|below|as follows|^possible"
)


def without_alias(term: str) -> str:
    """The term without another name in brackets behind it."""
    return _ALIAS.sub("", term).strip() or term


def lead_of(words: str) -> str:
    """The words of a lead-in without its colon and numbering; empty when it only points ahead."""
    label = words.rstrip("：: 。")
    return "" if _EMPTY_LEAD.search(label) and size(label) <= 4 + TERSE else label


def under(lead: str, statement: str, question: str, *, contrasted: bool) -> str:
    """`statement` below `lead`, which is put in front where it adds words that are needed.

    Args:
        lead: Of the nearest lead-in, as lead_of gives it.
        statement: What is said below it.
        question: Readers of a key point see it, too.
        contrasted: Whether there are other leads beside this one, which it tells apart.
    """
    said = content_words(statement)
    if not lead or size(lead) > 30 or lead.lower() in statement.lower():
        return statement
    needed = content_words(lead) - said
    if not contrasted:
        needed -= content_words(question)
    if not needed or (size(lead) > 18 and size(statement) >= TERSE):
        return statement
    return f"{lead}：{statement}" if is_chinese(lead + statement) else f"{lead}: {statement}"


def subject_of(sentence: str) -> str:
    """What the sentence is about, where that can be told from its head; otherwise empty."""
    match = _SUBJECT.match(sentence)
    if not match:
        return ""
    subject = (match["subject"] or match["english"] or "").strip()
    return "" if _NO_SUBJECT.match(subject) or _POINTING.match(subject) else subject


def topic_of(question: str) -> str:
    """The term that a question asks about, as well as its words tell; empty when they do not."""
    if not is_chinese(question):
        return ""
    clause = without_alias(re.split("[，,？?]", question)[0])
    before = _MIDDLE.match(clause)
    rest = _AUXILIARY.sub("", before[1] if before else _ASKING.sub(" ", clause)).strip()
    topic = _ASPECTS.sub("", subject_of(rest) or rest).strip()
    return topic if 0 < size(topic) <= 14 else ""


def named_in(question: str, sentence: str) -> str:
    """The words at the head of the sentence that the question holds, too; empty without a term."""
    if is_chinese(sentence):
        ends = range(min(14, len(sentence)), 1, -1)
        head = next((sentence[:end] for end in ends if sentence[:end].lower() in question.lower()), "")
        return head.strip() if content_words(head) and not _NO_SUBJECT.match(head) else ""
    words = sentence.split()
    asked = f" {re.sub('[^a-z0-9 -]', ' ', question.lower())} "
    for count in range(min(5, len(words)), 0, -1):
        head = " ".join(words[:count])
        if f" {head.lower()} " in asked and content_words(head):
            return head
    return ""


def subject_of_label(label: str) -> str:
    """The term that a label names; empty when the label is a side of a topic or a clause."""
    term = without_alias(label)
    if ASPECT.fullmatch(term) or _POINTING.match(term) or _PRONOUN.match(term):
        return ""
    return subject_of(term) or (term if size(term) <= 10 and not _NO_SUBJECT.match(term) else "")


def named(sentence: str, subject: str) -> str:
    """`sentence` with the pronoun at its head replaced by `subject`."""
    match = _PRONOUN.match(sentence)
    if not match or not subject or size(subject) > 20:
        return sentence
    rest = sentence[match.end() :]
    joint = "的" if match[0] == "其" else ""
    latin = subject[-1].isascii() and not joint
    gap = " " if rest and not rest[0].isspace() and (latin or rest[0].isascii()) else ""
    return f"{subject}{joint}{gap}{rest}"


def speaks_of_it(sentence: str) -> bool:
    """Whether the sentence starts with a pronoun."""
    return bool(_PRONOUN.match(sentence))


def leans_back(sentence: str, subject: str) -> bool:
    """Whether the sentence only makes sense after the one before, whose subject is `subject`."""
    return bool(_POINTING.match(sentence) or (not subject and _PRONOUN.match(sentence)))


def follows_apart(before: str, sentence: str) -> bool:
    """Whether `sentence` only refers to the one before, and both say enough to be checked one by one."""
    return bool(_FOLLOWING.match(sentence)) and size(before) >= STANDING <= size(sentence)


def polar(sentence: str, question: str) -> str:
    """A bare yes or no with what was asked; empty when the sentence is more than that."""
    bare = sentence.strip("。.！!，, ")
    asked = _asked_in(question)
    if _POLAR_EN.match(bare):
        return f"{bare}: {asked}" if asked else bare
    if not _POLAR.match(bare):
        return ""
    what = _WHETHER.search(question)
    return f"{bare}{what['what']}" if what else f"{bare}（{asked}）" if asked else bare


def _asked_in(question: str) -> str:
    """The last sentence of the question that asks something; empty when it is long."""
    asked = [part.strip() for part in re.findall(r"[^。.？?！!]+[？?]", question)]
    last = asked[-1] if asked else question
    return last.rstrip("？? 。.") if size(last) <= 50 else ""
