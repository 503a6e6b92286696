"""Names of notes: each file finds its own former version, and no two notes share a name."""

import hashlib
import re
from collections.abc import Callable, Mapping, Sequence

from bot.domain.notes import Collection, Document, ParsedDocument
from bot.domain.spans import Frozen

_SUFFIX = re.compile(r"\.[A-Za-z]\w{0,8}$")


class NoteFile(Frozen):
    """A file to read."""

    data: bytes
    source: str
    """Where it came from, as shown to the user."""
    collection: Collection
    origin: str | None = None
    """Digest of the place that it stands at; None where that is not known, as of an upload."""

    @property
    def sha256(self) -> str:
        """Of the bytes, 64 hex digits."""
        return hashlib.sha256(self.data).hexdigest()


def named_apart(files: Sequence[NoteFile], stored: Sequence[Document]) -> list[NoteFile]:
    """The files under names by which each replaces its own former version and nothing else.

    A file that is stored already, from the same place or with the same content under this name, keeps the
    name that it is stored under. Any other replaces the note of its name, unless that one came from another
    place, was claimed by another file of this call, or is one of several of that name: then it is called
    "name #2.md", and so on.

    Args:
        files: In the order of the call; of two with one name and one content, one is left.
        stored: What is there.
    """
    register = _Register(stored)
    formers = register.claims(files)
    seen: set[tuple[Collection, str, str]] = set()
    named: list[NoteFile] = []
    for file, former in zip(files, formers, strict=True):
        key = (file.collection, file.source, file.sha256)
        if key not in seen:
            seen.add(key)
            named.append(register.named(file, former))
    return named


def names_told(
    read: Mapping[str, ParsedDocument], known: Mapping[str, ParsedDocument], files: Sequence[NoteFile]
) -> dict[str, tuple[str, ...]]:
    """What a report says of names: `replaced` of notes with other content than before, `renamed` of new ones.

    Args:
        read: What was read, by document id.
        known: What was stored before.
        files: As they were given, under the names that were wanted.
    """
    wanted = {file.source for file in files}
    new = [parsed.document.source for key, parsed in read.items() if key not in known]
    replaced = [
        parsed.document.source
        for key, parsed in read.items()
        if key in known and known[key].document.sha256 != parsed.document.sha256
    ]
    return {"replaced": tuple(replaced), "renamed": tuple(name for name in new if name not in wanted)}


class _Register:
    """Names that are taken, and by which notes."""

    def __init__(self, stored: Sequence[Document]) -> None:
        self._stored = {(one.collection, one.source): one for one in stored}
        self._by_origin = {one.origin: one for one in stored if one.origin}
        self._by_content: dict[tuple[Collection, str], list[Document]] = {}
        for one in stored:
            self._by_content.setdefault((one.collection, one.sha256), []).append(one)
        self._taken: set[tuple[Collection, str]] = set()

    def claims(self, files: Sequence[NoteFile]) -> list[Document | None]:
        """The stored version of each file, where it is known for sure; none is claimed twice."""
        formers = [self._by_origin.get(file.origin) if file.origin else None for file in files]
        self._taken = {(one.collection, one.source) for one in formers if one}
        for fits in (_exactly, _numbered_like, _at_the_end):
            for place, file in enumerate(files):
                formers[place] = formers[place] or self._alike(file, fits)
        return formers

    def named(self, file: NoteFile, former: Document | None) -> NoteFile:
        """The file under its name, which is taken from now on."""
        name = former.source if former else self._free(file)
        self._taken.add((file.collection, name))
        same = former is not None and former.sha256 == file.sha256
        origin = file.origin or (former.origin if former and same else None)
        return file.model_copy(update={"source": name, "origin": origin})

    def _alike(self, file: NoteFile, fits: Callable[[Document, str], bool]) -> Document | None:
        """A stored note with this very content under a name that fits."""
        for one in self._by_content.get((file.collection, file.sha256), ()):
            place = (one.collection, one.source)
            if place not in self._taken and fits(one, file.source):
                self._taken.add(place)
                return one
        return None

    def _free(self, file: NoteFile) -> str:
        number = 1
        while not self._may_take(file, name := _numbered(file.source, number)):
            number += 1
        return name

    def _may_take(self, file: NoteFile, name: str) -> bool:
        if (file.collection, name) in self._taken:
            return False
        known = self._stored.get((file.collection, name))
        if known is None:
            return True
        if name != file.source or len({known.origin, file.origin} - {None}) > 1:
            return False
        others = (one for place, one in self._stored.items() if place not in self._taken)
        return not any(_numbered_like(one, name) for one in others if one.collection == file.collection)


def _numbered(name: str, number: int) -> str:
    if number == 1:
        return name
    suffix = _SUFFIX.search(name)
    at = suffix.start() if suffix else len(name)
    return f"{name[:at]} #{number}{name[at:]}"


def _exactly(document: Document, wanted: str) -> bool:
    return document.source == wanted


def _numbered_like(document: Document, wanted: str) -> bool:
    """Whether the name is the wanted one with a number."""
    number = re.search(r" #(\d+)(?:\.\w+)?$", document.source)
    return number is not None and document.source == _numbered(wanted, int(number[1]))


def _at_the_end(document: Document, wanted: str) -> bool:
    """Whether a release that kept no places may have named this very file from a folder further in."""
    return document.origin is None and wanted.endswith(f"/{document.source}")
