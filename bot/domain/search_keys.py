"""Text as it is searched and compared; what is shown and quoted is never rewritten."""

import re
import unicodedata

_MARKDOWN = re.compile(r"!?\[([^\]\n]*)\]\([^)\n]*\)")
_MARKS = re.compile(r"[*_`#>~|\\]+")
_INVISIBLE = re.compile(r"[\u200b-\u200f\u2060\ufeff\u00ad]")
_SPACE = re.compile(r"\s+")
_PUNCTUATION = str.maketrans(
    {"。": ".", "、": ",", "“": '"', "”": '"', "‘": "'", "’": "'", "•": "-", "·": "-"}
)


def search_key(text: str) -> str:
    """NFKC, lower case, no white space, Markdown marks or invisible characters, one form of punctuation.

    Two passages that differ only in how they were typed have equal keys.
    """
    folded = unicodedata.normalize("NFKC", _INVISIBLE.sub("", text)).lower()
    plain = _MARKS.sub("", _MARKDOWN.sub(r"\1", folded))
    return _SPACE.sub("", plain).translate(_PUNCTUATION)
