"""Everything a passage states, each statement with the place where it stands."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from bot.domain.spans import Span
from bot.questions.choices import Choice, choices_in
from bot.questions.context import (
    TERSE,
    lead_of,
    leans_back,
    named,
    polar,
    under,
)
from bot.questions.lines import Kind, Line, lines_of
from bot.questions.outline import Node, outline
from bot.questions.parts import FILLER, Part, parts_of
from bot.questions.sentence_parts import label_of, sentence_spans
from bot.questions.words import plain, size

LONGEST = 400
"""Characters of a statement of the notes; a reference keeps longer ones."""
_EXAMPLE = re.compile(r"(?:例如|比如|譬如|举例|举个例子|如：)|(?i:for example|for instance|e\.g\.)")
_EXTRA_LABEL = re.compile(
    r"^(?:应用|典型应用|优势|变种|变体|替代方案|历史|发展|提出|补充|备注|注意?|扩展|拓展|背景|applications?|history|notes?)$",
    re.IGNORECASE,
)
_RESTATED = re.compile(
    r"通俗(?:地|来)?(?:说|讲)|换句话说|也就是说|简单来说|总之|综上|总结|总的来说"
    r"|(?i:in other words|in short|in summary|alternatively)"
)
_HISTORY = re.compile(r"(?:于|在)?\s?(?:19|20)\d\d\s?年|最早由|由.{1,12}提出")
_PRAISE = re.compile(r"(?:至关重要|不可或缺|(?:非常|十分|很)重要)[^，,。]{0,10}[。.]?$")
_ALSO_RIGHT = re.compile(
    r"\b(?:is|are) also (?:acceptable|accepted|valid|correct|fine|sufficient)\b"
    r"|\b(?:can|may) be (?:accepted|rounded)\b|也(?:算对|可得分|给分|正确|可以得分)",
    re.IGNORECASE,
)
_MARKS = re.compile(
    r"\s*[（(\[【]\s*(?P<marks>\d+(?:\.\d+)?)\s*(?:分|points?|pts?\.?|marks?|p)\s*[)）\]】]\s*[。.]?"
    r"|^(?P<first>\d+(?:\.\d+)?)\s*(?:分|points?|pts?|marks?|P)\s*(?:for\b|[:：])\s*",
    re.IGNORECASE,
)
_CONNECTOR = re.compile(
    r"^(?:(?:这样|而(?!且)|但是?|并且|而且|同时|另外|此外|不过|其次|然后|首先|最后|所以|因此|于是)[，,]?\s*"
    r"|(?:介绍|解释|答)[:：]\s*|[还也](?=要|可|应|有|会|能|支持)"
    r"|(?:Additionally|Further(?:more)?|Moreover|However|Also|Therefore|Thus|Hence|Finally),?\s+)"
)


@dataclass(frozen=True, slots=True)
class Statement:
    """One thing that is said, in words that stand alone, and where."""

    text: str
    said: str
    """Without the lead-in above it."""
    start: int
    end: int
    region: int
    """Which of the passage's spans it stands in."""
    node: int
    """Which line it comes from."""
    rank: int
    """0 for the main sentence of its line, 1 for the next one, and so on."""
    item: bool
    """Whether it is an entry of a list."""
    extra: bool
    """An example, an application, a piece of history, a repetition."""
    group: int = 0
    """Which of the passage's main parts it belongs to."""
    choice: Choice | None = None
    """Set where only some of several alternatives are needed."""
    marks: float = 0.0
    """What the passage itself says it is worth; 0 where it says nothing."""


@dataclass(frozen=True, slots=True)
class _Above:
    """What stands above a line."""

    lead: str = ""
    contrasted: bool = False
    """Whether other leads stand beside this one, which it tells apart."""
    extra: bool = False
    choice: Choice | None = None


def statements_of(question: str, raw: str, spans: Sequence[Span], longest: int = LONGEST) -> list[Statement]:
    """All statements of the passage at `spans` of `raw`, in order, filler left out, none over `longest`."""
    found = list(_Reader(question, raw, longest).read(outline(question, raw, lines_of(raw, spans))))
    if all(s.marks for s in found if not s.extra):
        return found
    return [replace(s, marks=0.0) for s in found]


