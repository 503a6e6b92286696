"""The questions that attacks are made on, and how texts are made from them."""

import random
from collections.abc import Sequence

from bot.domain.spans import Frozen
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
_PLACEHOLDER_STARTS = ("kp", "reference", "answer_", "wrong", "partial", "filler", "corpus")


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


def fill(template: str, item: AttackItem, target: int = 0) -> str | None:
    """A template from elsewhere with its placeholders filled, or None where one is not known."""
    other = item.points[(target + 1) % len(item.points)]
    turned = [item.negated[target] if place == target else point for place, point in enumerate(item.points)]
    filler = FILLER_ZH if item.lang == "zh" else FILLER_EN
    values = {
        "question": item.question,
        "wrong": item.wrong,
        "kp": item.points[target],
        "kp_neg": item.negated[target],
        "other_kp": other,
        "kps_terms": " ".join(key_terms(item)),
        "reference": item.reference,
        "partial": item.partial,
        "reference_with_kp_negated": item.join(turned),
        "reference_with_two_terms_swapped": item.swapped,
        "reference_sentences_reversed": item.join(item.points[::-1]),
        "reference_with_typos": mistyped(item.reference),
        "reference_paraphrased": item.paraphrase,
        "reference_in_english": item.english,
        "corpus_passage_verbatim": item.reference,
        "filler_300": (filler * 8)[:300],
        "wrong_with_adverbs": ADVERBS[item.lang] + item.wrong,
    }
    for name, value in values.items():
        template = template.replace("{" + name + "}", value)
    return None if any("{" + word in template for word in _PLACEHOLDER_STARTS) else template
