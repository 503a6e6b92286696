"""Parts of a line: sentences, a label before a colon, halves that each stand alone, enumerations."""

import re

from bot.questions.words import content_words, is_chinese, plain, size

_OPEN, _CLOSE = "([{（【「『“《", ")]}）】」』”》"
_FULL_STOPS = "。！？!?；;…"
_ENGLISH_STOP = re.compile(r"\.(?=\s+[\"'(\[*]*[A-Z\u4e00-\u9fff])")
_ABBREVIATION = re.compile(r"(?:\b(?:e\.g|i\.e|etc|vs|cf|al|Fig|Eq|No|Dr|approx)|\b[A-Z])$")
_SKIP = re.compile(r"!\[[^\]\n]*\]\([^)\n]*\)|\$[^$\n]+\$|\\\(.*?\\\)|`[^`\n]*`")
_LABEL = re.compile(
    r"(?P<label>(?:[^：:，,。；;！？!?\n(（]|[(（][^()（）\n]{0,40}[)）]){1,30}?)\s*(?:[：:](?!//|\d)|——)\s*(?=\S)"
)
_PIECES = re.compile(r"\s*(?:[；;、，,]|\s/\s)\s*(?:and\s+|or\s+|以及|且|和(?=\S))?")
_LEAD = re.compile(
    r".{0,24}?(?:(?:包括|分为|分成|包含|是指|主要有|还要看|还有|有(?:以下|如下))(?:[^：:、；;，,]{0,8}[：:])?|[：:]|——)\s*"
    r"|[^,;:]{0,60}?\b(?:includes?|consists? of|comprises?|are)(?:\s*:|\s+the following:?)?\s+"
    r"(?=[^,;]{2,40}[,;])"
)
_SORTS = re.compile(r"分为|分成|包括|包含|[组构]成|主要有|主要是指|\b(?:includes?|consists? of|comprises?)\b")
_MADE_OF = re.compile(r".{0,40}?由(?!于)(?P<parts>.{4,}?)(?:组成|构成)的?[。.]?")
_HOW_MANY = re.compile(
    r"[两二三四五六七八九十几\d](?:大)?(?:类|种|个|项|点|方面|部分|步|阶段)(?:方式|方法|形式)?"
)
_NO_ENTRY = "即如其用由在把将对先从做去"
"""Begins a clause, not an entry."""
_COUNTED = re.compile(r"(?:[一二三四五六七八九]是|另?一(?:类|种|个|方面)?(?:是|为))\s*")
_TAIL = re.compile(
    r"(?:等等|等方法|等|(?:这)?[两二三四五六七八九十几](?:种|类|个)(?:方式|方法)?|etc\.?)?\s*[。.；;]*$"
)
_TURN_ZH = re.compile(r"[，,]\s*(?=(?:并且|而且|同时|另外|此外|但是|但|而|且|并|反之|不过)?)")
_TURN_WORD = re.compile(r"并且|而且|同时|另外|此外|但是|但|而|不过")
_CONTRAST = re.compile(r"训练[^，,]*[，,]\s*(?:而)?(?:在)?(?:测试|推理|预测|推断)")
_STEP_ZH = re.compile(r"[，,]\s*(?=(?:再|最后|然后|接着|随后)[^，,。]{3,})")
_CLAUSE_ZH = re.compile(r"如果|若|当|由于|因为|虽然|不仅|不但|既|只要|只有|一旦|除非|无论")
LONG = 40
"""From this words.size on, a sentence of several steps is more than one key point."""
_TURN_EN = re.compile(r",\s+(?:and|but|while|whereas)\s+|;\s+|\s+and\s+also\s+")
_VERB_EN = re.compile(r"\b(?:is|are|was|were|can|will|has|have|does|do|[a-z]{3,}(?:s|ed))\b")


def sentence_spans(raw: str, start: int, end: int) -> list[tuple[int, int]]:
    """Sentences of raw[start:end], trimmed; none is cut inside brackets, code or a formula."""
    found: list[tuple[int, int]] = []
    cursor, place, depth = start, start, 0
    while place < end:
        if skipped := _SKIP.match(raw, place, end):
            place = skipped.end()
            continue
        char = raw[place]
        depth = max(0, depth + (char in _OPEN) - (char in _CLOSE))
        place += 1
        if depth == 0 and _stops(raw, place - 1, start):
            while place < end and raw[place] in _FULL_STOPS + _CLOSE + "\"'*":
                place += 1
            found.append((cursor, place))
            cursor = place
    found.append((cursor, end))
    return [span for begin, stop in found if (span := _trimmed(raw, begin, stop))]


def _stops(raw: str, place: int, start: int) -> bool:
    if raw[place] == "…":
        return raw[place + 1 : place + 3].lstrip()[:1] not in (",", "，", "、")
    if raw[place] in _FULL_STOPS:
        return True
    return bool(_ENGLISH_STOP.match(raw, place)) and not _ABBREVIATION.search(raw, start, place)