class _Reader:
    """Walks the outline and says what each line says."""

    def __init__(self, question: str, raw: str, longest: int) -> None:
        self._question = question
        self._raw = raw
        self._longest = longest
        self._lines = 0
        self._choices: Mapping[int, Choice] = {}

    def read(self, root: Node) -> Iterator[Statement]:
        """Statements of the whole outline; a lone title at its head is no part of its own."""
        self._choices = choices_in(root, self._question)
        tops = root.children
        while (
            len(tops) == 1 and tops[0].is_title and tops[0].children and not self._before_lead(tops[0].line)
        ):
            tops = tops[0].children
        contrasted = self._contrast(tops)
        for group, top in enumerate(tops):
            for statement in self._node(top, _Above(), contrasted=contrasted):
                yield replace(statement, group=group)

    def _is_empty_title(self, node: Node) -> bool:
        return node.is_title and bool(node.children) and self._before_lead(node.line) is None

    def _contrast(self, nodes: Sequence[Node]) -> bool:
        """Whether at least two of the nodes name parts of the answer."""
        return sum(bool(node.children and node.is_title) or self._names_asked(node) for node in nodes) > 1

    def _names_asked(self, node: Node) -> bool:
        label = label_of(node.words)
        return label is not None and label[0].lower() in self._question.lower()

    def _node(self, node: Node, above: _Above, *, contrasted: bool) -> Iterator[Statement]:
        line = node.line
        if line is None or (len(node.words) <= 60 and FILLER.search(node.words)):
            return
        above = replace(above, choice=self._choices.get(id(node), above.choice))
        own = label_of(node.words)
        heads = node.is_title or line.kind is Kind.HEADING
        title = lead_of(node.words) if heads else own[0] if own else ""
        extra = above.extra or (bool(_EXTRA_LABEL.match(title)) and title not in self._question)
        if self._speaks(line) and not node.is_lead and not (node.children and heads):
            yield from self._line(line, replace(above, extra=extra), contrasted=contrasted)
        elif node.is_lead and node.children and (head := self._before_lead(line)):
            yield from self._line(head, replace(above, extra=extra), contrasted=contrasted)
            title = ""
        below = _Above(title, contrasted, extra, above.choice) if title else replace(above, extra=extra)
        among = self._contrast(node.children)
        for child in node.children:
            yield from self._node(child, below, contrasted=among)

    def _speaks(self, line: Line) -> bool:
        """Whether the line says something: text, an entry, or code that stands among the text."""
        bare_code = line.kind is Kind.CODE and self._raw[line.start] not in "`~"
        return bare_code or line.kind in (Kind.TEXT, Kind.ITEM)

    def _before_lead(self, line: Line | None) -> Line | None:
        """The sentences of the line before the one that announces what stands below it; None without any."""
        if line is None or line.kind not in (Kind.TEXT, Kind.ITEM):
            return None
        places = sentence_spans(self._raw, line.start, line.end)
        return replace(line, end=places[-2][1]) if len(places) > 1 else None

    def _line(self, line: Line, above: _Above, *, contrasted: bool) -> Iterator[Statement]:
        self._lines += 1
        label = label_of(plain(self._raw[line.start : line.end]))
        parts = parts_of(self._raw, line, self._question)
        listed = self._is_list(parts)
        rank = 0
        for i, part in enumerate(parts):
            said = plain(self._raw[part.start : part.end])
            text = self._worded(said, part.subject, above)
            if label and listed:
                text = under(
                    lead_of(label[0]), _without(label[0], text), self._question, contrasted=contrasted
                )
            elif i and label and (leans_back(text, "") or size(text) < TERSE):
                text = under(label[0], text, "", contrasted=True)
            if not text:
                continue
            text = _cut(text, self._longest)
            aside = above.extra or _is_aside(said)
            entry = listed or line.kind is Kind.ITEM
            found = Statement(text, said, part.start, part.end, line.region, self._lines, rank, entry, aside)
            yield _with_marks(replace(found, choice=above.choice))
            rank += not aside and not listed and self._raw[part.end - 1] in "。.！!"

    def _is_list(self, parts: Sequence[Part]) -> bool:
        """Whether the line enumerates: parts between semicolons, or at least three short ones."""
        if len(parts) > 1 and all(self._raw[part.end - 1] in "；;" for part in parts[:-1]):
            return True
        return len(parts) > 2 and all(
            size(plain(self._raw[part.start : part.end])) <= TERSE for part in parts
        )

    def _worded(self, said: str, subject: str, above: _Above) -> str:
        words = said.strip("；;，,。 ").removesuffix(".").strip()
        if not any(char.isalnum() for char in words):
            return ""
        if answer := polar(words, self._question):
            return answer
        full = _CONNECTOR.sub("", named(words, subject))
        return under(above.lead, full, self._question, contrasted=above.contrasted)


def _cut(text: str, longest: int) -> str:
    """The text up to the last mark within `longest` characters."""
    if len(text) <= longest:
        return text
    stop = max(text.rfind(mark, longest // 2, longest) for mark in "，,；;。. ")
    return text[: stop if stop > 0 else longest].rstrip("，,；;。. ")


def _with_marks(statement: Statement) -> Statement:
    """The statement without the marks that somebody wrote beside it for whoever grades."""
    marks = _MARKS.search(statement.text)
    if not marks or not (worth := float(marks["marks"] or marks["first"])):
        return statement
    text, said = (_MARKS.sub("", words).strip(" ，,;；。") for words in (statement.text, statement.said))
    return replace(statement, text=text, said=said, marks=worth) if text else statement


def _is_aside(said: str) -> bool:
    return bool(
        _ALSO_RIGHT.search(said)
        or _EXAMPLE.match(said)
        or _RESTATED.match(said)
        or _HISTORY.search(said)
        or _PRAISE.search(said)
    )


def _without(label: str, text: str) -> str:
    """`text` without the label at its head."""
    own = label_of(text)
    return text[own[1] :] if own and own[0] == label else text
