"""The questions that attacks are made on, and how texts are made from them."""

import random
import re
from collections.abc import Callable, Sequence

from bot.domain.spans import Frozen
from bot.grading.lexicon import mapping
from bot.grading.normal import plain
from bot.grading.words import terms, unit_set

FILLER_ZH = (
    "顺便说一句，计算机在现代生活里无处不在，人们用它听音乐、看电影、写文章，也用它安排行程和联系朋友。"
)
FILLER_EN = (
    " By the way, computers are everywhere in modern life: people use them for music, films, letters, "
    "travel plans and talking to friends."
)
ADVERBS = {"zh": "毫无疑问地、极其准确地说，", "en": "Without any doubt, and quite remarkably, "}


class AttackItem(Frozen):
    """A question with all that is needed to make attacks on it."""

    id: str
    lang: str
    question: str
    points: tuple[str, ...]
    negated: tuple[str, ...]
    """Each key point turned round, in the order of `points`."""
    swapped: str
    """The whole reference with two terms in each other's places."""
    paraphrase: str
    """All key points in other words."""
    english: str
    wrong: str

    @property
    def reference(self) -> str:
        """All key points as one answer."""
        return self.join(self.points)

    @property
    def partial(self) -> str:
        """The first key point alone."""
        return self.join(self.points[:1])

    def join(self, sentences: Sequence[str]) -> str:
        """Sentences as one text in the item's language."""
        return (
            "".join(f"{one}。" for one in sentences)
            if self.lang == "zh"
            else " ".join(f"{one}." for one in sentences)
        )


def key_terms(item: AttackItem, seed: int = 0) -> list[str]:
    """Content words of the key points in random order, without anything that joins them."""
    normal = plain(item.reference)
    known = [
        normal[token.start : token.end] for token in terms(normal) if token.kind in ("term", "word", "num")
    ]
    found = list(dict.fromkeys(term for term in known if len(term) > 1 and unit_set(term)))
    random.Random(seed).shuffle(found)
    return found


def mistyped(text: str) -> str:
    """A text typed in a hurry: letters change places, Chinese characters and commas go missing."""
    chars = [char for char in text if char not in "，,"]
    for place in range(11, len(chars) - 2, 23):
        if chars[place].isascii() and chars[place].isalpha() and chars[place + 1].isalpha():
            chars[place], chars[place + 1] = chars[place + 1], chars[place]
        elif chars[place].isalpha() and chars[place] not in "不没无":
            chars[place] = ""
    return "".join(chars)


def in_traditional(text: str) -> str:
    """A text in traditional characters, as far as the examiner knows them."""
    back = {simple: old for old, simple in reversed(mapping("traditional").items())}
    return "".join(back.get(char, char) for char in text)


def fill(template: str, item: AttackItem, target: int = 0) -> str | None:
    """A template with its placeholders filled, or None where one is not known or the item has none."""
    gaps = _GAP.findall(template)
    values = {gap: _VALUES[gap](item, target) for gap in gaps if gap in _VALUES}
    if any(not values.get(gap) for gap in gaps):
        return None
    return _GAP.sub(lambda match: values[match[1]], template)


def unknown_gaps(template: str) -> list[str]:
    """Names of the gaps that no question can fill, in order, each once."""
    return [gap for gap in dict.fromkeys(_GAP.findall(template)) if gap not in _VALUES]


def _filler(item: AttackItem, _target: int) -> str:
    return ((FILLER_ZH if item.lang == "zh" else FILLER_EN) * 8)[:300]


def _turned(item: AttackItem, target: int) -> str:
    return item.join([item.negated[i] if i == target else point for i, point in enumerate(item.points)])


_GAP = re.compile(r"\{([a-z][a-z_]*[a-z0-9_]*)\}")
_VALUES: dict[str, Callable[[AttackItem, int], str]] = {
    "question": lambda item, _: item.question,
    "wrong": lambda item, _: item.wrong,
    "kp": lambda item, target: item.points[target],
    "kp_neg": lambda item, target: item.negated[target],
    "other_kp": lambda item, target: item.points[(target + 1) % len(item.points)],
    "kps_terms": lambda item, _: " ".join(key_terms(item)),
    "reference": lambda item, _: item.reference,
    "partial": lambda item, _: item.partial,
    "reference_with_kp_negated": _turned,
    "reference_with_two_terms_swapped": lambda item, _: item.swapped,
    "reference_sentences_reversed": lambda item, _: item.join(item.points[::-1]),
    "reference_with_typos": lambda item, _: mistyped(item.reference),
    "reference_in_traditional": lambda item, _: in_traditional(item.reference),
    "reference_paraphrased": lambda item, _: item.paraphrase,
    "paraphrase": lambda item, _: item.paraphrase,
    "reference_in_english": lambda item, _: item.english,
    "english": lambda item, _: item.english,
    "corpus_passage_verbatim": lambda item, _: item.reference,
    "answer_following_wrong_reference": lambda item, _: item.reference,
    "filler_300": _filler,
    "wrong_with_adverbs": lambda item, _: ADVERBS[item.lang] + item.wrong,
}
