"""Whether a sentence speaks of what a passage is silent about.

A model that is asked about one method and finds a fitting sentence about another one likes to put the first
for the second: nearly all words of the sentence then stand in the passage, but not its subject.
"""

import re
import unicodedata

from bot.grading.words import stem, terms

SHORT_TERM = 3
"""Characters of a term, with the mark of terms, up to which it is a word of the whole field."""
_NAME = re.compile(r"(?<![A-Za-z0-9])[A-Za-z][A-Za-z0-9]+(?![A-Za-z0-9])")
_LEADING = re.compile(r"^(?:(?:在|对于|对|当|使用|采用|the|an?|in|for|with|using)\s*)+", re.IGNORECASE)
_BETWEEN = re.compile(r"[\s\-_]+")
_CJK = re.compile(r"[\u4e00-\u9fff]")


def subjects(sentence: str) -> frozenset[str]:
    """Names in a sentence, and the term of the glossary that it begins with; synonyms are one.

    Names are words in Latin letters with a capital or a digit in them; of those in English sentences
    only what no start of a sentence explains (BN, L2, ReLU). Short terms ('模型', '训练') name nothing.
    """
    plain = unicodedata.normalize("NFKC", sentence).strip()
    least = 1 if _CJK.search(plain) else 2
    named = [
        name[0] for name in _NAME.finditer(plain) if sum(c.isupper() or c.isdigit() for c in name[0]) >= least
    ]
    found = {text for name in named for text in mentioned(name)}
    lead = _LEADING.sub("", plain).lower()
    first = {token.text for token in terms(lead)[:1] if token.kind == "term" and token.start == 0}
    return frozenset(found | {term for term in first if len(term) > SHORT_TERM})


def is_silent_about(text: str, subject: str) -> bool:
    """Whether a text has neither the subject nor a synonym; 'ResNet-50' stands for 'ResNet50'."""
    joined = _BETWEEN.sub("", unicodedata.normalize("NFKC", text).lower())
    return subject not in mentioned(text) and stem(subject) not in joined


def mentioned(text: str) -> frozenset[str]:
    """Terms of the glossary and words in Latin letters of a text; synonyms are one."""
    return frozenset(
        token.text
        for token in terms(unicodedata.normalize("NFKC", text).lower())
        if token.kind in ("term", "word")
    )