def _trimmed(raw: str, start: int, end: int) -> tuple[int, int] | None:
    while start < end and raw[start].isspace():
        start += 1
    while end > start and raw[end - 1].isspace():
        end -= 1
    return (start, end) if any(char.isalnum() for char in raw[start:end]) else None


def label_of(text: str) -> tuple[str, int] | None:
    """What stands before a colon at the head of `text`, plain, and where the rest begins."""
    match = _LABEL.match(text)
    if not match or size(match["label"]) > 24 or match["label"].count("$") % 2:
        return None
    tail = text[match.end() :]
    closing = len(tail) - len(tail.lstrip("* "))
    return (plain(match["label"]), match.end() + closing) if tail.strip("* ") else None


def enumeration(text: str) -> list[str]:
    """Items of a sentence that only enumerates, at least two; empty when it says more."""
    made_of = _MADE_OF.fullmatch(text)
    body = made_of["parts"] if made_of else _TAIL.sub("", text)
    while lead := _LEAD.match(body):
        body = body[lead.end() :]
    parts = _outside_brackets(body)
    counted = any(_COUNTED.match(part) for part in parts)
    pieces = [_COUNTED.sub("", part, count=1) for part in parts]
    pieces = [piece for piece in pieces if piece and not _HOW_MANY.fullmatch(piece)]
    if pieces and size(pieces[-1]) <= 20:
        pieces[-1:] = [part for part in re.split(r"以及|和|及|\sand\s", pieces[-1]) if part]
    commas = bool(re.search("[，,]", body)) and not counted
    longest = 12 if not commas else 8 if body == _TAIL.sub("", text) else 14
    whole = all(0 < size(piece) <= longest and (made_of or piece[0] not in _NO_ENTRY) for piece in pieces)
    return pieces if whole and len(pieces) >= 2 + commas else []


def has_lead(text: str) -> bool:
    """Whether the sentence announces what it enumerates."""
    return bool(_LEAD.match(text))


def sorts(text: str) -> bool:
    """Whether the sentence says what something consists of or is divided into."""
    return bool(_SORTS.search(text))


def _outside_brackets(text: str) -> list[str]:
    found, cursor = [""], 0
    while cursor < len(text):
        depth = _depth(found[-1])
        match = _PIECES.match(text, cursor) if depth == 0 else None
        if match and match.end() > cursor:
            found.append("")
            cursor = match.end()
        else:
            found[-1] += text[cursor]
            cursor += 1
    return [piece.strip() for piece in found]


def _depth(text: str) -> int:
    return sum(char in _OPEN for char in text) - sum(char in _CLOSE for char in text)


def halves(raw: str, start: int, end: int) -> list[tuple[int, int]]:
    """The sentence at start:end, in two where a conjunction joins statements that each stand alone."""
    sentence = raw[start:end]
    chinese = is_chinese(sentence)
    for turn in (_TURN_ZH if chinese else _TURN_EN).finditer(sentence):
        left, right = sentence[: turn.start()], sentence[turn.end() :]
        if _depth(left) == 0 and (_stands_zh(left, right) if chinese else _stands_en(left, right)):
            return [(start, start + turn.start()), (start + turn.end(), end)]
    return _steps(raw, start, end) if chinese else [(start, end)]


def _steps(raw: str, start: int, end: int) -> list[tuple[int, int]]:
    """A long Chinese sentence, at the commas where a further step begins."""
    sentence = raw[start:end]
    if size(plain(sentence)) < LONG or _CLAUSE_ZH.match(sentence):
        return [(start, end)]
    for turn in _STEP_ZH.finditer(sentence):
        left, right = sentence[: turn.start()], sentence[turn.end() :]
        if _depth(left) == 0 and left.count("$") % 2 == 0 and size(left) >= 12 and size(right) >= 10:
            return [(start, start + turn.start()), *_steps(raw, start + turn.end(), end)]
    return [(start, end)]


def _stands_zh(left: str, right: str) -> bool:
    """Whether both halves are long enough and the right one starts with a conjunction and its own subject."""
    if size(left) >= 8 <= size(right) and _CONTRAST.match(left + "，" + right):
        return True
    turn = _TURN_WORD.match(right)
    if (
        not turn
        or size(left) < 10
        or size(right) < 12
        or re.match(r"当|如果|由于|因为|虽然|不仅|不但|既", left)
    ):
        return False
    head = right[turn.end() : turn.end() + 12].strip()
    latin = re.match(r"[A-Za-z][\w-]*", head)
    if latin:
        return True
    return bool(content_words(head[:4]) & content_words(left))


def _stands_en(left: str, right: str) -> bool:
    if len(left.split()) < 4 or len(right.split()) < 4 or re.match(r"(?i)(if|when|because|although)\b", left):
        return False
    first = " ".join(right.split()[:5])
    return bool(_VERB_EN.search(" ".join(first.split()[1:]))) and bool(_VERB_EN.search(left))
