"""One model's directory: its files, what is made from them, and the mark that they were verified."""

from collections.abc import Callable
from pathlib import Path

from bot.models.converting import DIRECTORY, convert
from bot.models.disk import file_sizes, sha256_of
from bot.models.manifest import Artefact, ModelFile
from bot.models.marker import Verified

MADE = 4
"""What is made of 4-bit weights takes this many times their size, at most."""


class ModelHome:
    """The place of one model.

    Args:
        directory: May be missing.
        artefact: What belongs there.
    """

    def __init__(self, directory: Path, artefact: Artefact) -> None:
        self._directory = directory
        self._artefact = artefact

    @property
    def result(self) -> Path:
        """What is used in the end: the only file, or the directory that was made."""
        return (
            self.place(self._artefact.files[0])
            if self._artefact.form == "file"
            else self._directory / DIRECTORY
        )

    @property
    def bytes_on_disk(self) -> int:
        """All files, made ones included."""
        return sum(file_sizes(self._directory))

    @property
    def bytes_when_complete(self) -> int:
        """About what `bytes_on_disk` will be."""
        fetched = self._artefact.bytes
        return fetched if self._artefact.form == "file" else fetched * (1 + MADE)

    def place(self, file: ModelFile) -> Path:
        """Where a file belongs."""
        return self._directory / file.name

    def is_complete(self) -> bool:
        """Whether everything was verified and is unchanged since; reads sizes and times only."""
        verified = self._verified()
        files_known = all(
            verified.knows(self._directory, file.name, file.sha256) for file in self._artefact.files
        )
        return files_known and (self._artefact.form == "file" or self._is_made(verified))

    def missing(self) -> list[ModelFile]:
        """Files that are not here or not what they should be; reads those without a valid mark."""
        verified = self._verified()
        missing: list[ModelFile] = []
        for file in self._artefact.files:
            if verified.knows(self._directory, file.name, file.sha256):
                continue
            if self.place(file).is_file() and sha256_of(self.place(file)) == file.sha256:
                self.mark(file)
            else:
                missing.append(file)
        return missing

    def accept(self, file: ModelFile, arrived: Path) -> None:
        """Take in a file whose hash was checked."""
        self._directory.mkdir(parents=True, exist_ok=True)
        arrived.replace(self.place(file))
        self.mark(file)

    def mark(self, file: ModelFile) -> None:
        """Remember that a file was verified as it is now."""
        self._verified().having(self._directory, file.name, file.sha256).write(self._directory)

    def finish(self) -> None:
        """Make what is used in the end, where that is not a file itself."""
        verified = self._verified()
        if self._artefact.form == "file" or self._is_made(verified):
            return
        verified = verified.without([name for name in verified.files if _is_of_made(name)])
        convert(self._directory, self.result)
        for path in sorted(self.result.rglob("*")):
            if path.is_file():
                name = path.relative_to(self._directory).as_posix()
                verified = verified.having(self._directory, name, sha256_of(path))
        verified.write(self._directory)

    def damaged(self, read: Callable[[int, int], None]) -> list[Path]:
        """Files that changed since they were verified, all read again; they lose their mark.

        Args:
            read: Told how many bytes of how many have been read.
        """
        verified = self._verified()
        names = verified.changed(self._directory, read)
        if names:
            verified.without(names).write(self._directory)
        return [self._directory / name for name in names]

    def _verified(self) -> Verified:
        return Verified.read(self._directory)

    def _is_made(self, verified: Verified) -> bool:
        made = [name for name in verified.files if _is_of_made(name)]
        weights = f"{DIRECTORY}/model.safetensors"
        return weights in made and all(verified.knows(self._directory, name) for name in made)


def _is_of_made(name: str) -> bool:
    return name.startswith(f"{DIRECTORY}/")
