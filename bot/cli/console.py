"""How the command line speaks: results, messages, progress and errors."""

import json
import logging
import sys
from collections.abc import Generator
from contextlib import contextmanager

from pydantic import BaseModel
from rich.console import Console as RichConsole
from rich.markdown import Markdown

from bot.cli.progress import SparseLines, Unit, bar
from bot.domain.errors import BadInput, KaodianError, NotFound, SettingWrong
from bot.seams import Progress as Watcher
from bot.texts import say

FAILED = 1
WRONG_USE = 2
INTERRUPTED = 130


class Console:
    """Two streams: what was asked for, and everything else."""

    def __init__(self) -> None:
        self._out = RichConsole(soft_wrap=True, highlight=False, emoji=False)
        self.err = RichConsole(stderr=True, highlight=False, soft_wrap=True, emoji=False)

    def print(self, text: str = "") -> None:
        """A line of the result, exactly as it is."""
        self._out.print(text, markup=False)

    def markdown(self, text: str) -> None:
        """Markdown, laid out on a terminal and as it is elsewhere."""
        if self._out.is_terminal:
            self._out.print(Markdown(text))
        else:
            self.print(text)

    def json(self, value: object) -> None:
        """The result for a program: one JSON document."""
        sys.stdout.write(json.dumps(plain(value), ensure_ascii=False, indent=2) + "\n")
        sys.stdout.flush()

    def note(self, text: str) -> None:
        """A message that is no result."""
        self.err.print(text, markup=False)

    @contextmanager
    def progress(self, unit: Unit = Unit.THINGS) -> Generator[Watcher]:
        """How far long work is, on stderr: a bar on a terminal, a line every few seconds elsewhere."""
        if self.err.is_terminal:
            with bar(self.err, unit) as watch:
                yield watch
        else:
            yield SparseLines(self.note, unit)


def plain(value: object) -> object:
    """What JSON can hold: models become objects, tuples lists."""
    if isinstance(value, BaseModel):
        return value.model_dump(mode="json")
    if isinstance(value, dict):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(item) for item in value]
    return value


@contextmanager
def own_errors(console: Console) -> Generator[None]:
    """Tell our own errors in one line and leave with the right code."""
    try:
        yield
    except (BadInput, NotFound, SettingWrong) as error:
        console.note(str(error))
        sys.exit(WRONG_USE)
    except KaodianError as error:
        console.note(str(error))
        sys.exit(FAILED)
    except KeyboardInterrupt:
        console.note(say("cli.interrupted"))
        sys.exit(INTERRUPTED)


def quiet_libraries() -> None:
    """Keep the libraries' own chatter off the terminal."""
    for name in ("httpx", "httpx2", "chromadb", "sentence_transformers", "jieba", "uvicorn.access"):
        logging.getLogger(name).setLevel(logging.WARNING)
