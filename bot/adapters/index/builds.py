"""Folders of builds, and the pointer that says which one readers use."""

import os
import re
import shutil
from collections.abc import Sequence
from pathlib import Path
from secrets import token_hex

from pydantic import ValidationError

from bot.domain.errors import StorageBroken
from bot.domain.spans import Frozen
from bot.seams import IndexBuild

POINTER = "CURRENT"
OWNER = "OWNER"
BUILD = "build.json"

Stamp = tuple[int, int]


class Entry(Frozen):
    """One finished build."""

    name: str
    """Of its folder; never used twice, even for equal build ids."""
    vectors: str
    """VectorPlace.name of the place its vectors are in."""
    dimension: int


class Pointer(Frozen):
    """Which builds are in use."""

    current: Entry
    previous: Entry | None = None
    """Kept for readers that are in the middle of a query, until the build after."""

    @property
    def names(self) -> list[str]:
        """Folders to keep."""
        return [entry.name for entry in (self.current, self.previous) if entry]


class BuildFolders:
    """home/index: one folder for each build, made aside and switched to by replacing one small file."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def stamp(self) -> Stamp | None:
        """Changes whenever the pointer does; None before the first build."""
        try:
            found = (self.root / POINTER).stat()
        except FileNotFoundError:
            return None
        return found.st_mtime_ns, found.st_ino

    def pointer(self) -> Pointer | None:
        """The pointer as it is now, None before the first build.

        Raises:
            StorageBroken: It is there and cannot be read.
        """
        try:
            return Pointer.model_validate_json((self.root / POINTER).read_bytes())
        except FileNotFoundError:
            return None
        except ValidationError as error:
            raise StorageBroken("store.index_broken", folder=self.root, why=POINTER) from error

    def new(self, build_id: str) -> str:
        """Make an empty folder for a build; returns its name."""
        name = f"{re.sub(r'[^0-9A-Za-z-]', '', build_id)[:64]}-{token_hex(4)}"
        (self.root / name).mkdir(parents=True)
        return name

    def read(self, name: str) -> IndexBuild:
        """The build in a folder.

        Raises:
            FileNotFoundError: It was swept away.
            StorageBroken: It is there and cannot be read.
        """
        try:
            return IndexBuild.model_validate_json((self.root / name / BUILD).read_bytes())
        except ValidationError as error:
            raise StorageBroken("store.index_broken", folder=self.root, why=BUILD) from error

    def switch(self, entry: Entry, build: IndexBuild) -> Pointer:
        """Write the build's own file, then let readers go to it; returns the new pointer."""
        write_whole(self.root / entry.name / BUILD, build.model_dump_json())
        old = self.pointer()
        pointer = Pointer(current=entry, previous=old.current if old else None)
        write_whole(self.root / POINTER, pointer.model_dump_json())
        return pointer

    def keep_only(self, names: Sequence[str]) -> None:
        """Delete all other builds, unfinished ones included."""
        if self.root.is_dir():
            for path in self.root.iterdir():
                if path.is_dir() and path.name not in names:
                    shutil.rmtree(path, ignore_errors=True)

    def owner(self) -> str:
        """16 hex digits that no other home directory has, made once."""
        file = self.root / OWNER
        if not file.exists():
            self.root.mkdir(parents=True, exist_ok=True)
            write_whole(file, token_hex(8))
        return file.read_text("ascii")


def write_whole(file: Path, text: str) -> None:
    """Write a file so that it is there with all of `text` or, whatever happens, as it was before."""
    draft = file.with_name(f"{file.name}.{token_hex(4)}.tmp")
    try:
        with draft.open("w", encoding="utf-8") as out:
            out.write(text)
            out.flush()
            os.fsync(out.fileno())
        draft.replace(file)
    finally:
        draft.unlink(missing_ok=True)
