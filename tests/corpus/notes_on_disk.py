"""The shipped notes, read for the corpus tests."""

import re
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import yaml

CORPUS = Path(__file__).parents[2] / "corpus"
_FRONT_MATTER = re.compile(r"\A---\n(.*?)\n---\n", re.DOTALL)
_FENCED = re.compile(r"^```.*?^```[^\n]*$", re.DOTALL | re.MULTILINE)
_INLINE_CODE = re.compile(r"`[^`\n]*`")


@dataclass(frozen=True)
class Note:
    """One file of the corpus."""

    path: Path

    @property
    def name(self) -> str:
        return self.path.name

    @property
    def english(self) -> bool:
        return self.name.endswith(".en.md")

    @cached_property
    def raw(self) -> str:
        return self.path.read_text(encoding="utf-8")

    @cached_property
    def front_matter(self) -> dict[str, object]:
        match = _FRONT_MATTER.match(self.raw)
        return yaml.safe_load(match.group(1)) if match else {}

    @cached_property
    def body(self) -> str:
        return _FRONT_MATTER.sub("", self.raw)

    @cached_property
    def prose(self) -> str:
        """The body without code, so that marks in code do not count."""
        return _INLINE_CODE.sub("", _FENCED.sub("", self.body))

    @cached_property
    def sections(self) -> list[tuple[str, str]]:
        """(heading without marks, text up to the next heading), in order."""
        parts = re.split(r"^#{1,6} +(.+)$", _FENCED.sub("", self.body), flags=re.MULTILINE)
        return list(zip(parts[1::2], (text.strip() for text in parts[2::2]), strict=True))

    @cached_property
    def answered(self) -> list[tuple[str, str]]:
        """The question headings with their answers."""
        return [(heading, text) for heading, text in self.sections if heading.endswith(("?", "？"))]


NOTES = [Note(path) for path in sorted(CORPUS.glob("*.md"))]
